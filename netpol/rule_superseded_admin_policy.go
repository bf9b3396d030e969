// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"maps"

	policyv1alpha1 "sigs.k8s.io/network-policy-api/apis/v1alpha1"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol/internal/space"
)

// SupersededAdminPolicy is an AdminNetworkPolicy or BaselineAdminNetworkPolicy,
// which ClusterNetworkPolicy has replaced.
const SupersededAdminPolicy = "netpol/superseded-admin-policy"

func supersededAdminPolicy(p *bulkhead.Pass) {
	const message = "a cluster set up with network-policy-api v0.2.0 does not serve the kind and refuses the object, so that its rules hold nowhere there"
	byPriority := make(map[int32][]adminPolicy)
	for anp := range bulkhead.Each[*policyv1alpha1.AdminNetworkPolicy](p.Objects) {
		p.Reportf(anp, nil, "write it as a ClusterNetworkPolicy of tier Admin", message)
		policy, ok := readAdminPolicy(anp)
		if !ok || len(byPriority[anp.Spec.Priority]) == maxCompared {
			continue
		}
		for _, other := range byPriority[anp.Spec.Priority] {
			if policy.mayDisagree(other) {
				p.Reportf(anp, specPath().Child("priority"), "give the policies different priorities",
					"%s has priority %d too and other actions, both can select the same pods, and the dataplane may follow either",
					bulkhead.RefTo(other.obj), anp.Spec.Priority)
				break // one is enough to see it
			}
		}
		byPriority[anp.Spec.Priority] = append(byPriority[anp.Spec.Priority], policy)
	}
	for banp := range bulkhead.Each[*policyv1alpha1.BaselineAdminNetworkPolicy](p.Objects) {
		p.Reportf(banp, nil, "write it as a ClusterNetworkPolicy of tier Baseline", message)
	}
}

// An adminPolicy is an AdminNetworkPolicy with its subject and the actions of its
// rules.
type adminPolicy struct {
	obj             *policyv1alpha1.AdminNetworkPolicy
	subject         space.Pods
	ingress, egress map[policyv1alpha1.AdminNetworkPolicyRuleAction]bool
}

// readAdminPolicy returns false for a policy whose subject the server refuses or
// whose selectors do not compile.
func readAdminPolicy(anp *policyv1alpha1.AdminNetworkPolicy) (adminPolicy, bool) {
	namespaces, pods := anp.Spec.Subject.Namespaces, (*policyv1alpha2.NamespacedPod)(anp.Spec.Subject.Pods)
	valid := (namespaces == nil) != (pods == nil) && len(unusableSelector(namespaces, specPath()))+len(unusablePods(pods, specPath())) == 0
	if !valid {
		return adminPolicy{}, false
	}
	out := adminPolicy{
		obj:     anp,
		subject: podsOf(namespaces, pods),
		ingress: make(map[policyv1alpha1.AdminNetworkPolicyRuleAction]bool),
		egress:  make(map[policyv1alpha1.AdminNetworkPolicyRuleAction]bool),
	}
	for _, r := range anp.Spec.Ingress {
		out.ingress[r.Action] = true
	}
	for _, r := range anp.Spec.Egress {
		out.egress[r.Action] = true
	}
	return out, true
}

// mayDisagree reports whether two policies can select the same pods and have rules
// of one direction whose actions differ. What the rules are about is not compared.
func (p adminPolicy) mayDisagree(other adminPolicy) bool {
	return (differ(p.ingress, other.ingress) || differ(p.egress, other.egress)) && p.subject.Overlaps(other.subject)
}

// differ reports whether two of the actions, one of each set, are not the same.
func differ(a, b map[policyv1alpha1.AdminNetworkPolicyRuleAction]bool) bool {
	return len(a) > 0 && len(b) > 0 && (len(a) > 1 || !maps.Equal(a, b))
}
