// SPDX-License-Identifier: Apache-2.0

package netpol_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	policyv1alpha1 "sigs.k8s.io/network-policy-api/apis/v1alpha1"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol"
)

// A ClusterNetworkPolicy holds 50 rules at most, but nobody counts the policies,
// and all of one tier are asked in one order. No rule may compare each with each
// however many there are.
func TestWorkOnManyClusterPolicies(t *testing.T) {
	tests := map[string]struct {
		objects int
		object  func(cnp *policyv1alpha2.ClusterNetworkPolicy, i int) bulkhead.Object
	}{
		"rules about the whole cluster": {1000, func(cnp *policyv1alpha2.ClusterNetworkPolicy, i int) bulkhead.Object {
			cnp.Spec.Subject.Namespaces, cnp.Spec.Priority = &metav1.LabelSelector{}, int32(i)
			denyTeams(cnp, 1)
			return cnp
		}},
		"peers": {100, func(cnp *policyv1alpha2.ClusterNetworkPolicy, i int) bulkhead.Object {
			cnp.Spec.Subject.Namespaces, cnp.Spec.Priority = &metav1.LabelSelector{}, int32(i)
			denyTeams(cnp, 25)
			return cnp
		}},
		"one priority": {400, func(cnp *policyv1alpha2.ClusterNetworkPolicy, i int) bulkhead.Object {
			cnp.Spec.Subject.Namespaces = &metav1.LabelSelector{}
			denyTeams(cnp, 1)
			if i%2 == 0 {
				for j := range cnp.Spec.Egress {
					cnp.Spec.Egress[j].Action = policyv1alpha2.ClusterNetworkPolicyRuleActionAccept
				}
			}
			return cnp
		}},
		"policies": {10_000, func(cnp *policyv1alpha2.ClusterNetworkPolicy, i int) bulkhead.Object {
			cnp.Spec.Subject.Namespaces, cnp.Spec.Priority = &metav1.LabelSelector{}, int32(i%1000)
			return cnp
		}},
		"labels of a subject": {200, func(cnp *policyv1alpha2.ClusterNetworkPolicy, i int) bulkhead.Object {
			cnp.Spec.Priority = int32(i)
			for j := range 500 {
				cnp.Spec.Subject.Namespaces.MatchExpressions = append(cnp.Spec.Subject.Namespaces.MatchExpressions,
					metav1.LabelSelectorRequirement{Key: fmt.Sprint("key", j), Operator: metav1.LabelSelectorOpExists})
			}
			return cnp
		}},
		"old policies of one priority": {400, func(cnp *policyv1alpha2.ClusterNetworkPolicy, _ int) bulkhead.Object {
			anp := &policyv1alpha1.AdminNetworkPolicy{ObjectMeta: cnp.ObjectMeta}
			anp.Spec.Subject.Namespaces = &metav1.LabelSelector{}
			for range 100 {
				anp.Spec.Egress = append(anp.Spec.Egress, policyv1alpha1.AdminNetworkPolicyEgressRule{
					Action: policyv1alpha1.AdminNetworkPolicyRuleActionDeny,
					To:     []policyv1alpha1.AdminNetworkPolicyEgressPeer{{Namespaces: &metav1.LabelSelector{}}},
				})
			}
			return anp
		}},
		"walls around pods on the host network": {2_000, func(cnp *policyv1alpha2.ClusterNetworkPolicy, i int) bulkhead.Object {
			if i%2 == 0 {
				denyTeams(cnp, 1)
				cnp.Spec.Subject.Namespaces = &metav1.LabelSelector{}
				return cnp
			}
			pod := &corev1.Pod{ObjectMeta: cnp.ObjectMeta, Spec: corev1.PodSpec{HostNetwork: true}}
			pod.Namespace = "prod"
			return pod
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			holdGrowth(t, test.objects, netpol.Rules(), func(objects int) []bulkhead.Object {
				var objs []bulkhead.Object
				for i := range objects {
					cnp := netpol.Blind("staging", "prod")
					cnp.Name = fmt.Sprint("p", i)
					objs = append(objs, test.object(cnp, i))
				}
				return objs
			})
		})
	}
}

// Of a cluster as large as they come each rule is still judged.
func TestManyClusterPoliciesAreJudged(t *testing.T) {
	var policies []*policyv1alpha2.ClusterNetworkPolicy
	for i := range 60 {
		cnp := netpol.Blind("staging", "prod")
		cnp.Name, cnp.Spec.Priority = fmt.Sprintf("p%02d", i), int32(i)
		cnp.Spec.Subject.Namespaces = &metav1.LabelSelector{}
		denyTeams(cnp, 1)
		policies = append(policies, cnp)
	}
	late := policies[0].DeepCopy()
	late.Name, late.Spec.Priority = "late", 100
	late.Spec.Egress[7].Action = policyv1alpha2.ClusterNetworkPolicyRuleActionAccept
	if diff := cmp.Diff([]string{"late spec.egress[7]"}, found(append(policies, late), netpol.ShadowedClusterRule)); diff != "" {
		t.Error(diff)
	}
}

// denyTeams gives a policy 25 rules, each about peers of its own.
func denyTeams(cnp *policyv1alpha2.ClusterNetworkPolicy, peers int) {
	cnp.Spec.Egress = nil
	for i := range 25 {
		rule := policyv1alpha2.ClusterNetworkPolicyEgressRule{Action: policyv1alpha2.ClusterNetworkPolicyRuleActionDeny}
		for j := range peers {
			team := map[string]string{"team": fmt.Sprintf("%s-%d-%d", cnp.Name, i, j)}
			rule.To = append(rule.To, policyv1alpha2.ClusterNetworkPolicyEgressPeer{Namespaces: &metav1.LabelSelector{MatchLabels: team}})
		}
		cnp.Spec.Egress = append(cnp.Spec.Egress, rule)
	}
}
