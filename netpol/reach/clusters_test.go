// SPDX-License-Identifier: Apache-2.0

package reach_test

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"pgregory.net/rapid"
	policyv1alpha1 "sigs.k8s.io/network-policy-api/apis/v1alpha1"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
)

// The parts of random clusters are few, so that they meet.
var (
	someNamespaces = rapid.SampledFrom([]string{"shop", "lab", "edge"})
	someKeys       = rapid.SampledFrom([]string{"app", "tier"})
	someValues     = rapid.SampledFrom([]string{"a", "b", "c"})
	someProtocols  = rapid.SampledFrom([]corev1.Protocol{corev1.ProtocolTCP, corev1.ProtocolUDP, corev1.ProtocolSCTP})
	someNumbers    = rapid.Int32Range(79, 84)
	someNames      = rapid.SampledFrom([]string{"web", "dns"})
	someBlocks     = rapid.SampledFrom([]string{"10.0.0.0/24", "10.0.0.0/29", "10.0.0.4/30", "172.18.0.0/31", "192.0.2.0/24", "0.0.0.0/0", "2001:db8::/32"})
	someAddresses  = []string{"192.0.2.7", "203.0.113.9", "2001:db8::7", "172.18.0.1", "172.18.0.2", "10.0.0.2"}
	someLabels     = rapid.MapOfN(someKeys, someValues, 0, 2)
)

// drawSelector draws a selector over the labels of pods or, with names, of
// namespaces too.
func drawSelector(t *rapid.T, names bool) metav1.LabelSelector {
	s := metav1.LabelSelector{}
	switch rapid.IntRange(0, 5).Draw(t, "selector") {
	case 0:
	case 1, 2:
		s.MatchLabels = someLabels.Draw(t, "labels")
	case 3:
		if names {
			s.MatchLabels = map[string]string{corev1.LabelMetadataName: someNamespaces.Draw(t, "name")}
		}
	default:
		op := rapid.SampledFrom([]metav1.LabelSelectorOperator{
			metav1.LabelSelectorOpIn, metav1.LabelSelectorOpNotIn, metav1.LabelSelectorOpExists, metav1.LabelSelectorOpDoesNotExist,
		}).Draw(t, "operator")
		r := metav1.LabelSelectorRequirement{Key: someKeys.Draw(t, "key"), Operator: op}
		if op == metav1.LabelSelectorOpIn || op == metav1.LabelSelectorOpNotIn {
			r.Values = rapid.SliceOfNDistinct(someValues, 1, 2, rapid.ID).Draw(t, "values")
		}
		s.MatchExpressions = append(s.MatchExpressions, r)
	}
	return s
}

func drawPorts(t *rapid.T) []networkingv1.NetworkPolicyPort {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) networkingv1.NetworkPolicyPort {
		p := networkingv1.NetworkPolicyPort{}
		if rapid.Bool().Draw(t, "protocol") {
			p.Protocol = new(someProtocols.Draw(t, "protocol"))
		}
		switch rapid.IntRange(0, 4).Draw(t, "port") {
		case 0:
		case 1:
			p.Port = new(intstr.FromString(someNames.Draw(t, "name")))
		case 2:
			first := someNumbers.Draw(t, "first")
			p.Port, p.EndPort = new(intstr.FromInt32(first)), new(first+rapid.Int32Range(0, 3).Draw(t, "more"))
		default:
			p.Port = new(intstr.FromInt32(someNumbers.Draw(t, "number")))
		}
		return p
	}), 0, 2).Draw(t, "ports")
}

func drawPeers(t *rapid.T) []networkingv1.NetworkPolicyPeer {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) networkingv1.NetworkPolicyPeer {
		p := networkingv1.NetworkPolicyPeer{}
		switch rapid.IntRange(0, 3).Draw(t, "peer") {
		case 0:
			p.IPBlock = &networkingv1.IPBlock{CIDR: someBlocks.Draw(t, "cidr")}
			if p.IPBlock.CIDR == "0.0.0.0/0" || p.IPBlock.CIDR == "10.0.0.0/24" {
				p.IPBlock.Except = []string{"10.0.0.4/30"}
			}
		case 1:
			p.PodSelector = new(drawSelector(t, false))
		case 2:
			p.NamespaceSelector = new(drawSelector(t, true))
		default:
			p.PodSelector, p.NamespaceSelector = new(drawSelector(t, false)), new(drawSelector(t, true))
		}
		return p
	}), 0, 2).Draw(t, "peers")
}

