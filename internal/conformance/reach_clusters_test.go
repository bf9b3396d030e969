// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"fmt"
	"math/rand/v2"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/watertight-go/watertight/bulkhead"
)

// An architect makes random clusters of pods and network policies. Their parts are
// few, so that they meet, and nothing that engines are known to stumble over is left
// out. In a walled cluster most connections are closed but for some ports, so that
// it is these that decide.
type architect struct {
	*rand.Rand
	walled bool
}

func newArchitect(seed, n uint64) architect {
	r := rand.New(rand.NewPCG(seed, n))
	return architect{r, r.IntN(3) == 0}
}

// somewhere are addresses of nodes, of networks that policies name, and of none. The
// last is what the first four bytes of an IPv6 network read as IPv4.
func somewhere() []string {
	return []string{"172.18.0.1", "172.18.0.2", "192.0.2.7", "192.0.2.130", "203.0.113.9", "2001:db8::7", "32.1.13.184"}
}

func one[T any](a architect, choices ...T) T { return choices[a.IntN(len(choices))] }

// cluster makes three namespaces, two nodes, and some pods and policies.
func (a architect) cluster() (objs []bulkhead.Object, pods []*corev1.Pod) {
	for _, name := range []string{"shop", "lab", "edge"} {
		objs = append(objs, &corev1.Namespace{
			TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"},
			ObjectMeta: metav1.ObjectMeta{Name: name, Labels: a.labels()},
		})
	}
	for i := range 2 {
		node := &corev1.Node{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Node"}, ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprint("node-", i+1)}}
		node.Status.Addresses = []corev1.NodeAddress{{Type: corev1.NodeInternalIP, Address: fmt.Sprint("172.18.0.", i+1)}}
		objs = append(objs, node)
	}
	for i := range 3 + a.IntN(6) {
		pod := a.pod(i)
		objs, pods = append(objs, pod), append(pods, pod)
	}
	for i := range a.IntN(7) {
		objs = append(objs, a.policy(i))
	}
	return objs, pods
}

func (a architect) labels() map[string]string {
	out := make(map[string]string)
	for _, key := range []string{"app", "tier"} {
		if a.IntN(3) > 0 {
			out[key] = one(a, "a", "b", "c", "")
		}
	}
	return out
}

func (a architect) pod(i int) *corev1.Pod {
	node := 1 + a.IntN(2)
	pod := &corev1.Pod{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"},
		ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprint("pod-", i), Namespace: one(a, "shop", "lab", "edge"), Labels: a.labels()},
	}
	pod.Spec.HostNetwork = a.IntN(8) == 0
	pod.Spec.NodeName = fmt.Sprint("node-", node)
	pod.Status.HostIP = fmt.Sprint("172.18.0.", node)
	pod.Status.PodIP = fmt.Sprint("10.0.0.", i+1)
	if pod.Spec.HostNetwork {
		pod.Status.PodIP = pod.Status.HostIP
	}
	pod.Status.PodIPs = []corev1.PodIP{{IP: pod.Status.PodIP}}
	for j := range 1 + a.IntN(3) {
		container := corev1.Container{Name: fmt.Sprint("c", j), Image: "image"}
		for range a.IntN(3) {
			container.Ports = append(container.Ports, corev1.ContainerPort{
				Name: one(a, "web", "dns", ""), ContainerPort: a.number(), Protocol: one(a, corev1.ProtocolTCP, corev1.ProtocolUDP, corev1.ProtocolSCTP, ""),
			})
		}
		switch {
		case j > 0 && a.IntN(3) == 0:
			container.RestartPolicy = new(corev1.ContainerRestartPolicyAlways) // a sidecar
			pod.Spec.InitContainers = append(pod.Spec.InitContainers, container)
		case j > 0 && a.IntN(3) == 0:
			pod.Spec.InitContainers = append(pod.Spec.InitContainers, container)
		default:
			pod.Spec.Containers = append(pod.Spec.Containers, container)
		}
	}
	return pod
}

// number is a port around which policies decide.
func (a architect) number() int32 { return 79 + int32(a.IntN(8)) }

