// SPDX-License-Identifier: Apache-2.0

package reach_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
)

// eachPolicy rewrites the NetworkPolicies among objects.
func eachPolicy(rewrite func(*networkingv1.NetworkPolicy) []*networkingv1.NetworkPolicy) func(*rapid.T, []bulkhead.Object) []bulkhead.Object {
	return func(_ *rapid.T, objs []bulkhead.Object) []bulkhead.Object {
		var out []bulkhead.Object
		for _, obj := range objs {
			np, ok := obj.(*networkingv1.NetworkPolicy)
			if !ok {
				out = append(out, obj)
				continue
			}
			for i, written := range rewrite(np) {
				written.Name = fmt.Sprint(np.Name, "-", i)
				out = append(out, written)
			}
		}
		return out
	}
}

func one(np *networkingv1.NetworkPolicy) []*networkingv1.NetworkPolicy {
	return []*networkingv1.NetworkPolicy{np}
}

// typesOf are the directions in which a policy isolates, as the API server defaults
// them.
func typesOf(np *networkingv1.NetworkPolicy) []networkingv1.PolicyType {
	switch {
	case len(np.Spec.PolicyTypes) > 0:
		return np.Spec.PolicyTypes
	case len(np.Spec.Egress) > 0:
		return []networkingv1.PolicyType{networkingv1.PolicyTypeIngress, networkingv1.PolicyTypeEgress}
	default:
		return []networkingv1.PolicyType{networkingv1.PolicyTypeIngress}
	}
}

func onePerRule(np *networkingv1.NetworkPolicy) []*networkingv1.NetworkPolicy {
	bare := np.DeepCopy()
	bare.Spec.PolicyTypes, bare.Spec.Ingress, bare.Spec.Egress = typesOf(np), nil, nil
	out := one(bare)
	for _, r := range np.Spec.Ingress {
		single := bare.DeepCopy()
		single.Spec.Ingress = []networkingv1.NetworkPolicyIngressRule{r}
		out = append(out, single)
	}
	for _, r := range np.Spec.Egress {
		single := bare.DeepCopy()
		single.Spec.Egress = []networkingv1.NetworkPolicyEgressRule{r}
		out = append(out, single)
	}
	return out
}

func onePerPeer(np *networkingv1.NetworkPolicy) []*networkingv1.NetworkPolicy {
	out := np.DeepCopy()
	out.Spec.PolicyTypes, out.Spec.Ingress, out.Spec.Egress = typesOf(np), nil, nil
	for _, r := range np.Spec.Ingress {
		for _, peers := range singles(r.From) {
			out.Spec.Ingress = append(out.Spec.Ingress, networkingv1.NetworkPolicyIngressRule{From: peers, Ports: r.Ports})
		}
	}
	for _, r := range np.Spec.Egress {
		for _, peers := range singles(r.To) {
			out.Spec.Egress = append(out.Spec.Egress, networkingv1.NetworkPolicyEgressRule{To: peers, Ports: r.Ports})
		}
	}
	return one(out)
}

func onePerPort(np *networkingv1.NetworkPolicy) []*networkingv1.NetworkPolicy {
	out := np.DeepCopy()
	out.Spec.PolicyTypes, out.Spec.Ingress, out.Spec.Egress = typesOf(np), nil, nil
	for _, r := range np.Spec.Ingress {
		for _, ports := range singles(r.Ports) {
			out.Spec.Ingress = append(out.Spec.Ingress, networkingv1.NetworkPolicyIngressRule{From: r.From, Ports: ports})
		}
	}
	for _, r := range np.Spec.Egress {
		for _, ports := range singles(r.Ports) {
			out.Spec.Egress = append(out.Spec.Egress, networkingv1.NetworkPolicyEgressRule{To: r.To, Ports: ports})
		}
	}
	return one(out)
}

// singles cuts a list into lists of one; the empty list means everything, and stays.
func singles[T any](list []T) [][]T {
	if len(list) == 0 {
		return [][]T{nil}
	}
	var out [][]T
	for i := range list {
		out = append(out, list[i:i+1])
	}
	return out
}

func reversed(np *networkingv1.NetworkPolicy) []*networkingv1.NetworkPolicy {
	np.Spec.PolicyTypes = typesOf(np)
	slices.Reverse(np.Spec.Ingress)
	slices.Reverse(np.Spec.Egress)
	return one(np)
}

// defaulted fills in what the API server does (k8s.io/kubernetes v1.37,
// pkg/apis/networking/v1/defaults.go).
func defaulted(np *networkingv1.NetworkPolicy) []*networkingv1.NetworkPolicy {
	np.Spec.PolicyTypes = typesOf(np)
	fill := func(ports []networkingv1.NetworkPolicyPort) {
		for i := range ports {
			if ports[i].Protocol == nil {
				ports[i].Protocol = new(corev1.ProtocolTCP)
			}
		}
	}
	for i := range np.Spec.Ingress {
		fill(np.Spec.Ingress[i].Ports)
	}
	for i := range np.Spec.Egress {
		fill(np.Spec.Egress[i].Ports)
	}
	return one(np)
}

func asExpressions(np *networkingv1.NetworkPolicy) []*networkingv1.NetworkPolicy {
	rewrite := func(s *metav1.LabelSelector) {
		if s == nil {
			return
		}
		for key, value := range s.MatchLabels {
			s.MatchExpressions = append(s.MatchExpressions, metav1.LabelSelectorRequirement{
				Key: key, Operator: metav1.LabelSelectorOpIn, Values: []string{value},
			})
		}
		s.MatchLabels = nil
	}
	rewrite(&np.Spec.PodSelector)
	var peers []networkingv1.NetworkPolicyPeer
	for _, r := range np.Spec.Ingress {
		peers = append(peers, r.From...)
	}
	for _, r := range np.Spec.Egress {
		peers = append(peers, r.To...)
	}
	for _, p := range peers {
		rewrite(p.PodSelector)
		rewrite(p.NamespaceSelector)
	}
	return one(np)
}

// mergedPolicies makes one of the policies that select the same pods for the same
// directions.
func mergedPolicies(objs []bulkhead.Object) []bulkhead.Object {
	var out []bulkhead.Object
	merged := make(map[string]*networkingv1.NetworkPolicy)
	for _, obj := range objs {
		np, ok := obj.(*networkingv1.NetworkPolicy)
		if !ok {
			out = append(out, obj)
			continue
		}
		np.Spec.PolicyTypes = typesOf(np)
		key := fmt.Sprint(np.Namespace, np.Spec.PodSelector.String(), np.Spec.PolicyTypes)
		if into, found := merged[key]; found {
			into.Spec.Ingress = append(into.Spec.Ingress, np.Spec.Ingress...)
			into.Spec.Egress = append(into.Spec.Egress, np.Spec.Egress...)
			continue
		}
		merged[key] = np
		out = append(out, np)
	}
	return out
}

// rewritten returns objects with other names in all their fields.
func rewritten(t *rapid.T, objs []bulkhead.Object, names *strings.Replacer) []bulkhead.Object {
	out := copies(objs)
	for i, obj := range objs {
		text, err := json.Marshal(obj)
		if err != nil {
			t.Fatal(err)
		}
		fresh := reflect.New(reflect.TypeOf(out[i]).Elem())
		if err := json.Unmarshal([]byte(names.Replace(string(text))), fresh.Interface()); err != nil {
			t.Fatal(err)
		}
		out[i] = fresh.Interface().(bulkhead.Object)
	}
	return out
}