func drawNetworkPolicy(t *rapid.T, name string) *networkingv1.NetworkPolicy {
	np := &networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: someNamespaces.Draw(t, "namespace")}}
	np.Spec.PodSelector = drawSelector(t, false)
	np.Spec.PolicyTypes = rapid.SampledFrom([][]networkingv1.PolicyType{
		nil, {networkingv1.PolicyTypeIngress}, {networkingv1.PolicyTypeEgress}, {networkingv1.PolicyTypeIngress, networkingv1.PolicyTypeEgress},
	}).Draw(t, "types")
	for range rapid.IntRange(0, 2).Draw(t, "ingress") {
		np.Spec.Ingress = append(np.Spec.Ingress, networkingv1.NetworkPolicyIngressRule{From: drawPeers(t), Ports: drawPorts(t)})
	}
	for range rapid.IntRange(0, 2).Draw(t, "egress") {
		np.Spec.Egress = append(np.Spec.Egress, networkingv1.NetworkPolicyEgressRule{To: drawPeers(t), Ports: drawPorts(t)})
	}
	return np
}

func drawPods(t *rapid.T) (*metav1.LabelSelector, *policyv1alpha2.NamespacedPod) {
	if rapid.Bool().Draw(t, "namespaces") {
		return new(drawSelector(t, true)), nil
	}
	return nil, &policyv1alpha2.NamespacedPod{NamespaceSelector: drawSelector(t, true), PodSelector: drawSelector(t, false)}
}

func drawProtocols(t *rapid.T, names bool) []policyv1alpha2.ClusterNetworkPolicyProtocol {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) policyv1alpha2.ClusterNetworkPolicyProtocol {
		number := someNumbers.Draw(t, "number")
		port := &policyv1alpha2.Port{Number: number}
		if rapid.Bool().Draw(t, "range") {
			port = &policyv1alpha2.Port{Range: &policyv1alpha2.PortRange{Start: number, End: number + 2}}
		}
		p := policyv1alpha2.ClusterNetworkPolicyProtocol{}
		switch kind := rapid.IntRange(0, 3).Draw(t, "kind"); {
		case kind == 0:
			p.UDP = &policyv1alpha2.ClusterNetworkPolicyProtocolUDP{DestinationPort: port}
		case kind == 1:
			p.SCTP = &policyv1alpha2.ClusterNetworkPolicyProtocolSCTP{DestinationPort: port}
		case kind == 2 && names:
			p.DestinationNamedPort = someNames.Draw(t, "name")
		default:
			p.TCP = &policyv1alpha2.ClusterNetworkPolicyProtocolTCP{DestinationPort: port}
		}
		return p
	}), 0, 2).Draw(t, "protocols")
}

func drawEgressPeers(t *rapid.T) (peers []policyv1alpha2.ClusterNetworkPolicyEgressPeer, onlyPods bool) {
	onlyPods = true
	for range rapid.IntRange(1, 2).Draw(t, "peers") {
		p := policyv1alpha2.ClusterNetworkPolicyEgressPeer{}
		switch rapid.IntRange(0, 4).Draw(t, "peer") {
		case 0:
			p.Networks, onlyPods = []policyv1alpha2.CIDR{policyv1alpha2.CIDR(someBlocks.Draw(t, "network"))}, false
		case 1:
			p.Nodes, onlyPods = new(drawSelector(t, false)), false
		default:
			p.Namespaces, p.Pods = drawPods(t)
		}
		peers = append(peers, p)
	}
	return peers, onlyPods
}

var someActions = rapid.SampledFrom([]policyv1alpha2.ClusterNetworkPolicyRuleAction{"Accept", "Deny", "Pass"})

