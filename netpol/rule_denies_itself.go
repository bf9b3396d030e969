// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol/internal/space"
)

// DeniesItself is a Deny rule of the Admin tier that cuts a namespace off from
// itself.
const DeniesItself = "netpol/denies-itself"

func deniesItself(p *bulkhead.Pass) {
	for _, t := range readTiers(p.Objects) {
		for _, policy := range t.policies {
			// In the Baseline tier it is a default that NetworkPolicies open.
			if policy.spec.Tier != policyv1alpha2.AdminTier || policy.home == "" || !policy.subject.Labels.Covers(space.AllLabels()) {
				continue
			}
			for _, rule := range policy.rules {
				if rule.action != policyv1alpha2.ClusterNetworkPolicyRuleActionDeny || len(rule.ports) > 0 {
					continue
				}
				for i, peer := range rule.peers {
					if policy.isItself(peer) && !t.excepted(policy, rule, peer) {
						p.Reportf(policy.obj, rule.peersPath().Index(i), "name the namespace that is meant, or accept above it what may pass",
							"no pod of %s may open a connection to another pod of it, and no NetworkPolicy can allow one: subject and peer are the same namespace",
							policy.home)
					}
				}
			}
		}
	}
}

// isItself reports whether a peer names the namespace of the subject, and all of it.
func (p tierPolicy) isItself(peer policyv1alpha2.ClusterNetworkPolicyEgressPeer) bool {
	pods := podsOf(peer.Namespaces, peer.Pods)
	return homeOf(pods.Namespaces) == p.home && pods.Covers(p.subject)
}

// excepted reports whether a rule asked before lets some connections to a peer
// through: then the denial of the rest is meant.
func (t tier) excepted(p tierPolicy, rule readRule, peer policyv1alpha2.ClusterNetworkPolicyEgressPeer) bool {
	itself := traffic{pods: []space.Pods{podsOf(peer.Namespaces, peer.Pods)}}
	for _, earlier := range before(t.sharing(p), p, rule) {
		if earlier.action != policyv1alpha2.ClusterNetworkPolicyRuleActionDeny && itself.meets(earlier.traffic, true) {
			return true
		}
	}
	return false
}
