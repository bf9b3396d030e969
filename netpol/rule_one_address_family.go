// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// OneAddressFamily is a rule for all addresses of one family and for none of the
// other.
const OneAddressFamily = "netpol/one-address-family"

func oneAddressFamily(p *bulkhead.Pass) {
	families := addressFamilies()
	ipv4, ipv6 := families[0], families[1]
	for np := range bulkhead.Each[*networkingv1.NetworkPolicy](p.Objects) {
		for _, direction := range bothDirections() {
			groups := portGroups(np, direction)
			if len(groups) > maxGroups {
				continue
			}
			var named addresses
			for _, group := range groups {
				named = union(named, group.blocks.named)
			}
			for i, group := range groups {
				if _, everyone := openTo(groups, i); everyone {
					continue
				}
				for _, rule := range group.rules {
					if onlyDNS(rule.ports) {
						continue
					}
					own := blocksOf(rule.peers).named
					switch {
					case own.covers(ipv4.every) && len(named.and(ipv6.every)) == 0:
						reportFamily(p, np, rule, ipv4, ipv6)
					case own.covers(ipv6.every) && len(named.and(ipv4.every)) == 0:
						reportFamily(p, np, rule, ipv6, ipv4)
					}
				}
			}
		}
	}
}

func reportFamily(p *bulkhead.Pass, np *networkingv1.NetworkPolicy, rule trafficRule, has, lacks addressFamily) {
	p.Reportf(np, rule.peersPath(), "name the addresses of "+lacks.name+" as well", "%s",
		flowWords(np, rule, "every address of "+has.name+" and none of "+lacks.name+
			": in a cluster with both, connections over "+lacks.name+" hang until they time out"))
}

func bothDirections() []networkingv1.PolicyType {
	return []networkingv1.PolicyType{networkingv1.PolicyTypeIngress, networkingv1.PolicyTypeEgress}
}
