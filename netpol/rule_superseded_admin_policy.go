// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	policyv1alpha1 "sigs.k8s.io/network-policy-api/apis/v1alpha1"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
)

// SupersededAdminPolicy is an AdminNetworkPolicy or BaselineAdminNetworkPolicy,
// which ClusterNetworkPolicy has replaced.
const SupersededAdminPolicy = "netpol/superseded-admin-policy"

func supersededAdminPolicy(p *bulkhead.Pass) {
	const message = "a cluster set up with network-policy-api v0.2.0 does not serve the kind and refuses the object, so that its rules hold nowhere there"
	byPriority := make(map[int32][]*policyv1alpha1.AdminNetworkPolicy)
	for anp := range bulkhead.Each[*policyv1alpha1.AdminNetworkPolicy](p.Objects) {
		p.Reportf(anp, nil, "write it as a ClusterNetworkPolicy of tier Admin", message)
		for _, other := range byPriority[anp.Spec.Priority] {
			if mayDisagree(anp, other) {
				p.Reportf(anp, specPath().Child("priority"), "give the policies different priorities",
					"%s has priority %d too and other actions, both can select the same pods, and the dataplane may follow either",
					bulkhead.RefTo(other), anp.Spec.Priority)
				break // one is enough to see it
			}
		}
		byPriority[anp.Spec.Priority] = append(byPriority[anp.Spec.Priority], anp)
	}
	for banp := range bulkhead.Each[*policyv1alpha1.BaselineAdminNetworkPolicy](p.Objects) {
		p.Reportf(banp, nil, "write it as a ClusterNetworkPolicy of tier Baseline", message)
	}
}

// mayDisagree reports whether two policies can select the same pods and have rules
// of one direction whose actions differ. What the rules are about is not compared.
func mayDisagree(a, b *policyv1alpha1.AdminNetworkPolicy) bool {
	one, oneOK := adminSubject(a)
	other, otherOK := adminSubject(b)
	if !oneOK || !otherOK || one.apart(other) {
		return false
	}
	for _, r := range a.Spec.Ingress {
		for _, s := range b.Spec.Ingress {
			if r.Action != s.Action {
				return true
			}
		}
	}
	for _, r := range a.Spec.Egress {
		for _, s := range b.Spec.Egress {
			if r.Action != s.Action {
				return true
			}
		}
	}
	return false
}

// adminSubject returns false for a subject that the server refuses or whose
// selectors do not compile.
func adminSubject(anp *policyv1alpha1.AdminNetworkPolicy) (podSpace, bool) {
	namespaces, pods := anp.Spec.Subject.Namespaces, (*policyv1alpha2.NamespacedPod)(anp.Spec.Subject.Pods)
	valid := (namespaces == nil) != (pods == nil) && len(unusableSelector(namespaces, specPath()))+len(unusablePods(pods, specPath())) == 0
	if !valid {
		return podSpace{}, false
	}
	return podSpaceOf(namespaces, pods), true
}
