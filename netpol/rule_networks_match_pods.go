// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
)

// NetworksMatchPods is an Accept or Deny of every address that decides the
// connections between pods along with those to the outside.
const NetworksMatchPods = "netpol/networks-match-pods"

func networksMatchPods(p *bulkhead.Pass) {
	for _, t := range readTiers(p.Objects) {
		for _, policy := range t.policies {
			for _, rule := range policy.rules {
				if rule.action == policyv1alpha2.ClusterNetworkPolicyRuleActionPass || len(rule.pods) > 0 || t.podsDecided(policy, rule) {
					continue
				}
				for i, peer := range rule.peers {
					for j, network := range peer.Networks {
						prefix, _ := parseNetwork(network)
						if prefix.Bits() > 0 {
							continue
						}
						p.Reportf(policy, rule.peersPath().Index(i).Child("networks").Index(j), "pass the traffic to pods in a rule above",
							"the rule %s connections to every pod of the cluster as well, not only those that leave it: pods have addresses in %s",
							thirdPerson(rule.action), prefix)
					}
				}
			}
		}
	}
}

// podsDecided reports whether a rule above speaks of pods on every port that the
// rule is about: its author has told pods and other addresses apart.
func (t tier) podsDecided(p tierPolicy, rule readRule) bool {
	for policy, earlier := range t.before(p, rule) {
		if len(earlier.pods) > 0 && rule.portsWithin(earlier.traffic) && p.subject.within(policy.subject) {
			return true
		}
	}
	return false
}
