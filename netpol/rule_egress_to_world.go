// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// EgressToWorld is an egress rule without peers, which lets pods connect to
// everything.
const EgressToWorld = "netpol/egress-to-world"

func egressToWorld(p *bulkhead.Pass) {
	isolated := isolationOf(p.Objects)
	for np := range bulkhead.Each[*networkingv1.NetworkPolicy](p.Objects) {
		for rule := range effectiveRules(np) {
			if rule.direction != networkingv1.PolicyTypeEgress || len(rule.peers) > 0 || undoesDenial(isolated, np, rule) || onlyDNS(rule.ports) {
				continue
			}
			reached := "everything: every namespace, every node and the outside"
			if reachesMetadata(rule.ports) {
				reached = "everything: every namespace, every node, the cloud's metadata server and the outside"
			}
			p.Reportf(np, rule.peersPath(), "list the peers that the pods need", "%s", flowWords(np, rule, reached))
		}
	}
}
