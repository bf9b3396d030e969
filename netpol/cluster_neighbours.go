// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"slices"

	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/labels"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/internal/workload"
	"github.com/watertight-go/watertight/netpol/internal/space"
)

// A clusterPolicy is what rules about NetworkPolicies need to know of a
// ClusterNetworkPolicy: whom it selects and what it may decide.
type clusterPolicy struct {
	namespaces labels.Selector // nil matches none
	pods       labels.Selector // nil matches none
	decisions  map[decision]bool
}

// A decision is an action that some rule of a direction takes.
type decision struct {
	direction networkingv1.PolicyType
	action    policyv1alpha2.ClusterNetworkPolicyRuleAction
	ofAll     bool // traffic with everyone on every port
}

func clusterPolicyOf(cnp *policyv1alpha2.ClusterNetworkPolicy) clusterPolicy {
	subject := cnp.Spec.Subject
	out := clusterPolicy{namespaces: compile(subject.Namespaces), pods: labels.Everything(), decisions: make(map[decision]bool)}
	if subject.Pods != nil {
		out.namespaces, out.pods = compile(&subject.Pods.NamespaceSelector), compile(&subject.Pods.PodSelector)
	}
	for rule := range tierRules(cnp) {
		out.decisions[decision{rule.direction, rule.action, false}] = true
		if isOfAll(rule) {
			out.decisions[decision{rule.direction, rule.action, true}] = true
		}
	}
	return out
}

// isOfAll reports whether a rule is about every port and everyone: for ingress every
// namespace, beyond which such rules know nobody, for egress every IPv4 address.
func isOfAll(rule tierRule) bool {
	return len(rule.protocols) == 0 && slices.ContainsFunc(rule.peers, func(peer policyv1alpha2.ClusterNetworkPolicyEgressPeer) bool {
		if rule.direction == networkingv1.PolicyTypeEgress {
			return slices.Contains(peer.Networks, "0.0.0.0/0")
		}
		namespaces := peer.Namespaces
		if peer.Pods != nil && everyPod(&peer.Pods.PodSelector) {
			namespaces = &peer.Pods.NamespaceSelector
		}
		selected, _ := space.NamespacesOf(namespaces)
		return selected.Covers(space.AllNamespaces())
	})
}

// decidedByCluster reports whether a ClusterNetworkPolicy that selects the pods of
// w, or would if their namespace had labels that the set does not show, takes a
// decision about them.
func (n neighbours) decidedByCluster(w workload.Workload, taken decision) bool {
	for _, cnp := range n.cluster {
		if !cnp.decisions[taken] || cnp.namespaces == nil || cnp.pods == nil || !w.Matches(cnp.pods) {
			continue
		}
		if matches, _ := n.inNamespaces(w.Object.GetNamespace(), cnp.namespaces); matches {
			return true
		}
	}
	return false
}
