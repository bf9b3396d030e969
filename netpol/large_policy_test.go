// SPDX-License-Identifier: Apache-2.0

package netpol_test

import (
	"fmt"
	"runtime"
	"testing"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol"
)

// A manifest that nobody has vouched for may hold one policy of tens of thousands
// of parts. No rule may compare each of them with each.
func TestWorkOnLargePolicies(t *testing.T) {
	const parts = 10_000
	block := func(i int) networkingv1.NetworkPolicyPeer {
		return networkingv1.NetworkPolicyPeer{IPBlock: &networkingv1.IPBlock{
			CIDR: "0.0.0.0/0", Except: []string{fmt.Sprintf("10.%d.%d.0/24", i/250, i%250)},
		}}
	}
	port := func(i int) networkingv1.NetworkPolicyPort {
		number := intstr.FromInt32(int32(i + 1))
		return networkingv1.NetworkPolicyPort{Port: &number}
	}
	tests := map[string]func(spec *networkingv1.NetworkPolicySpec, i int){
		"rules": func(spec *networkingv1.NetworkPolicySpec, i int) {
			spec.Egress = append(spec.Egress, networkingv1.NetworkPolicyEgressRule{
				To: []networkingv1.NetworkPolicyPeer{block(i)}, Ports: []networkingv1.NetworkPolicyPort{port(i)},
			})
		},
		"peers": func(spec *networkingv1.NetworkPolicySpec, i int) {
			spec.Egress[0].To = append(spec.Egress[0].To, block(i))
		},
		"excepts": func(spec *networkingv1.NetworkPolicySpec, i int) {
			except := &spec.Egress[0].To[0].IPBlock.Except
			*except = append(*except, block(i).IPBlock.Except...)
		},
		"ports": func(spec *networkingv1.NetworkPolicySpec, i int) {
			spec.Ingress[0].Ports = append(spec.Ingress[0].Ports, port(i))
		},
		"selectors": func(spec *networkingv1.NetworkPolicySpec, i int) {
			spec.Ingress[0].From = append(spec.Ingress[0].From, networkingv1.NetworkPolicyPeer{
				NamespaceSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"env": fmt.Sprint(i)}},
			})
		},
		"requirements": func(spec *networkingv1.NetworkPolicySpec, i int) {
			spec.PodSelector.MatchExpressions = append(spec.PodSelector.MatchExpressions, metav1.LabelSelectorRequirement{
				Key: "app", Operator: metav1.LabelSelectorOpNotIn, Values: []string{fmt.Sprint(i)},
			})
		},
		"ports and selectors": func(spec *networkingv1.NetworkPolicySpec, i int) {
			rule := &spec.Ingress[0]
			rule.Ports = append(rule.Ports, port(i))
			rule.From = append(rule.From, networkingv1.NetworkPolicyPeer{
				NamespaceSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"env": fmt.Sprint(i)}},
			})
			spec.PodSelector.MatchLabels[fmt.Sprint("app-", i)] = "web"
		},
		"DNS ports": func(spec *networkingv1.NetworkPolicySpec, i int) {
			spec.Egress = append(spec.Egress, networkingv1.NetworkPolicyEgressRule{
				To: []networkingv1.NetworkPolicyPeer{block(i)}, Ports: []networkingv1.NetworkPolicyPort{port(52)},
			})
		},
	}
	for name, add := range tests {
		t.Run(name, func(t *testing.T) {
			holdGrowth(t, parts, netpol.Rules(), func(parts int) []bulkhead.Object {
				np := sound()
				for i := range parts {
					add(&np.Spec, i)
				}
				return []bulkhead.Object{np}
			})
		})
	}
}

// Nor may one compare each of the policies of a namespace with each.
func TestWorkOnManyPoliciesOfOneSubject(t *testing.T) {
	for name, parts := range map[string]int{"as many as are compared": 1_000, "more": 10_000} {
		t.Run(name, func(t *testing.T) {
			holdGrowth(t, parts, []bulkhead.Rule{ruleOf(netpol.AllowedByAnother)}, func(parts int) []bulkhead.Object {
				var objs []bulkhead.Object
				for i := range parts {
					np := sound()
					np.Name = fmt.Sprintf("web-%d", i)
					*np.Spec.Ingress[0].Ports[0].Port = intstr.FromInt32(int32(1 + i))
					objs = append(objs, np)
				}
				return objs
			})
		})
	}
}

// Nor may a rule keep a list of the workloads for each peer of a policy. It does
// hold each workload against each peer, so that time says nothing.
func TestLargePoliciesAmongWorkloads(t *testing.T) {
	const parts = 2_000
	np := sound()
	np.Spec.PolicyTypes = []networkingv1.PolicyType{networkingv1.PolicyTypeEgress}
	np.Spec.Egress = []networkingv1.NetworkPolicyEgressRule{{}}
	number, name := intstr.FromInt32(80), intstr.FromString("main")
	np.Spec.Egress[0].Ports = []networkingv1.NetworkPolicyPort{{Port: &number}, {Port: &name}}
	objs := []bulkhead.Object{np}
	for i := range parts {
		objs = append(objs, house(np.Namespace, fmt.Sprintf("app-%d", i))...)
		np.Spec.Egress[0].To = append(np.Spec.Egress[0].To, networkingv1.NetworkPolicyPeer{
			PodSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"tier": "backend"}},
		})
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	bulkhead.Check(objs, ruleOf(netpol.NamedPortUnmatched), ruleOf(netpol.NamedPortAmbiguous), ruleOf(netpol.ServicePort))
	runtime.ReadMemStats(&after)
	if grown := (int64(after.HeapSys) - int64(before.HeapSys)) >> 20; grown > 100 { // a list of each workload for each peer is some 400
		t.Errorf("the heap grew by %d MB", grown)
	}
}
