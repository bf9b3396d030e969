// SPDX-License-Identifier: Apache-2.0

package netpol_test

import (
	"fmt"
	"testing"
	"time"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol"
)

// A manifest that nobody has vouched for may hold one policy of tens of thousands
// of parts. No rule may compare each of them with each.
func TestLargePoliciesAreJudgedInTime(t *testing.T) {
	const parts, limit = 20_000, 20 * time.Second // quadratic work takes minutes
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
		"DNS ports": func(spec *networkingv1.NetworkPolicySpec, i int) {
			spec.Egress = append(spec.Egress, networkingv1.NetworkPolicyEgressRule{
				To: []networkingv1.NetworkPolicyPeer{block(i)}, Ports: []networkingv1.NetworkPolicyPort{port(52)},
			})
		},
	}
	for name, add := range tests {
		t.Run(name, func(t *testing.T) {
			np := sound()
			for i := range parts {
				add(&np.Spec, i)
			}
			begin := time.Now()
			bulkhead.Check([]bulkhead.Object{np}, netpol.Rules()...)
			if took := time.Since(begin); took > limit {
				t.Errorf("took %s", took)
			}
		})
	}
}
