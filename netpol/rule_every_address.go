// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"strings"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// EveryAddress is a rule whose blocks hold every address of a family, those of
// pods and nodes included, or cut out only some of the private networks.
const EveryAddress = "netpol/every-address"

func everyAddressRule(p *bulkhead.Pass) {
	for np := range bulkhead.Each[*networkingv1.NetworkPolicy](p.Objects) {
		for rule := range effectiveRules(np) {
			if onlyDNS(rule.ports) {
				continue
			}
			blocks := blocksOf(rule.peers)
			if left := blocks.privateLeft(); len(left) > 0 {
				p.Reportf(np, rule.peersPath(), "cut "+strings.Join(left, " and ")+" out as well", "%s",
					flowWords(np, rule, "every IPv4 address but some private ones: "+strings.Join(left, " and ")+
						" are still inside, where clusters have pods, nodes and services too"))
			}
			families := blocks.openFamilies()
			if len(families) == 0 {
				continue
			}
			var names []string
			for _, family := range families {
				names = append(names, family.name)
			}
			inside := "nodes and, where the dataplane matches them, pods of every namespace"
			if len(metadataIn(blocks.allowed)) > 0 && isMetadataRule(rule) {
				inside = "nodes, the cloud's metadata server and, where the dataplane matches them, pods of every namespace"
			}
			p.Reportf(np, rule.peersPath(), "cut the private ranges out with except, or list the addresses that are meant", "%s",
				flowWords(np, rule, "every "+strings.Join(names, " and ")+" address: that is the outside, and "+inside))
		}
	}
}