func (a architect) policy(i int) *networkingv1.NetworkPolicy {
	np := &networkingv1.NetworkPolicy{
		TypeMeta:   metav1.TypeMeta{APIVersion: "networking.k8s.io/v1", Kind: "NetworkPolicy"},
		ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprint("policy-", i), Namespace: one(a, "shop", "lab", "edge")},
	}
	np.Spec.PodSelector = *a.selector(false)
	both := []networkingv1.PolicyType{networkingv1.PolicyTypeIngress, networkingv1.PolicyTypeEgress}
	np.Spec.PolicyTypes = one(a, nil, both,
		[]networkingv1.PolicyType{networkingv1.PolicyTypeIngress},
		[]networkingv1.PolicyType{networkingv1.PolicyTypeEgress})
	for range a.some() {
		np.Spec.Ingress = append(np.Spec.Ingress, networkingv1.NetworkPolicyIngressRule{From: a.peers(), Ports: a.ports()})
	}
	for range a.some() {
		np.Spec.Egress = append(np.Spec.Egress, networkingv1.NetworkPolicyEgressRule{To: a.peers(), Ports: a.ports()})
	}
	return np
}

// selector is one over the labels of pods or, with names, of namespaces.
func (a architect) selector(names bool) *metav1.LabelSelector {
	s := &metav1.LabelSelector{}
	if a.walled && a.IntN(3) > 0 {
		return s
	}
	switch a.IntN(6) {
	case 0:
	case 1:
		s.MatchLabels = a.labels()
	case 2:
		s.MatchLabels = map[string]string{"app": one(a, "a", "b", "c", "")}
		if names {
			s.MatchLabels = map[string]string{corev1.LabelMetadataName: one(a, "shop", "lab", "edge", "none")}
		}
	default:
		for range 1 + a.IntN(2) {
			r := metav1.LabelSelectorRequirement{Key: one(a, "app", "tier"), Operator: one(a, metav1.LabelSelectorOpIn,
				metav1.LabelSelectorOpNotIn, metav1.LabelSelectorOpExists, metav1.LabelSelectorOpDoesNotExist)}
			if r.Operator == metav1.LabelSelectorOpIn || r.Operator == metav1.LabelSelectorOpNotIn {
				r.Values = one(a, []string{"a"}, []string{"b", "c"}, []string{"c", ""})
			}
			s.MatchExpressions = append(s.MatchExpressions, r)
		}
	}
	return s
}

// some is a length of a list. An empty one of peers or ports means all of them.
func (a architect) some() int {
	if a.walled {
		return 1 + a.IntN(2)
	}
	return a.IntN(3)
}

func (a architect) peers() (out []networkingv1.NetworkPolicyPeer) {
	for range a.some() {
		p := networkingv1.NetworkPolicyPeer{}
		switch a.IntN(4) {
		case 0:
			p.IPBlock = a.block()
		case 1:
			p.PodSelector = a.selector(false)
		case 2:
			p.NamespaceSelector = a.selector(true)
		default:
			p.PodSelector, p.NamespaceSelector = a.selector(false), a.selector(true)
		}
		out = append(out, p)
	}
	return out
}

func (a architect) block() *networkingv1.IPBlock {
	b := one(a,
		networkingv1.IPBlock{CIDR: "0.0.0.0/0", Except: []string{"10.0.0.4/30", "192.0.2.128/25"}},
		networkingv1.IPBlock{CIDR: "10.0.0.0/24", Except: []string{"10.0.0.4/30"}},
		networkingv1.IPBlock{CIDR: "192.0.2.0/24", Except: []string{"192.0.2.0/29"}},
		networkingv1.IPBlock{CIDR: "2001:db8::/32", Except: []string{"2001:db8::/64"}},
		networkingv1.IPBlock{CIDR: "10.0.0.0/29"}, networkingv1.IPBlock{CIDR: "10.0.0.4/30"}, networkingv1.IPBlock{CIDR: "172.18.0.0/31"},
		networkingv1.IPBlock{CIDR: "192.0.2.0/25"}, networkingv1.IPBlock{CIDR: "2001:db8::/32"}, networkingv1.IPBlock{CIDR: "::/0"})
	if a.IntN(2) == 0 {
		b.Except = nil
	}
	return &b
}

func (a architect) ports() (out []networkingv1.NetworkPolicyPort) {
	for range a.some() {
		p := networkingv1.NetworkPolicyPort{}
		if a.IntN(2) == 0 && !a.walled {
			p.Protocol = new(one(a, corev1.ProtocolTCP, corev1.ProtocolUDP, corev1.ProtocolSCTP))
		}
		kind := a.IntN(10)
		if a.walled {
			kind = 1 + a.IntN(7)
		}
		switch kind {
		case 0:
		case 1, 2:
			p.Port = new(intstr.FromString(one(a, "web", "dns")))
		case 3, 4, 5:
			first := a.number()
			p.Port, p.EndPort = new(intstr.FromInt32(first)), new(first+int32(a.IntN(5)))
		default:
			p.Port = new(intstr.FromInt32(a.number()))
		}
		out = append(out, p)
	}
	return out
}
