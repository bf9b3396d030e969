// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"strings"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// EveryAddress is a rule whose blocks hold every address of a family, those of
// pods and nodes included.
const EveryAddress = "netpol/every-address"

func everyAddressRule(p *bulkhead.Pass) {
	for np := range bulkhead.Each[*networkingv1.NetworkPolicy](p.Objects) {
		for rule := range effectiveRules(np) {
			blocks := blocksOf(rule.peers)
			families := blocks.openFamilies()
			if len(families) == 0 || onlyDNS(rule.ports) {
				continue
			}
			var names []string
			for _, family := range families {
				names = append(names, family.name)
			}
			inside := "nodes and, where the dataplane matches them, pods of every namespace"
			if _, found := metadataIn(blocks.allowed); found && isMetadataRule(rule) {
				inside = "nodes, the cloud's metadata server and, where the dataplane matches them, pods of every namespace"
			}
			p.Reportf(np, rule.peersPath(), "cut the private ranges out with except, or list the addresses that are meant", "%s",
				flowWords(np, rule, "every "+strings.Join(names, " and ")+" address: that is the outside, and "+inside))
		}
	}
}
