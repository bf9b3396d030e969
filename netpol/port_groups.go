// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"fmt"
	"slices"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/netpol/internal/space"
)

// A portGroup is the rules of a direction that have the same ports.
type portGroup struct {
	entries  []space.Ports
	rules    []trafficRule
	everyone bool // a rule has no peers
	blocks   blockUnion
}

// portGroups sorts the effective rules of a direction by their ports, in order of
// the first rule of each.
func portGroups(np *networkingv1.NetworkPolicy, direction networkingv1.PolicyType) []portGroup {
	var out []portGroup
	at := make(map[string]int)
	for rule := range effectiveRules(np) {
		if rule.direction != direction {
			continue
		}
		entries := portEntries(rule.ports)
		key := fmt.Sprint(entries)
		i, found := at[key]
		if !found {
			i = len(out)
			at[key] = i
			out = append(out, portGroup{entries: entries})
		}
		out[i].rules = append(out[i].rules, rule)
		out[i].everyone = out[i].everyone || len(rule.peers) == 0
	}
	for i := range out {
		var peers []networkingv1.NetworkPolicyPeer
		for _, rule := range out[i].rules {
			peers = append(peers, rule.peers...)
		}
		out[i].blocks = blocksOf(peers)
	}
	return out
}

// openTo returns the addresses that the rules of a direction allow at least on the
// ports of group i, by the groups whose ports cover its own.
func openTo(groups []portGroup, i int) (allowed space.Addresses, everyone bool) {
	if len(groups) > maxGroups {
		return groups[i].blocks.allowed, groups[i].everyone
	}
	for j, group := range groups {
		if j == i || portsCover(group.entries, groups[i].entries) {
			allowed = allowed.Union(group.blocks.allowed)
			everyone = everyone || group.everyone
		}
	}
	return allowed, everyone
}

// portsCover reports whether each of the narrow entries is covered by a single one
// of the wide. Of long lists it says no, and of an empty entry, which kube-apiserver
// refuses.
func portsCover(wide, narrow []space.Ports) bool {
	return len(wide)*len(narrow) <= 10*maxCompared && !slices.ContainsFunc(narrow, space.Ports.Empty) && eachCovered(wide, narrow)
}

// maxGroups bounds the work of comparing each group of rules with each. In a
// policy with more of them a group stands for itself.
const maxGroups = 64
