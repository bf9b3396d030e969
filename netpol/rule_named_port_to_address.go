// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"slices"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// NamedPortToAddress is an egress rule to addresses on a port by name, which only
// pods have.
const NamedPortToAddress = "netpol/named-port-to-address"

func namedPortToAddress(p *bulkhead.Pass) {
	for np := range bulkhead.Each[*networkingv1.NetworkPolicy](p.Objects) {
		for rule := range effectiveRules(np) {
			if rule.direction != networkingv1.PolicyTypeEgress || !onlyBlocks(rule.peers) {
				continue
			}
			for i, port := range rule.ports {
				if name, ok := portName(port); ok {
					p.Reportf(np, rule.portsPath().Index(i).Child("port"), "name the port by its number",
						"the entry lets nothing through: the peers are addresses, and only a pod gives the name %s to a port",
						name)
				}
			}
		}
	}
}

func onlyBlocks(peers []networkingv1.NetworkPolicyPeer) bool {
	return len(peers) > 0 && !slices.ContainsFunc(peers, func(peer networkingv1.NetworkPolicyPeer) bool {
		return peer.IPBlock == nil
	})
}
