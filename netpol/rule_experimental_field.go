// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
)

// ExperimentalField is a peer that only the experimental definition of
// ClusterNetworkPolicy knows.
const ExperimentalField = "netpol/experimental-field"

func experimentalField(p *bulkhead.Pass) {
	const fix = "install the experimental definition, or select by networks"
	const message = "a cluster with the standard definition does not know %s and refuses the whole policy, so that none of its rules hold there"
	for cnp := range bulkhead.Each[*policyv1alpha2.ClusterNetworkPolicy](p.Objects) {
		for rule := range tierRules(cnp) {
			for i, peer := range rule.peers {
				at := rule.peersPath().Index(i)
				if peer.Nodes != nil {
					p.Reportf(cnp, at.Child("nodes"), fix, message, "nodes")
				}
				if peer.DomainNames != nil && rule.action == policyv1alpha2.ClusterNetworkPolicyRuleActionAccept { // else UnusableClusterPolicy speaks
					p.Reportf(cnp, at.Child("domainNames"), fix, message, "domainNames")
				}
			}
		}
	}
}
