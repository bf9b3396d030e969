// SPDX-License-Identifier: Apache-2.0

package reach_test

import (
	"slices"
	"testing"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol/reach"
)

// A namespace that is yet to be made has a name, and one that none has that is there.
func TestNamesOfNewNamespaces(t *testing.T) {
	const (
		all     = "any pod of a new namespace" // is let in
		named   = "one in a namespace of a name"
		unnamed = "one in a namespace of another name"
		nobody  = "nobody"
	)
	tests := map[string]struct {
		op     metav1.LabelSelectorOperator
		values []string
		want   string
	}{
		"one of a name that is taken":            {metav1.LabelSelectorOpIn, []string{"shop"}, nobody},
		"one of names that are taken":            {metav1.LabelSelectorOpIn, []string{"lab", "shop"}, nobody},
		"one of a name that is free":             {metav1.LabelSelectorOpIn, []string{"free"}, named},
		"one of a free name and a taken one":     {metav1.LabelSelectorOpIn, []string{"shop", "free"}, named},
		"not one of a name that is taken":        {metav1.LabelSelectorOpNotIn, []string{"shop"}, all},
		"not one of names that are taken":        {metav1.LabelSelectorOpNotIn, []string{"lab", "shop"}, all},
		"not one of a name that is free":         {metav1.LabelSelectorOpNotIn, []string{"free"}, unnamed},
		"not one of a free name and a taken one": {metav1.LabelSelectorOpNotIn, []string{"shop", "free"}, unnamed},
		"one with a name":                        {metav1.LabelSelectorOpExists, nil, all},
		"one without a name":                     {metav1.LabelSelectorOpDoesNotExist, nil, nobody},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			np := &networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "in"}}
			np.Spec.Ingress = []networkingv1.NetworkPolicyIngressRule{{From: []networkingv1.NetworkPolicyPeer{{
				NamespaceSelector: &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{
					{Key: "kubernetes.io/metadata.name", Operator: tt.op, Values: tt.values},
				}},
			}}}}
			objs := append(read(t, "{apiVersion: v1, kind: Namespace, metadata: {name: shop}}\n---\n{apiVersion: v1, kind: Namespace, metadata: {name: lab}}"),
				bulkhead.Object(np), examplePod("shop", "web"))
			got := nobody
			for _, e := range newCluster(t, objs, reach.Reference).Exposed("shop") {
				switch {
				case e.From.Name != "*/*" || e.To.Name != "shop/web":
				case e.Verdict == reach.Allowed && e.From.NamespaceLabels == nil:
					got = all
				case e.Verdict == reach.Allowed && slices.Contains(tt.values, e.From.NamespaceLabels["kubernetes.io/metadata.name"]):
					got = named
				case e.Verdict == reach.Allowed:
					got = unnamed
				default:
					t.Errorf("not known: %+v", e)
				}
			}
			if got != tt.want {
				t.Errorf("%s is let in, want %s", got, tt.want)
			}
		})
	}
}
