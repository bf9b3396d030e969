// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"iter"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/netpol/internal/space"
)

// A tierSelector is a label selector of a ClusterNetworkPolicy.
type tierSelector struct {
	*metav1.LabelSelector
	at         *field.Path
	part       string // the subject or a peer, for a message
	namespaces bool   // its labels are those of namespaces, not of pods or nodes
}

// contradiction returns a key of which more is asked than any value can meet.
func (s tierSelector) contradiction() (key string, found bool) {
	if s.namespaces {
		namespaces, _ := space.NamespacesOf(s.LabelSelector)
		return namespaces.Contradiction()
	}
	labels, _ := space.LabelsOf(s.LabelSelector)
	return labels.Contradiction()
}

// tierSelectors yields the selectors of a policy, those of the subject first.
func tierSelectors(cnp *policyv1alpha2.ClusterNetworkPolicy) iter.Seq[tierSelector] {
	return func(yield func(tierSelector) bool) {
		end := func(part string, at *field.Path, namespaces *metav1.LabelSelector, pods *policyv1alpha2.NamespacedPod) bool {
			if namespaces != nil && !yield(tierSelector{namespaces, at.Child("namespaces"), part, true}) {
				return false
			}
			at = at.Child("pods")
			return pods == nil || yield(tierSelector{&pods.NamespaceSelector, at.Child("namespaceSelector"), part, true}) &&
				yield(tierSelector{&pods.PodSelector, at.Child("podSelector"), part, false})
		}
		if !end("the subject", specPath().Child("subject"), cnp.Spec.Subject.Namespaces, cnp.Spec.Subject.Pods) {
			return
		}
		for rule := range tierRules(cnp) {
			for i, peer := range rule.peers {
				at := rule.peersPath().Index(i)
				if !end("the peer", at, peer.Namespaces, peer.Pods) ||
					peer.Nodes != nil && !yield(tierSelector{peer.Nodes, at.Child("nodes"), "the peer", false}) {
					return
				}
			}
		}
	}
}
