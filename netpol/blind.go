// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
)

// Blind returns the ClusterNetworkPolicy that denies every connection from pods
// of namespace to pods of hidden, on every port. It stands in the Admin tier at
// priority 0, the highest, so that no NetworkPolicy and no Admin policy of another
// priority can undo it. Replies to connections that hidden opened still pass, and
// pods on the host network are not covered: such a policy never selects them
// (network-policy-api v0.2.0, ClusterNetworkPolicySubject).
//
// The kind is an extension. A dataplane that does not implement it ignores the
// object, so that [DefaultDeny] in both namespaces stays the wall and this the
// second one.
//
// A namespace that is empty or invalid is not refused here, but by [Validate], and
// by [bulkhead.New] where it makes the name of the object invalid. Nor is a
// namespace refused that would be hidden from itself: the rule [DeniesItself]
// reports it.
func Blind(namespace, hidden string) *policyv1alpha2.ClusterNetworkPolicy {
	return &policyv1alpha2.ClusterNetworkPolicy{
		TypeMeta: metav1.TypeMeta{APIVersion: policyv1alpha2.GroupVersion.String(), Kind: "ClusterNetworkPolicy"},
		ObjectMeta: metav1.ObjectMeta{
			// A namespace has no dot in its name, so that no other pair gives this one.
			Name:   namespace + ".blind-to." + hidden,
			Labels: map[string]string{bulkhead.ManagedByLabel: bulkhead.ManagedByValue},
		},
		Spec: policyv1alpha2.ClusterNetworkPolicySpec{
			Tier:     policyv1alpha2.AdminTier,
			Priority: 0,
			Subject:  policyv1alpha2.ClusterNetworkPolicySubject{Namespaces: byName(namespace)},
			Egress: []policyv1alpha2.ClusterNetworkPolicyEgressRule{{
				Name:   "deny-" + hidden,
				Action: policyv1alpha2.ClusterNetworkPolicyRuleActionDeny,
				To:     []policyv1alpha2.ClusterNetworkPolicyEgressPeer{{Namespaces: byName(hidden)}},
			}},
		},
	}
}

func byName(namespace string) *metav1.LabelSelector {
	return &metav1.LabelSelector{MatchLabels: map[string]string{corev1.LabelMetadataName: namespace}}
}