func drawClusterPolicy(t *rapid.T, name string) *policyv1alpha2.ClusterNetworkPolicy {
	cnp := &policyv1alpha2.ClusterNetworkPolicy{ObjectMeta: metav1.ObjectMeta{Name: name}}
	cnp.Spec.Tier = rapid.SampledFrom([]policyv1alpha2.Tier{"Admin", "Baseline"}).Draw(t, "tier")
	cnp.Spec.Priority = rapid.Int32Range(0, 4).Draw(t, "priority")
	cnp.Spec.Subject.Namespaces, cnp.Spec.Subject.Pods = drawPods(t)
	for range rapid.IntRange(0, 2).Draw(t, "ingress") {
		r := policyv1alpha2.ClusterNetworkPolicyIngressRule{Action: someActions.Draw(t, "action"), Protocols: drawProtocols(t, true)}
		for range rapid.IntRange(1, 2).Draw(t, "peers") {
			p := policyv1alpha2.ClusterNetworkPolicyIngressPeer{}
			p.Namespaces, p.Pods = drawPods(t)
			r.From = append(r.From, p)
		}
		cnp.Spec.Ingress = append(cnp.Spec.Ingress, r)
	}
	for range rapid.IntRange(0, 2).Draw(t, "egress") {
		peers, onlyPods := drawEgressPeers(t)
		cnp.Spec.Egress = append(cnp.Spec.Egress, policyv1alpha2.ClusterNetworkPolicyEgressRule{
			Action: someActions.Draw(t, "action"), To: peers, Protocols: drawProtocols(t, onlyPods),
		})
	}
	for i, r := range cnp.Spec.Ingress {
		if len(r.Protocols) == 0 {
			cnp.Spec.Ingress[i].Protocols = nil
		}
	}
	for i, r := range cnp.Spec.Egress {
		if len(r.Protocols) == 0 {
			cnp.Spec.Egress[i].Protocols = nil
		}
	}
	return cnp
}

// asAdmin writes a policy in the older kinds, as far as these can say it.
func asAdmin(cnp *policyv1alpha2.ClusterNetworkPolicy) bulkhead.Object {
	action := func(a policyv1alpha2.ClusterNetworkPolicyRuleAction) string {
		if a == "Accept" {
			return "Allow"
		}
		return string(a)
	}
	ports := func(protocols []policyv1alpha2.ClusterNetworkPolicyProtocol) *[]policyv1alpha1.AdminNetworkPolicyPort {
		if protocols == nil {
			return nil
		}
		var out []policyv1alpha1.AdminNetworkPolicyPort
		for _, p := range protocols {
			add := func(protocol corev1.Protocol, port *policyv1alpha2.Port) {
				if port.Range != nil {
					out = append(out, policyv1alpha1.AdminNetworkPolicyPort{PortRange: &policyv1alpha1.PortRange{Protocol: protocol, Start: port.Range.Start, End: port.Range.End}})
				} else {
					out = append(out, policyv1alpha1.AdminNetworkPolicyPort{PortNumber: &policyv1alpha1.Port{Protocol: protocol, Port: port.Number}})
				}
			}
			switch {
			case p.TCP != nil:
				add("", p.TCP.DestinationPort) // TCP is the default
			case p.UDP != nil:
				add(corev1.ProtocolUDP, p.UDP.DestinationPort)
			case p.SCTP != nil:
				add(corev1.ProtocolSCTP, p.SCTP.DestinationPort)
			default:
				out = append(out, policyv1alpha1.AdminNetworkPolicyPort{NamedPort: new(p.DestinationNamedPort)})
			}
		}
		return &out
	}
	anp := &policyv1alpha1.AdminNetworkPolicy{ObjectMeta: cnp.ObjectMeta}
	anp.Spec.Priority = cnp.Spec.Priority
	anp.Spec.Subject = policyv1alpha1.AdminNetworkPolicySubject{Namespaces: cnp.Spec.Subject.Namespaces, Pods: (*policyv1alpha1.NamespacedPod)(cnp.Spec.Subject.Pods)}
	for _, r := range cnp.Spec.Ingress {
		out := policyv1alpha1.AdminNetworkPolicyIngressRule{Action: policyv1alpha1.AdminNetworkPolicyRuleAction(action(r.Action)), Ports: ports(r.Protocols)}
		for _, p := range r.From {
			out.From = append(out.From, policyv1alpha1.AdminNetworkPolicyIngressPeer{Namespaces: p.Namespaces, Pods: (*policyv1alpha1.NamespacedPod)(p.Pods)})
		}
		anp.Spec.Ingress = append(anp.Spec.Ingress, out)
	}
	for _, r := range cnp.Spec.Egress {
		out := policyv1alpha1.AdminNetworkPolicyEgressRule{Action: policyv1alpha1.AdminNetworkPolicyRuleAction(action(r.Action)), Ports: ports(r.Protocols)}
		for _, p := range r.To {
			peer := policyv1alpha1.AdminNetworkPolicyEgressPeer{Namespaces: p.Namespaces, Pods: (*policyv1alpha1.NamespacedPod)(p.Pods), Nodes: p.Nodes}
			for _, n := range p.Networks {
				peer.Networks = append(peer.Networks, policyv1alpha1.CIDR(n))
			}
			out.To = append(out.To, peer)
		}
		anp.Spec.Egress = append(anp.Spec.Egress, out)
	}
	return anp
}

