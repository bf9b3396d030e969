// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"slices"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol/internal/space"
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
			for _, rule := range blockRules(groups) {
				blocks := blocksOf(rule.peers)
				if blocks.isOpen() {
					continue // EveryAddress asks for a list of what is meant
				}
				switch own := blocks.named; {
				case own.Covers(ipv4.every) && !anyNamed(groups, ipv6.every):
					reportFamily(p, np, rule, ipv4, ipv6)
				case own.Covers(ipv6.every) && !anyNamed(groups, ipv4.every):
					reportFamily(p, np, rule, ipv6, ipv4)
				}
			}
		}
	}
}

// blockRules returns the rules on whose ports no other rule allows everyone, without
// those about name resolution alone; none if there are too many to compare.
func blockRules(groups []portGroup) []trafficRule {
	var out []trafficRule
	for i, group := range groups {
		_, everyone := openTo(groups, i)
		if !everyone && !onlyDNS(group.rules[0].ports) && len(groups) <= maxGroups {
			out = append(out, group.rules...)
		}
	}
	return out
}

// anyNamed reports whether blocks of the groups name any of the addresses.
func anyNamed(groups []portGroup, some space.Addresses) bool {
	return slices.ContainsFunc(groups, func(g portGroup) bool { return g.blocks.named.Overlaps(some) })
}

func reportFamily(p *bulkhead.Pass, np *networkingv1.NetworkPolicy, rule trafficRule, has, lacks addressFamily) {
	p.Reportf(np, rule.peersPath(), "name the addresses of "+lacks.name+" as well", "%s",
		flowWords(np, rule, "every address of "+has.name+" and none of "+lacks.name+
			": in a cluster with both, connections over "+lacks.name+" hang until they time out"))
}

func bothDirections() []networkingv1.PolicyType {
	return []networkingv1.PolicyType{networkingv1.PolicyTypeIngress, networkingv1.PolicyTypeEgress}
}
