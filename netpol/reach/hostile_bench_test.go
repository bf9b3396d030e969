// SPDX-License-Identifier: Apache-2.0

package reach_test

import (
	"fmt"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol/reach"
)

// policiesByLabel are policies of one namespace, each about pods of its own and open
// to others of its own.
func policiesByLabel(n int) []bulkhead.Object {
	objs := []bulkhead.Object{&corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web"}}}
	for i := range n {
		np := &networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: fmt.Sprint("policy-", i)}}
		np.Spec.PodSelector.MatchLabels = map[string]string{"app": fmt.Sprint("web-", i)}
		np.Spec.Ingress = []networkingv1.NetworkPolicyIngressRule{{From: []networkingv1.NetworkPolicyPeer{
			{PodSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"role": fmt.Sprint("client-", i)}}},
		}}}
		objs = append(objs, np)
	}
	return objs
}

// BenchmarkIsolatedByLabel looks for labels that none of 3,000 policies selects.
func BenchmarkIsolatedByLabel(b *testing.B) {
	c := newCluster(b, policiesByLabel(3_000), reach.Reference)
	for b.Loop() {
		_, sink = c.Isolated("shop")
	}
}

// BenchmarkExposedByLabel looks for labels with which a pod would be let through by
// some of 3,000 policies.
func BenchmarkExposedByLabel(b *testing.B) {
	c := newCluster(b, policiesByLabel(3_000), reach.Reference)
	for b.Loop() {
		sink = c.Exposed("shop")
	}
}

// BenchmarkIsolatedByManyValues reads a selector that excludes 40,000 values, which
// another asks for.
func BenchmarkIsolatedByManyValues(b *testing.B) {
	var values []string
	for i := range 40_000 {
		values = append(values, fmt.Sprint("web-", i))
	}
	objs := policiesByLabel(2)
	for i, op := range []metav1.LabelSelectorOperator{metav1.LabelSelectorOpIn, metav1.LabelSelectorOpNotIn} {
		objs[i+1].(*networkingv1.NetworkPolicy).Spec.PodSelector = metav1.LabelSelector{
			MatchExpressions: []metav1.LabelSelectorRequirement{{Key: "app", Operator: op, Values: values}},
		}
	}
	c := newCluster(b, objs, reach.Reference)
	for b.Loop() {
		_, sink = c.Isolated("shop")
	}
}

// BenchmarkIsolatedInEveryWay looks for labels that none of 64 policies selects, which
// together select all: of each of six labels one half asks for one of 2,000 values, and
// the other half for none of them.
func BenchmarkIsolatedInEveryWay(b *testing.B) {
	var values []string
	for i := range 2_000 {
		values = append(values, fmt.Sprint("web-", i))
	}
	objs := policiesByLabel(64)
	for i, obj := range objs[1:] {
		var all []metav1.LabelSelectorRequirement
		for key := range 6 {
			r := metav1.LabelSelectorRequirement{Key: fmt.Sprint("key-", key), Operator: metav1.LabelSelectorOpIn, Values: values}
			if i>>key&1 == 1 {
				r.Operator = metav1.LabelSelectorOpNotIn
			}
			all = append(all, r)
		}
		obj.(*networkingv1.NetworkPolicy).Spec.PodSelector = metav1.LabelSelector{MatchExpressions: all}
	}
	c := newCluster(b, objs, reach.Reference)
	for b.Loop() {
		_, sink = c.Isolated("shop")
	}
}

// BenchmarkChainOfOwners follows owners of owners.
func BenchmarkChainOfOwners(b *testing.B) {
	var objs []bulkhead.Object
	for i := range 10_000 {
		rs := &appsv1.ReplicaSet{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: fmt.Sprintf("rs-%05d", i)}}
		if i > 0 {
			rs.OwnerReferences = []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: "ReplicaSet", Name: fmt.Sprintf("rs-%05d", i-1), Controller: new(true)}}
		}
		objs = append(objs, rs)
	}
	for b.Loop() {
		sink = newCluster(b, objs, reach.Reference)
	}
}
