// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"net/netip"
	"strings"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol/internal/space"
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
				servers := metadataBeside(peer)
				if len(servers) == 0 {
					continue
				}
				all := strings.Join(servers, " and ")
				p.Reportf(np, rule.peersPath().Index(i).Child("ipBlock"), "cut "+all+" out with except", "%s",
					flowWords(np, rule, peer.IPBlock.CIDR+", which holds the cloud's metadata server ("+all+"): "+
						"unless the platform stands between, it hands them the credentials of their node"))
			}
		}
	}
}

// metadataBeside returns the metadata servers that a block holds beside other
// addresses. Those over IPv6 are unique local addresses: a block of the private
// networks that clusters choose for themselves, such as fd00::/8, is not about the
// one range among them that a cloud has taken.
func metadataBeside(peer networkingv1.NetworkPolicyPeer) []string {
	prefix, ok := blockOf(peer)
	if !ok {
		return nil
	}
	block, ok := space.BlockOf(peer.IPBlock)
	if !ok {
		return nil
	}
	const rangeOfCloud = 32 // fd00:ec2::/32, fd20:ce::/32
	ownNetworks := prefix.Bits() < rangeOfCloud && netip.MustParsePrefix("fc00::/7").Contains(prefix.Addr()) && prefix.Bits() >= 7
	var out []string
	for _, server := range metadataIn(block) {
		if !ownNetworks && !space.OneAddress(server).Covers(block) {
			out = append(out, server.String())
		}
	}
	return out
}

// isMetadataRule reports whether a rule lets pods ask a metadata server, if its
// peers do.
func isMetadataRule(rule trafficRule) bool {
	return rule.direction == networkingv1.PolicyTypeEgress && reachesMetadata(rule.ports)
}
