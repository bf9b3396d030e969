// SPDX-License-Identifier: Apache-2.0

// Package large makes clusters to measure with: many workloads, of which each differs
// from all others, behind policies as they are common.
package large

import (
	"fmt"
	"math/rand/v2"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/watertight-go/watertight/bulkhead"
)

// Cluster makes workloads, 20 in a namespace, each namespace with a default denial,
// DNS, traffic within, and five policies more, which open the namespace to others of a
// name, a team or an environment, and to networks outside. The same number gives the
// same cluster. No port has a name in a rule about addresses, where such a name means
// nothing, since not every engine reads that.
func Cluster(workloads int) []bulkhead.Object {
	l := large{rand.New(rand.NewPCG(1, uint64(workloads)))}
	var objs []bulkhead.Object
	namespaces := max(1, workloads/20)
	for n := range namespaces {
		name := fmt.Sprintf("ns-%03d", n)
		objs = append(objs, &corev1.Namespace{
			TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"},
			ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"team": fmt.Sprint("t", n%10), "env": fmt.Sprint("e", n%3)}},
		})
		for w := range workloads / namespaces {
			objs = append(objs, l.workload(name, n, w))
		}
		objs = append(objs, l.common(name)...)
		for p := range 5 {
			objs = append(objs, l.policy(name, p, namespaces))
		}
	}
	return objs
}

type large struct{ *rand.Rand }

func (l large) workload(namespace string, n, w int) bulkhead.Object {
	labels := map[string]string{
		"name": fmt.Sprintf("w-%03d-%02d", n, w), "app": fmt.Sprint("a", l.IntN(8)), "tier": fmt.Sprint("r", l.IntN(4)), "track": fmt.Sprint("k", l.IntN(2)),
	}
	d := &appsv1.Deployment{
		TypeMeta:   metav1.TypeMeta{APIVersion: "apps/v1", Kind: "Deployment"},
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: labels["name"]},
	}
	d.Spec.Selector = &metav1.LabelSelector{MatchLabels: labels}
	d.Spec.Template.Labels = labels
	d.Spec.Template.Spec.Containers = []corev1.Container{{Name: "main", Image: "main", Ports: []corev1.ContainerPort{
		{Name: "http", ContainerPort: []int32{80, 8080, 8443}[l.IntN(3)]}, {Name: "metrics", ContainerPort: 9090},
	}}}
	return d
}

func newPolicy(namespace, name string, spec networkingv1.NetworkPolicySpec) bulkhead.Object {
	return &networkingv1.NetworkPolicy{
		TypeMeta:   metav1.TypeMeta{APIVersion: "networking.k8s.io/v1", Kind: "NetworkPolicy"},
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}, Spec: spec,
	}
}

func bothTypes() []networkingv1.PolicyType {
	return []networkingv1.PolicyType{networkingv1.PolicyTypeIngress, networkingv1.PolicyTypeEgress}
}

func (l large) common(namespace string) []bulkhead.Object {
	dns := []networkingv1.NetworkPolicyPort{
		{Protocol: new(corev1.ProtocolUDP), Port: new(intstr.FromInt32(53))}, {Protocol: new(corev1.ProtocolTCP), Port: new(intstr.FromInt32(53))},
	}
	within := []networkingv1.NetworkPolicyPeer{{PodSelector: &metav1.LabelSelector{}}}
	return []bulkhead.Object{
		newPolicy(namespace, "default-deny", networkingv1.NetworkPolicySpec{PolicyTypes: bothTypes()}),
		newPolicy(namespace, "allow-dns", networkingv1.NetworkPolicySpec{
			PolicyTypes: bothTypes()[1:],
			Egress: []networkingv1.NetworkPolicyEgressRule{{Ports: dns, To: []networkingv1.NetworkPolicyPeer{
				{NamespaceSelector: &metav1.LabelSelector{MatchLabels: map[string]string{corev1.LabelMetadataName: "ns-000"}}},
			}}},
		}),
		newPolicy(namespace, "allow-within", networkingv1.NetworkPolicySpec{
			PolicyTypes: bothTypes(),
			Ingress:     []networkingv1.NetworkPolicyIngressRule{{From: within}},
			Egress:      []networkingv1.NetworkPolicyEgressRule{{To: within}},
		}),
	}
}

