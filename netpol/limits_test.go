// SPDX-License-Identifier: Apache-2.0

package netpol_test

import (
	"fmt"
	"testing"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol"
)

// Where a rule compares the parts of a policy with each other it does so up to a
// number of them, to the last one, and says nothing beyond.
func TestLimitsOfComparison(t *testing.T) {
	for name, tt := range map[string]struct {
		rule   string
		parts  int // the largest number that is compared
		policy func(parts int) []bulkhead.Object
	}{
		"peers in rules about DNS":          {netpol.DNSOverTCPOnly, 999, resolvers},
		"lists of ports":                    {netpol.ExceptReopened, 64, reopenedAmongLists},
		"ports of two lists":                {netpol.ExceptReopened, 100, reopenedOnPorts},
		"peers of rules about one Service":  {netpol.ServicePort, 1000, servicePortAmongPeers},
		"what a rule allows beside another": {netpol.ShadowedRule, 1000, shadowedAmongPeers},
	} {
		t.Run(name, func(t *testing.T) {
			if got := bulkhead.Check(tt.policy(tt.parts), ruleOf(tt.rule)); len(got) == 0 {
				t.Errorf("nothing is found in %d parts", tt.parts)
			}
			if got := bulkhead.Check(tt.policy(tt.parts+1), ruleOf(tt.rule)); len(got) > 0 {
				t.Errorf("in %d parts, found %v", tt.parts+1, got)
			}
		})
	}
}

func numbered(ports ...int) []networkingv1.NetworkPolicyPort {
	var out []networkingv1.NetworkPolicyPort
	for _, number := range ports {
		port := intstr.FromInt32(int32(number))
		out = append(out, networkingv1.NetworkPolicyPort{Port: &port})
	}
	return out
}

func namespaces(number int) []networkingv1.NetworkPolicyPeer {
	var out []networkingv1.NetworkPolicyPeer
	for i := range number {
		out = append(out, networkingv1.NetworkPolicyPeer{NamespaceSelector: &metav1.LabelSelector{
			MatchLabels: map[string]string{corev1.LabelMetadataName: fmt.Sprintf("ns-%d", i)},
		}})
	}
	return out
}

func blockPeer(cidr string, except ...string) []networkingv1.NetworkPolicyPeer {
	return []networkingv1.NetworkPolicyPeer{{IPBlock: &networkingv1.IPBlock{CIDR: cidr, Except: except}}}
}

func ingress(rules ...networkingv1.NetworkPolicyIngressRule) *networkingv1.NetworkPolicy {
	np := sound()
	np.Spec.PolicyTypes = []networkingv1.PolicyType{networkingv1.PolicyTypeIngress}
	np.Spec.Ingress, np.Spec.Egress = rules, nil
	return np
}

func resolvers(peers int) []bulkhead.Object {
	np := sound()
	np.Spec.Ingress = nil
	np.Spec.Egress = []networkingv1.NetworkPolicyEgressRule{{To: namespaces(peers), Ports: numbered(53)}}
	return []bulkhead.Object{np}
}

// An except on one port is reopened on every port, among as many lists of ports.
func reopenedAmongLists(lists int) []bulkhead.Object {
	np := ingress(
		networkingv1.NetworkPolicyIngressRule{From: blockPeer("10.0.0.0/8", "10.1.0.0/16"), Ports: numbered(1)},
		networkingv1.NetworkPolicyIngressRule{From: blockPeer("10.1.0.0/16")},
	)
	for i := 2; i < lists; i++ {
		np.Spec.Ingress = append(np.Spec.Ingress, networkingv1.NetworkPolicyIngressRule{From: blockPeer("192.0.2.0/24"), Ports: numbered(i)})
	}
	return []bulkhead.Object{np}
}

// An except on 100 ports is reopened on as many others or more, which take them in.
func reopenedOnPorts(wide int) []bulkhead.Object {
	var narrow, all []int
	for i := range wide {
		all = append(all, 2*i+1)
	}
	narrow = all[:100]
	np := ingress(
		networkingv1.NetworkPolicyIngressRule{From: blockPeer("10.0.0.0/8", "10.1.0.0/16"), Ports: numbered(narrow...)},
		networkingv1.NetworkPolicyIngressRule{From: blockPeer("10.1.0.0/16"), Ports: numbered(all...)},
	)
	np.Spec.Ingress[1].Ports[0].EndPort = new(int32(2)) // no longer the same list
	return []bulkhead.Object{np}
}

func servicePortAmongPeers(peers int) []bulkhead.Object {
	np := ingress(networkingv1.NetworkPolicyIngressRule{From: namespaces(peers - 1), Ports: numbered(80)},
		networkingv1.NetworkPolicyIngressRule{From: blockPeer("192.0.2.0/24"), Ports: numbered(8080)})
	return append(house(np.Namespace, "web"), np)
}

func shadowedAmongPeers(peers int) []bulkhead.Object {
	return []bulkhead.Object{ingress(
		networkingv1.NetworkPolicyIngressRule{From: namespaces(peers - 1), Ports: numbered(80)},
		networkingv1.NetworkPolicyIngressRule{From: namespaces(1), Ports: numbered(80)},
	)}
}
