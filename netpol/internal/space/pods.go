// SPDX-License-Identifier: Apache-2.0

package space

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"
)

// Pods is a set of pods: those with some labels in some namespaces.
type Pods struct {
	Namespaces Namespaces
	Labels     Labels
}

// ClusterPodsOf returns what a subject or peer of a ClusterNetworkPolicy selects, by
// the fields of these names: the pods of namespaces, or pods in namespaces. It
// returns none and false if a selector does not compile.
func ClusterPodsOf(namespaces *metav1.LabelSelector, pods *policyv1alpha2.NamespacedPod) (Pods, bool) {
	out, podsOK := Pods{Labels: AllLabels()}, true
	if pods != nil {
		namespaces = &pods.NamespaceSelector
		out.Labels, podsOK = LabelsOf(&pods.PodSelector)
	}
	var ok bool
	if out.Namespaces, ok = NamespacesOf(namespaces); !ok || !podsOK {
		return Pods{}, false
	}
	return out, true
}

// Intersect returns the pods that are in both sets.
func (p Pods) Intersect(q Pods) Pods {
	return Pods{p.Namespaces.Intersect(q.Namespaces), p.Labels.Intersect(q.Labels)}
}

// Covers reports whether p asks no more than q of any key of a namespace or pod. Then
// every pod of q is in p. The reverse holds too, unless q is [Pods.Empty].
func (p Pods) Covers(q Pods) bool {
	return p.Namespaces.Covers(q.Namespaces) && p.Labels.Covers(q.Labels)
}

// Overlaps reports whether a pod may be in both sets.
func (p Pods) Overlaps(q Pods) bool {
	return p.Namespaces.Overlaps(q.Namespaces) && p.Labels.Overlaps(q.Labels)
}

// Empty reports whether no pod can be in the set.
func (p Pods) Empty() bool { return p.Namespaces.Empty() || p.Labels.Empty() }

// Size is the number of keys and values that the set is stored as.
func (p Pods) Size() int { return p.Namespaces.Size() + p.Labels.Size() }