func (l large) selector() *metav1.LabelSelector {
	switch l.IntN(4) {
	case 0:
		return &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{
			{Key: "tier", Operator: metav1.LabelSelectorOpIn, Values: []string{fmt.Sprint("r", l.IntN(4)), fmt.Sprint("r", l.IntN(4))}},
		}}
	case 1:
		return &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{
			{Key: "app", Operator: metav1.LabelSelectorOpNotIn, Values: []string{fmt.Sprint("a", l.IntN(8))}},
		}}
	default:
		return &metav1.LabelSelector{MatchLabels: map[string]string{"app": fmt.Sprint("a", l.IntN(8)), "track": fmt.Sprint("k", l.IntN(2))}}
	}
}

// namespaces selects those of a team, of an environment, or all.
func (l large) namespaces() *metav1.LabelSelector {
	switch l.IntN(5) {
	case 0:
		return &metav1.LabelSelector{}
	case 1:
		return &metav1.LabelSelector{MatchLabels: map[string]string{"team": fmt.Sprint("t", l.IntN(10))}}
	default:
		return &metav1.LabelSelector{MatchLabels: map[string]string{"env": fmt.Sprint("e", l.IntN(3))}}
	}
}

func (l large) peers(namespaces int) []networkingv1.NetworkPolicyPeer {
	var out []networkingv1.NetworkPolicyPeer
	for range 1 + l.IntN(2) {
		switch l.IntN(4) {
		case 0:
			out = append(out, networkingv1.NetworkPolicyPeer{PodSelector: l.selector()})
		case 1:
			out = append(out, networkingv1.NetworkPolicyPeer{NamespaceSelector: &metav1.LabelSelector{
				MatchLabels: map[string]string{corev1.LabelMetadataName: fmt.Sprintf("ns-%03d", l.IntN(namespaces))},
			}})
		case 2:
			out = append(out, networkingv1.NetworkPolicyPeer{PodSelector: l.selector(), NamespaceSelector: l.namespaces()})
		default:
			block := &networkingv1.IPBlock{CIDR: fmt.Sprintf("203.%d.0.0/16", l.IntN(24))}
			if l.IntN(2) == 0 {
				block.Except = []string{block.CIDR[:len(block.CIDR)-len("0.0/16")] + "7.0/24"}
			}
			out = append(out, networkingv1.NetworkPolicyPeer{IPBlock: block})
		}
	}
	return out
}

func (l large) ports(peers []networkingv1.NetworkPolicyPeer) []networkingv1.NetworkPolicyPort {
	kind := l.IntN(5)
	if slices.ContainsFunc(peers, func(p networkingv1.NetworkPolicyPeer) bool { return p.IPBlock != nil }) {
		kind = 2 + l.IntN(3)
	}
	switch kind {
	case 0:
		return nil
	case 1:
		return []networkingv1.NetworkPolicyPort{{Port: new(intstr.FromString("http"))}}
	case 2:
		first := int32(8000 + l.IntN(500))
		return []networkingv1.NetworkPolicyPort{{Port: new(intstr.FromInt32(first)), EndPort: new(first + 500)}}
	case 3:
		return []networkingv1.NetworkPolicyPort{{Protocol: new(corev1.ProtocolUDP)}}
	default:
		return []networkingv1.NetworkPolicyPort{{Port: new(intstr.FromInt32(80))}, {Port: new(intstr.FromInt32(8080))}}
	}
}

func (l large) policy(namespace string, n, namespaces int) bulkhead.Object {
	spec := networkingv1.NetworkPolicySpec{PodSelector: *l.selector(), PolicyTypes: bothTypes()}
	for range 1 + l.IntN(2) {
		from, to := l.peers(namespaces), l.peers(namespaces)
		spec.Ingress = append(spec.Ingress, networkingv1.NetworkPolicyIngressRule{From: from, Ports: l.ports(from)})
		spec.Egress = append(spec.Egress, networkingv1.NetworkPolicyEgressRule{To: to, Ports: l.ports(to)})
	}
	return newPolicy(namespace, fmt.Sprint("policy-", n), spec)
}
