// SPDX-License-Identifier: Apache-2.0

package netpol

import networkingv1 "k8s.io/api/networking/v1"

// An allowance is one peer of a rule on one of its ports: a rule allows the
// product of both lists.
type allowance struct {
	rule       trafficRule
	ofRule     int // index among the rules of the direction
	peer, port int // index in the rule's lists; 0 in an empty one
	end        otherEnd
	entry      portEntry
}

func (a allowance) covers(b allowance) bool { return a.entry.covers(b.entry) && a.end.covers(b.end) }

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
		for i, end := range otherEnds(np.Namespace, rule.peers) {
			if end.none() {
				continue
			}
			for j, entry := range entries {
				all = append(all, allowance{rule, len(rules), i, j, end, entry})
			}
		}
		rules = append(rules, rule)
	}
	return rules, all
}

// otherEnds returns the other end of each peer, none for one that kube-apiserver
// refuses, and everyone if there are no peers.
func otherEnds(namespace string, peers []networkingv1.NetworkPolicyPeer) []otherEnd {
	if len(peers) == 0 {
		return []otherEnd{{everyone: true}}
	}
	out := make([]otherEnd, len(peers))
	for i, peer := range peers {
		if end, ok := otherEndOf(namespace, peer); ok {
			out[i] = end
		}
	}
	return out
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
