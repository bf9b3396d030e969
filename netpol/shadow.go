// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"iter"
	"sync"

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
	// accepted says that the rule denies and the earlier one accepts, and that
	// nothing asked before could deny or pass a part.
	accepted bool
}

// by names the earlier rule.
func (s shadow) by() string {
	if s.policy.obj.GetName() == s.earlierPolicy.obj.GetName() {
		return s.earlier.String()
	}
	return s.earlier.String() + " of " + bulkhead.RefTo(s.earlierPolicy.obj).String()
}

// shadows yields the rules that never apply.
func shadows(objs []bulkhead.Object) iter.Seq[shadow] {
	return func(yield func(shadow) bool) {
		for _, t := range readTiers(objs) {
			for _, p := range t.policies {
				holding := t.holding(p)
				sharing := sync.OnceValue(func() []tierPolicy { return t.sharing(p) })
				for _, rule := range p.rules {
					if s, found := shadowOf(holding, p, rule); found {
						s.accepted = s.denyBelowAccept() && !s.contested(sharing())
						if !yield(s) {
							return
						}
					}
				}
			}
		}
	}
}

// shadowOf looks for the first rule of the policies that decides all of rule of p.
func shadowOf(policies []tierPolicy, p tierPolicy, rule readRule) (shadow, bool) {
	for policy, earlier := range before(policies, p, rule) {
		if rule.within(earlier.traffic) {
			return shadow{policy: p, rule: rule, earlierPolicy: policy, earlier: earlier}, true
		}
	}
	return shadow{}, false
}

func (s shadow) denyBelowAccept() bool {
	return s.rule.action == policyv1alpha2.ClusterNetworkPolicyRuleActionDeny &&
		s.earlierPolicy.decision(s.earlier) == policyv1alpha2.ClusterNetworkPolicyRuleActionAccept
}

// contested reports whether some connections of the rule may be denied or passed
// before the earlier one is asked. Of policies of one priority either may be first.
func (s shadow) contested(policies []tierPolicy) bool {
	for _, other := range policies {
		if other.spec.Priority > s.earlierPolicy.spec.Priority {
			return false
		}
		rules := other.rules
		if other.spec == s.earlierPolicy.spec {
			rules = rules[:s.earlier.at]
		}
		for _, r := range rules {
			if r.direction == s.rule.direction && other.decision(r) != policyv1alpha2.ClusterNetworkPolicyRuleActionAccept &&
				s.rule.meets(r.traffic, true) {
				return true
			}
		}
	}
	return false
}
