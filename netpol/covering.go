// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"slices"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/netpol/internal/space"
)

// maxCompared bounds the work on one policy where each of its parts is compared
// with each: beyond this many parts in a direction such checks stay silent. The
// largest object that a cluster stores could hold some ten thousand.
const maxCompared = 1000

// An allowance is one peer of a rule on one of its ports: a rule allows the
// product of both lists.
type allowance struct {
	rule       trafficRule
	ofRule     int // index among the rules of the direction
	peer, port int // index in the rule's lists; 0 in an empty one
	with       space.Peer
	on         space.Ports
}

// covers says no where b is about no port: kube-apiserver refuses such a range, and
// [Invalid] says so.
func (a allowance) covers(b allowance) bool {
	return !b.on.Empty() && a.on.Covers(b.on) && a.with.Covers(b.with)
}

// allowancesOf returns the effective rules of a direction and what they allow,
// without what kube-apiserver refuses and what allows nothing. Of more than
// maxCompared allowances it returns none.
func allowancesOf(np *networkingv1.NetworkPolicy, direction networkingv1.PolicyType) (rules []trafficRule, all []allowance) {
	for rule := range effectiveRules(np) {
		if rule.direction != direction {
			continue
		}
		if len(all)+max(1, len(rule.peers))*max(1, len(rule.ports)) > maxCompared {
			return nil, nil
		}
		entries := portEntries(rule.ports)
		for i, with := range peerEntries(np.Namespace, rule.peers) {
			if with.Empty() {
				continue
			}
			for j, on := range entries {
				all = append(all, allowance{rule, len(rules), i, j, with, on})
			}
		}
		rules = append(rules, rule)
	}
	return rules, all
}

// peerEntries returns what each peer of a rule stands for, nobody for one that
// kube-apiserver refuses, and everyone if there are no peers.
func peerEntries(namespace string, peers []networkingv1.NetworkPolicyPeer) []space.Peer {
	if len(peers) == 0 {
		return []space.Peer{space.Everyone()}
	}
	out := make([]space.Peer, len(peers))
	for i, peer := range peers {
		out[i], _ = space.PeerOf(namespace, peer)
	}
	return out
}

// portEntries returns what each port of a rule stands for, and every port if there
// are none.
func portEntries(ports []networkingv1.NetworkPolicyPort) []space.Ports {
	if len(ports) == 0 {
		return []space.Ports{space.EveryPort()}
	}
	out := make([]space.Ports, len(ports))
	for i, port := range ports {
		out[i] = space.PortOf(port)
	}
	return out
}

// eachCovered reports whether each of the narrow is covered by a single one of the
// wide.
func eachCovered[S interface{ Covers(S) bool }](wide, narrow []S) bool {
	return !slices.ContainsFunc(narrow, func(n S) bool {
		return !slices.ContainsFunc(wide, func(w S) bool { return w.Covers(n) })
	})
}

// coveringOf returns for each allowance the index of one that covers it and is not
// itself covered, or its own index. Of two that cover each other the first counts.
func coveringOf(all []allowance) []int {
	out := make([]int, len(all))
	for i := range all {
		out[i] = i
		for j := range all {
			if j != i && all[j].covers(all[i]) && (j < i || !all[i].covers(all[j])) {
				out[i] = j
				break
			}
		}
	}
	for i := range out {
		// Every step leads to a wider allowance, or to an equal one that stands
		// before, so that the walk ends.
		for out[i] != out[out[i]] {
			out[i] = out[out[i]]
		}
	}
	return out
}

// indexesOf returns the indexes of the allowances of a rule.
func indexesOf(all []allowance, rule int) []int {
	var out []int
	for i, a := range all {
		if a.ofRule == rule {
			out = append(out, i)
		}
	}
	return out
}
