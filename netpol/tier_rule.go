// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"fmt"
	"iter"

	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"
)

// A tierRule is an ingress or egress rule of a ClusterNetworkPolicy, in one
// shape. The peers of an ingress rule are a subset of those of an egress rule.
type tierRule struct {
	direction networkingv1.PolicyType
	path      *field.Path // of the rule, such as spec.egress[0]
	name      string
	action    policyv1alpha2.ClusterNetworkPolicyRuleAction
	peers     []policyv1alpha2.ClusterNetworkPolicyEgressPeer
	protocols []policyv1alpha2.ClusterNetworkPolicyProtocol
}

// peersPath is where the peers stand: from or to.
func (r tierRule) peersPath() *field.Path {
	if r.direction == networkingv1.PolicyTypeIngress {
		return r.path.Child("from")
	}
	return r.path.Child("to")
}

// String names the rule for a message: its name if it has one, and its path.
func (r tierRule) String() string {
	if r.name == "" {
		return r.path.String()
	}
	return fmt.Sprintf("%s (%q)", r.path, r.name)
}

// tierRules yields the rules of both directions, each in order of precedence.
func tierRules(cnp *policyv1alpha2.ClusterNetworkPolicy) iter.Seq[tierRule] {
	return func(yield func(tierRule) bool) {
		for i, r := range cnp.Spec.Ingress {
			peers := make([]policyv1alpha2.ClusterNetworkPolicyEgressPeer, len(r.From))
			for j, from := range r.From {
				peers[j] = policyv1alpha2.ClusterNetworkPolicyEgressPeer{Namespaces: from.Namespaces, Pods: from.Pods}
			}
			at := specPath().Child("ingress").Index(i)
			if !yield(tierRule{networkingv1.PolicyTypeIngress, at, r.Name, r.Action, peers, r.Protocols}) {
				return
			}
		}
		for i, r := range cnp.Spec.Egress {
			at := specPath().Child("egress").Index(i)
			if !yield(tierRule{networkingv1.PolicyTypeEgress, at, r.Name, r.Action, r.To, r.Protocols}) {
				return
			}
		}
	}
}
