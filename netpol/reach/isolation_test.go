// SPDX-License-Identifier: Apache-2.0

package reach_test

import (
	"maps"
	"slices"
	"testing"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/netpol/reach"
)

// policyFor selects pods for egress, and allows nothing.
func policyFor(name string, selector metav1.LabelSelector) *networkingv1.NetworkPolicy {
	return &networkingv1.NetworkPolicy{
		ObjectMeta: metav1.ObjectMeta{Namespace: "staging", Name: name},
		Spec:       networkingv1.NetworkPolicySpec{PodSelector: selector, PolicyTypes: []networkingv1.PolicyType{networkingv1.PolicyTypeEgress}},
	}
}

func TestIsolation(t *testing.T) {
	having := func(op metav1.LabelSelectorOperator, values ...string) metav1.LabelSelector {
		return metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{{Key: "app", Operator: op, Values: values}}}
	}
	onHost := examplePod("staging", "agent")
	onHost.Spec.HostNetwork = true
	foreign := &networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Namespace: "prod", Name: "deny"}}
	tests := map[string]struct {
		objs    []bulkhead.Object
		want    bulkhead.Verdict
		open    []string
		unsure  []string
		newPods map[string]string
	}{
		"a default deny isolates every pod, and the next":          {objs: []bulkhead.Object{examplePod("staging", "web"), netpol.DefaultDeny("staging")}, want: bulkhead.Sealed},
		"nothing isolates a namespace that is not there":           {want: bulkhead.Breached, newPods: map[string]string{}},
		"a policy of another namespace does not":                   {objs: []bulkhead.Object{examplePod("staging", "web"), foreign}, want: bulkhead.Breached, open: []string{"staging/web"}, newPods: map[string]string{}},
		"one for ingress does not isolate for egress":              {objs: []bulkhead.Object{bulkhead.Must(netpol.Allow("staging", "in", netpol.Pods{"app": "web"}, netpol.From(netpol.AllPods).TCP(80)))}, want: bulkhead.Breached, newPods: map[string]string{}},
		"one for the labels of all pods there are leaves the next": {objs: []bulkhead.Object{examplePod("staging", "web"), policyFor("web", having(metav1.LabelSelectorOpIn, "web"))}, want: bulkhead.Breached, newPods: map[string]string{}},
		"policies that together select all labels leave none":      {objs: []bulkhead.Object{policyFor("web", having(metav1.LabelSelectorOpIn, "web")), policyFor("others", having(metav1.LabelSelectorOpNotIn, "web"))}, want: bulkhead.Sealed},
		"all labels but one, which is named":                       {objs: []bulkhead.Object{policyFor("others", having(metav1.LabelSelectorOpNotIn, "web"))}, want: bulkhead.Breached, newPods: map[string]string{"app": "web"}},
		"a pod on the host network, where dataplanes differ":       {objs: []bulkhead.Object{onHost, netpol.DefaultDeny("staging")}, want: bulkhead.Undetermined, unsure: []string{"staging/agent"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			out, _ := newCluster(t, tt.objs, reach.Generic).Isolated("staging")
			if out.Verdict != tt.want || !slices.Equal(namesOf(out.Open), tt.open) || !slices.Equal(namesOf(out.Unsure), tt.unsure) ||
				!maps.Equal(out.NewPods, tt.newPods) || (out.NewPods == nil) != (tt.newPods == nil) {
				t.Errorf("%+v", out)
			}
		})
	}
}

func namesOf(ends []reach.Endpoint) []string {
	var out []string
	for _, e := range ends {
		out = append(out, e.String())
	}
	return out
}

// In a namespace that isolates all pods, whatever pod appears can do nothing once the
// rules are gone; in one that does not, one with the labels that are told can.
func TestIsolationOfNewPods(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		objs := slices.Concat(drawPlaces(t), drawPolicies(t, false))
		home := someNamespaces.Draw(t, "home")
		_, in := newCluster(t, objs, reach.Reference).Isolated(home)
		for i, obj := range objs {
			if np, ok := obj.(*networkingv1.NetworkPolicy); ok {
				np = np.DeepCopy()
				isolates := len(np.Spec.PolicyTypes) == 0 || slices.Contains(np.Spec.PolicyTypes, networkingv1.PolicyTypeIngress)
				np.Spec.Ingress, np.Spec.Egress, np.Spec.PolicyTypes = nil, nil, []networkingv1.PolicyType{networkingv1.PolicyTypeIngress}
				if !isolates {
					np.Spec.PolicyTypes = []networkingv1.PolicyType{networkingv1.PolicyTypeEgress}
				}
				objs[i] = np
			}
		}
		pod := drawNewPod(t, home, "new")
		if in.NewPods != nil {
			pod.Labels = in.NewPods
		}
		outside := endpoint(t, "203.0.113.9")
		a := newCluster(t, append(objs, bulkhead.Object(pod)), reach.Reference).Allowed(outside, reach.Pod(home+"/new"), reach.TCP(80))
		if in.NewPods != nil && a.Verdict != reach.Allowed || in.Verdict == bulkhead.Sealed && a.Verdict != reach.Denied {
			t.Fatalf("%+v, and a pod labelled %v is %s", in, pod.Labels, a.Verdict)
		}
	})
}

// The labels of a pod that is not isolated are the same each time: one that is app=a
// without a tier, or one that is app=b.
func TestIsolationIsDeterministic(t *testing.T) {
	app := []metav1.LabelSelectorRequirement{{Key: "app", Operator: metav1.LabelSelectorOpNotIn, Values: []string{"a", "b"}}}
	objs := []bulkhead.Object{
		policyFor("others", metav1.LabelSelector{MatchExpressions: app}),
		policyFor("some", metav1.LabelSelector{MatchLabels: map[string]string{"app": "a", "tier": "x"}}),
	}
	var first map[string]string
	for i := range 50 {
		egress, _ := newCluster(t, objs, reach.Generic).Isolated("staging")
		if i == 0 {
			first = egress.NewPods
		}
		if !maps.Equal(egress.NewPods, first) {
			t.Fatalf("%v, and then %v", first, egress.NewPods)
		}
	}
}