// drawPlaces draws three namespaces, two nodes and some pods, all of them known in full.
func drawPlaces(t *rapid.T) []bulkhead.Object {
	var objs []bulkhead.Object
	for _, name := range []string{"shop", "lab", "edge"} {
		objs = append(objs, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: someLabels.Draw(t, "labels")}})
	}
	for i := range 2 {
		node := &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprint("node-", i), Labels: someLabels.Draw(t, "labels")}}
		node.Status.Addresses = []corev1.NodeAddress{{Type: corev1.NodeInternalIP, Address: fmt.Sprint("172.18.0.", i+1)}}
		objs = append(objs, node)
	}
	for i := range rapid.IntRange(1, 6).Draw(t, "pods") {
		objs = append(objs, drawPod(t, i))
	}
	return objs
}

func drawPod(t *rapid.T, i int) *corev1.Pod {
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{
		Name: fmt.Sprint("pod-", i), Namespace: someNamespaces.Draw(t, "namespace"), Labels: someLabels.Draw(t, "labels"),
	}}
	pod.Spec.HostNetwork = rapid.IntRange(0, 4).Draw(t, "host") == 0
	node := rapid.IntRange(0, 1).Draw(t, "node")
	pod.Spec.NodeName = fmt.Sprint("node-", node)
	pod.Status.HostIP = fmt.Sprint("172.18.0.", node+1)
	pod.Status.PodIP = fmt.Sprint("10.0.0.", i+1)
	if pod.Spec.HostNetwork {
		pod.Status.PodIP = pod.Status.HostIP
	}
	for j := range rapid.IntRange(0, 2).Draw(t, "ports") {
		container := corev1.Container{Name: fmt.Sprint("c", j), Ports: []corev1.ContainerPort{{
			Name: someNames.Draw(t, "port"), ContainerPort: someNumbers.Draw(t, "number"), Protocol: someProtocols.Draw(t, "protocol"),
		}}}
		if rapid.IntRange(0, 3).Draw(t, "sidecar") == 0 {
			container.RestartPolicy = new(corev1.ContainerRestartPolicyAlways)
			pod.Spec.InitContainers = append(pod.Spec.InitContainers, container)
		} else {
			pod.Spec.Containers = append(pod.Spec.Containers, container)
		}
	}
	return pod
}

// drawPolicies draws policies of all kinds, those of tiers with priorities of their own.
func drawPolicies(t *rapid.T, tiers bool) []bulkhead.Object {
	var objs []bulkhead.Object
	for i := range rapid.IntRange(0, 4).Draw(t, "network policies") {
		objs = append(objs, drawNetworkPolicy(t, fmt.Sprint("policy-", i)))
	}
	if !tiers {
		return objs
	}
	taken := make(map[string]bool)
	for i := range rapid.IntRange(0, 3).Draw(t, "cluster policies") {
		cnp := drawClusterPolicy(t, fmt.Sprint("cluster-", i))
		key := fmt.Sprint(cnp.Spec.Tier, cnp.Spec.Priority)
		if taken[key] {
			continue
		}
		taken[key] = true
		if cnp.Spec.Tier == "Admin" && rapid.Bool().Draw(t, "older kind") {
			objs = append(objs, asAdmin(cnp))
		} else {
			objs = append(objs, cnp)
		}
	}
	return objs
}
