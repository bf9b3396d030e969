// SPDX-License-Identifier: Apache-2.0

package reach_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
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

// having asks something of the label app.
func having(op metav1.LabelSelectorOperator, values ...string) metav1.LabelSelector {
	return metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{{Key: "app", Operator: op, Values: values}}}
}

func TestIsolation(t *testing.T) {
	onHost := examplePod("staging", "agent")
	onHost.Spec.HostNetwork = true
	elsewhere := &networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Namespace: "prod", Name: "deny"}}
	cilium := read(t, `{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: l7, namespace: staging}}`)[0]
	calico := read(t, `{apiVersion: projectcalico.org/v3, kind: GlobalNetworkPolicy, metadata: {name: all}}`)[0]
	refused := policyFor("refused", having(metav1.LabelSelectorOpNotIn, "web"))
	refused.Spec.Egress = []networkingv1.NetworkPolicyEgressRule{{To: []networkingv1.NetworkPolicyPeer{{}}}}
	web := policyFor("web", having(metav1.LabelSelectorOpIn, "web"))
	others := policyFor("others", having(metav1.LabelSelectorOpNotIn, "web"))
	tests := map[string]struct {
		objs    []bulkhead.Object
		want    bulkhead.Verdict
		open    []string
		unsure  []string
		newPods map[string]string
	}{
		"a default deny isolates every pod, and the next":          {objs: []bulkhead.Object{examplePod("staging", "web"), netpol.DefaultDeny("staging")}, want: bulkhead.Sealed},
		"nothing isolates a namespace that is not there":           {want: bulkhead.Breached, newPods: map[string]string{}},
		"a policy of another namespace does not":                   {objs: []bulkhead.Object{examplePod("staging", "web"), elsewhere}, want: bulkhead.Breached, open: []string{"staging/web"}, newPods: map[string]string{}},
		"one for ingress does not isolate for egress":              {objs: []bulkhead.Object{bulkhead.Must(netpol.Allow("staging", "in", netpol.Pods{"app": "web"}, netpol.From(netpol.AllPods).TCP(80)))}, want: bulkhead.Breached, newPods: map[string]string{}},
		"one for the labels of all pods there are leaves the next": {objs: []bulkhead.Object{examplePod("staging", "web"), web}, want: bulkhead.Breached, newPods: map[string]string{}},
		"policies that together select all labels leave none":      {objs: []bulkhead.Object{web, others}, want: bulkhead.Sealed},
		"all labels but one, which is named":                       {objs: []bulkhead.Object{others}, want: bulkhead.Breached, newPods: map[string]string{"app": "web"}},
		"a pod on the host network, where dataplanes differ":       {objs: []bulkhead.Object{onHost, netpol.DefaultDeny("staging")}, want: bulkhead.Undetermined, unsure: []string{"staging/agent"}},
		"a policy of another kind may isolate pods":                {objs: []bulkhead.Object{examplePod("staging", "web"), cilium}, want: bulkhead.Undetermined, unsure: []string{"staging/web"}},
		"and so may one for the whole cluster":                     {objs: []bulkhead.Object{examplePod("staging", "web"), calico}, want: bulkhead.Undetermined, unsure: []string{"staging/web"}},
		"it may isolate the pods that no other policy does":        {objs: []bulkhead.Object{examplePod("staging", "web"), web, cilium}, want: bulkhead.Undetermined},
		"it undoes no isolation":                                   {objs: []bulkhead.Object{examplePod("staging", "web"), netpol.DefaultDeny("staging"), cilium, calico}, want: bulkhead.Sealed},
		"nor one of all labels by several policies":                {objs: []bulkhead.Object{examplePod("staging", "web"), web, others, cilium}, want: bulkhead.Sealed},
		"it does not know a pod on the host network":               {objs: []bulkhead.Object{onHost, cilium}, want: bulkhead.Breached, open: []string{"staging/agent"}},
		"a policy that the API server refuses may be in force":     {objs: []bulkhead.Object{web, refused}, want: bulkhead.Undetermined},
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

// Where the search for labels takes too long, it is not known whether new pods are
// isolated: here each of many policies selects one combination of the labels there are,
// and all of them together every pod.
func TestIsolationIsNotKnownWhereTheSearchIsGivenUp(t *testing.T) {
	for keys, want := range map[int]bulkhead.Verdict{2: bulkhead.Sealed, 8: bulkhead.Undetermined} {
		var objs []bulkhead.Object
		for combination := range 1 << keys {
			var s metav1.LabelSelector
			for key := range keys {
				r := metav1.LabelSelectorRequirement{Key: fmt.Sprint("key-", key), Operator: metav1.LabelSelectorOpExists}
				if combination>>key&1 == 1 {
					r.Operator = metav1.LabelSelectorOpDoesNotExist
				}
				s.MatchExpressions = append(s.MatchExpressions, r)
			}
			objs = append(objs, policyFor(fmt.Sprint("p", combination), s))
		}
		if out, _ := newCluster(t, objs, reach.Reference).Isolated("staging"); out.Verdict != want || out.NewPods != nil {
			t.Errorf("%d keys: %+v, want %s", keys, out, want)
		}
	}
}

// Labels with which a new pod is not isolated are found if there are any, and no policy
// selects a pod with them.
func TestNewPodsEscapeExactlyIfTheyCan(t *testing.T) {
	requirements := rapid.Custom(func(t *rapid.T) metav1.LabelSelectorRequirement {
		r := metav1.LabelSelectorRequirement{Key: someKeys.Draw(t, "key"), Operator: rapid.SampledFrom([]metav1.LabelSelectorOperator{
			metav1.LabelSelectorOpIn, metav1.LabelSelectorOpNotIn, metav1.LabelSelectorOpExists, metav1.LabelSelectorOpDoesNotExist,
		}).Draw(t, "operator")}
		if r.Operator == metav1.LabelSelectorOpIn || r.Operator == metav1.LabelSelectorOpNotIn {
			r.Values = rapid.SliceOfN(rapid.SampledFrom([]string{"x1", "x0", "a"}), 1, 3).Draw(t, "values")
		}
		return r
	})
	rapid.Check(t, func(t *rapid.T) {
		var objs []bulkhead.Object
		var selectors []labels.Selector
		for i := range rapid.IntRange(0, 6).Draw(t, "policies") {
			s := metav1.LabelSelector{MatchExpressions: rapid.SliceOfN(requirements, 0, 3).Draw(t, "requirements")}
			objs = append(objs, policyFor(fmt.Sprint("p", i), s))
			selectors = append(selectors, bulkhead.Must(metav1.LabelSelectorAsSelector(&s)))
		}
		escapes := func(of labels.Set) bool {
			return !slices.ContainsFunc(selectors, func(s labels.Selector) bool { return s.Matches(of) })
		}
		possible := false
		values := []string{"", "a", "x0", "x1", "other"}
		for _, app := range values {
			for _, tier := range values {
				of := labels.Set{"app": app, "tier": tier}
				maps.DeleteFunc(of, func(_, value string) bool { return value == "" })
				possible = possible || escapes(of)
			}
		}
		out, _ := newCluster(t, objs, reach.Reference).Isolated("staging")
		switch {
		case possible != (out.NewPods != nil) || possible == (out.Verdict == bulkhead.Sealed):
			t.Fatalf("%+v, and it is %t that some labels escape", out, possible)
		case possible && !escapes(out.NewPods):
			t.Fatalf("%v do not escape", out.NewPods)
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
