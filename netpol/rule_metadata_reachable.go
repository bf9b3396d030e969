// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// MetadataReachable is an egress block that holds the address of a cloud's metadata
// server without having been made for it.
const MetadataReachable = "netpol/metadata-reachable"

func metadataReachable(p *bulkhead.Pass) {
	for np := range bulkhead.Each[*networkingv1.NetworkPolicy](p.Objects) {
		for rule := range effectiveRules(np) {
			// Where a rule names every address, EveryAddress says it.
			if !isMetadataRule(rule) || len(blocksOf(rule.peers).openFamilies()) > 0 {
				continue
			}
			for i, peer := range rule.peers {
				if peer.IPBlock == nil {
					continue
				}
				block, ok := blockAddresses(peer.IPBlock)
				server, found := metadataIn(block)
				if !ok || !found || addresses.covers(addresses{{server, server}}, block) {
					continue
				}
				p.Reportf(np, rule.peersPath().Index(i).Child("ipBlock"), "cut "+server.String()+" out with except", "%s",
					flowWords(np, rule, peer.IPBlock.CIDR+", which holds the cloud's metadata server: "+
						"unless the platform stands between, it hands them the credentials of their node"))
			}
		}
	}
}

// isMetadataRule reports whether a rule lets pods ask a metadata server, if its
// peers do.
func isMetadataRule(rule trafficRule) bool {
	return rule.direction == networkingv1.PolicyTypeEgress && reachesMetadata(rule.ports)
}
