// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"iter"

	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
)

// A shadow is a rule of a ClusterNetworkPolicy that never applies, and the first
// rule that decides all of its connections earlier.
type shadow struct {
	policy        tierPolicy
	rule          readRule
	earlierPolicy tierPolicy
	earlier       readRule
	// accepted says that the earlier rule accepts, and that nothing asked before it
	// could deny or pass a part.
	accepted bool
}

// by names the earlier rule.
func (s shadow) by() string {
	if s.policy.Name == s.earlierPolicy.Name {
		return s.earlier.String()
	}
	return s.earlier.String() + " of " + bulkhead.RefTo(s.earlierPolicy).String()
}

// shadows yields the rules that never apply.
func shadows(objs []bulkhead.Object) iter.Seq[shadow] {
	return func(yield func(shadow) bool) {
		for _, t := range readTiers(objs) {
			for _, p := range t.policies {
				for _, rule := range p.rules {
					if s, found := t.shadowOf(p, rule); found && !yield(s) {
						return
					}
				}
			}
		}
	}
}

func (t tier) shadowOf(p tierPolicy, rule readRule) (shadow, bool) {
	for policy, earlier := range t.before(p, rule) {
		if p.subject.within(policy.subject) && rule.within(earlier.traffic) {
			accepts := policy.decision(earlier) == policyv1alpha2.ClusterNetworkPolicyRuleActionAccept
			return shadow{p, rule, policy, earlier, accepts && !t.contested(p, rule, policy, earlier)}, true
		}
	}
	return shadow{}, false
}

// contested reports whether some connections of rule may be denied or passed
// before the rule accept of the policy by is asked. Of policies of one priority
// either may be first.
func (t tier) contested(p tierPolicy, rule readRule, by tierPolicy, accept readRule) bool {
	for _, i := range t.beside(p) {
		other := t.policies[i]
		if other.Spec.Priority > by.Spec.Priority {
			return false
		}
		rules := other.rules
		if other.ClusterNetworkPolicy == by.ClusterNetworkPolicy {
			rules = rules[:accept.at]
		}
		for _, r := range rules {
			if r.direction == rule.direction && other.decision(r) != policyv1alpha2.ClusterNetworkPolicyRuleActionAccept &&
				rule.meets(r.traffic, true) && !p.subject.apart(other.subject) {
				return true
			}
		}
	}
	return false
}
