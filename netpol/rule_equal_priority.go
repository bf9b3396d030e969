// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"fmt"
	"slices"
	"sync"

	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
)

// EqualPriority is a pair of ClusterNetworkPolicies, or of AdminNetworkPolicies, that
// disagree about connections and have one priority, so that the dataplane may follow
// either.
const EqualPriority = "netpol/equal-priority"

func equalPriority(p *bulkhead.Pass) {
	for _, t := range readTiers(p.Objects) {
		reportDisagreements(p, t, fmt.Sprintf("of tier %s", t.policies[0].spec.Tier), "accept")
	}
	if t, ok := readAdminTier(p.Objects); ok {
		reportDisagreements(p, t, "as AdminNetworkPolicies", "allow")
	}
}

// reportDisagreements reports the policies of a tier; accept is its word for that.
func reportDisagreements(p *bulkhead.Pass, t tier, of, accept string) {
	word := func(r readRule) string {
		if r.action == policyv1alpha2.ClusterNetworkPolicyRuleActionAccept {
			return accept
		}
		return verb(r.action)
	}
	reported := make([]bool, len(t.policies)) // one other policy is enough to see it
	for i, a := range t.policies {
		for _, j := range t.beside(a) {
			b := t.policies[j]
			if j <= i || reported[j] || b.spec.Priority != a.spec.Priority || !a.subject.Overlaps(b.subject) {
				continue
			}
			if one, other, found := disagreement(a, b); found {
				reported[j] = true
				p.Reportf(b.obj, specPath().Child("priority"), "give the policies different priorities",
					"%s would %s what %s of %s would %s, both have priority %d %s, and the dataplane may follow either",
					other, word(other), one, bulkhead.RefTo(a.obj), word(one), b.spec.Priority, of)
			}
		}
	}
}

// disagreement returns the first pair of rules that decide a connection in
// different ways. A rule that the other policy has taken care of above does not
// count.
func disagreement(a, b tierPolicy) (readRule, readRule, bool) {
	inA := sync.OnceValue(func() []int { return deciders(b.rules, a.rules) })
	inB := sync.OnceValue(func() []int { return deciders(a.rules, b.rules) })
	for _, one := range a.rules {
		for _, other := range b.rules {
			if one.direction == other.direction && a.decision(one) != b.decision(other) && one.meets(other.traffic, false) &&
				inB()[one.at] >= other.at && inA()[other.at] >= one.at {
				return one, other, true
			}
		}
	}
	return readRule{}, readRule{}, false
}

// deciders returns for each of the rules the position of the first in others that
// decides all that it is about, or their number.
func deciders(rules, others []readRule) []int {
	out := make([]int, len(rules))
	for i, rule := range rules {
		out[i] = slices.IndexFunc(others, func(r readRule) bool {
			return r.direction == rule.direction && rule.within(r.traffic)
		})
		if out[i] < 0 {
			out[i] = len(others)
		}
	}
	return out
}
