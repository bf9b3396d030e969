// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"iter"

	"k8s.io/apimachinery/pkg/util/validation/field"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
)

// NetworksMatchPods is an Accept or Deny of every address that decides the
// connections between pods along with those to the outside.
const NetworksMatchPods = "netpol/networks-match-pods"

func networksMatchPods(p *bulkhead.Pass) {
	for _, t := range readTiers(p.Objects) {
		for _, policy := range t.policies {
			var holding []tierPolicy
			for _, rule := range policy.rules {
				if !rule.everyIPv4 && !rule.everyIPv6 || len(rule.pods) > 0 || policy.leavesAsIs(rule) {
					continue
				}
				if holding == nil {
					holding = t.holding(policy)
				}
				if podsDecided(holding, policy, rule) {
					continue
				}
				for at, block := range everyNetwork(rule) {
					p.Reportf(policy.obj, at, "pass the traffic to pods in a rule above",
						"the rule %s connections to every pod of the cluster as well, not only those that leave it: pods have addresses in %s",
						thirdPerson(rule.action), block)
				}
			}
		}
	}
}

// everyNetwork yields each block of all addresses of a family, or the peers if only
// several blocks together are that.
func everyNetwork(rule readRule) iter.Seq2[*field.Path, string] {
	return func(yield func(*field.Path, string) bool) {
		together4, together6 := rule.everyIPv4, rule.everyIPv6
		for i, peer := range rule.peers {
			for j, network := range peer.Networks {
				prefix, _ := parseNetwork(network)
				if prefix.Bits() > 0 {
					continue
				}
				together4, together6 = together4 && !prefix.Addr().Is4(), together6 && !prefix.Addr().Is6()
				if !yield(rule.peersPath().Index(i).Child("networks").Index(j), prefix.String()) {
					return
				}
			}
		}
		if together4 && !yield(rule.peersPath(), "0.0.0.0/0, which the networks are together") {
			return
		}
		if together6 {
			yield(rule.peersPath(), "::/0, which the networks are together")
		}
	}
}

// leavesAsIs reports whether a rule decides what would come about without it: a Pass
// leaves it to others, and what the last tier does not deny is accepted.
func (p tierPolicy) leavesAsIs(rule readRule) bool {
	return rule.action == policyv1alpha2.ClusterNetworkPolicyRuleActionPass ||
		p.decision(rule) == policyv1alpha2.ClusterNetworkPolicyRuleActionAccept && p.spec.Tier == policyv1alpha2.BaselineTier
}

// podsDecided reports whether a rule above speaks of pods on every port that the
// rule is about: its author has told pods and other addresses apart.
func podsDecided(policies []tierPolicy, p tierPolicy, rule readRule) bool {
	for _, earlier := range before(policies, p, rule) {
		if len(earlier.pods) > 0 && rule.portsWithin(earlier.traffic) {
			return true
		}
	}
	return false
}
