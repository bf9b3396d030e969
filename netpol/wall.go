// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/internal/workload"
	"github.com/watertight-go/watertight/netpol/internal/space"
)

// A wall is one side of a Deny rule of a ClusterNetworkPolicy: the pods that it
// keeps something from, or that it keeps from others.
type wall struct {
	policy           string
	home             string // the namespace that the pods are confined to, or ""
	namespaces, pods labels.Selector
}

// wallsOf returns the sides of a policy's Deny rules that name their pods by a
// label. A side of every namespace, or of all but some, is a rule of conduct for
// the cluster and no wall around anything.
func wallsOf(cnp *policyv1alpha2.ClusterNetworkPolicy) []wall {
	var out []wall
	add := func(namespaces *metav1.LabelSelector, pods *policyv1alpha2.NamespacedPod) {
		if w, ok := wallAround(cnp.Name, namespaces, pods); ok {
			out = append(out, w)
		}
	}
	for rule := range tierRules(cnp) {
		if rule.action != policyv1alpha2.ClusterNetworkPolicyRuleActionDeny {
			continue
		}
		if len(out) == 0 {
			add(cnp.Spec.Subject.Namespaces, cnp.Spec.Subject.Pods)
		}
		for _, peer := range rule.peers {
			add(peer.Namespaces, peer.Pods)
		}
	}
	return out
}

func wallAround(policy string, namespaces *metav1.LabelSelector, pods *policyv1alpha2.NamespacedPod) (wall, bool) {
	around, ok := space.ClusterPodsOf(namespaces, pods)
	podSelector := &metav1.LabelSelector{}
	if pods != nil {
		namespaces, podSelector = &pods.NamespaceSelector, &pods.PodSelector
	}
	if namespaces == nil || !ok || len(around.Namespaces.Required())+len(around.Labels.Required()) == 0 {
		return wall{}, false
	}
	return wall{policy, homeOf(around.Namespaces), compile(namespaces), compile(podSelector)}, true
}

// means reports whether the selectors match a workload's pods, as far as the set
// shows the labels of their namespace.
func (w wall) means(n neighbours, pods workload.Workload) bool {
	matches, known := n.inNamespaces(pods.Object.GetNamespace(), w.namespaces)
	return matches && known && pods.Matches(w.pods)
}
