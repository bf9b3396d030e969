// SPDX-License-Identifier: Apache-2.0

package reach_test

import (
	"fmt"
	"testing"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol/reach"
)

// However many rules govern a pod, and however many combinations of them match its
// peers, its flows are what each connection alone is.
func TestManyRulesForOnePod(t *testing.T) {
	for _, rules := range []int{8, 40, 64, 65, 90} {
		objs := []bulkhead.Object{&corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web"}}}
		policy := &networkingv1.NetworkPolicy{
			ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web"},
			Spec:       networkingv1.NetworkPolicySpec{PolicyTypes: []networkingv1.PolicyType{networkingv1.PolicyTypeIngress}},
		}
		for i := range rules {
			port := intstr.FromInt32(int32(1000 + i))
			policy.Spec.Ingress = append(policy.Spec.Ingress, networkingv1.NetworkPolicyIngressRule{
				From:  []networkingv1.NetworkPolicyPeer{{PodSelector: &metav1.LabelSelector{MatchLabels: map[string]string{fmt.Sprint("bit", i%7): "1"}}}},
				Ports: []networkingv1.NetworkPolicyPort{{Port: &port}},
			})
		}
		objs = append(objs, policy)
		for client := range 128 {
			bits := make(map[string]string)
			for bit := range 7 {
				bits[fmt.Sprint("bit", bit)] = fmt.Sprint(client >> bit & 1)
			}
			objs = append(objs, &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: fmt.Sprint("client-", client), Labels: bits}})
		}
		c := newCluster(t, objs, reach.Reference)
		open := make(map[reach.Endpoint]reach.Ports)
		for f := range c.Flows() {
			if f.To == reach.Pod("shop/web") {
				open[f.From] = f.Ports
			}
		}
		for client := range 128 {
			from := reach.Pod(fmt.Sprint("shop/client-", client))
			for i := range rules {
				port := reach.TCP(uint16(1000 + i))
				if a := c.Allowed(from, reach.Pod("shop/web"), port); (a.Verdict == reach.Allowed) != open[from].Has(port) {
					t.Fatalf("%d rules: %s is %s from %s, whose flow is %s", rules, port, a.Verdict, from, open[from])
				}
			}
		}
	}
}
