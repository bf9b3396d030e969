// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// OpenToWorld is an ingress rule without peers, which admits every source.
const OpenToWorld = "netpol/open-to-world"

func openToWorld(p *bulkhead.Pass) {
	isolated := isolationOf(p.Objects)
	for np := range bulkhead.Each[*networkingv1.NetworkPolicy](p.Objects) {
		for rule := range effectiveRules(np) {
			if rule.direction != networkingv1.PolicyTypeIngress || len(rule.peers) > 0 || undoesDenial(isolated, np, rule) {
				continue
			}
			p.Reportf(np, rule.peersPath(), "list the peers that need access", "%s",
				flowWords(np, rule, "every source: every namespace, every node and the outside"))
		}
	}
}
