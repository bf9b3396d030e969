// SPDX-License-Identifier: Apache-2.0

package reach_test

import (
	"cmp"
	"maps"
	"net/netip"
	"slices"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
	policyv1alpha1 "sigs.k8s.io/network-policy-api/apis/v1alpha1"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol/reach"
)

// An oracle reads the API's text literally, for one connection at a time, and
// shares nothing with the engine.
type oracle struct {
	namespaces map[string]labels.Set
	nodes      []*corev1.Node
	pods       map[string]*corev1.Pod
	policies   []*networkingv1.NetworkPolicy
	cluster    []*policyv1alpha2.ClusterNetworkPolicy
}

// An end is a pod, or an address alone.
type end struct {
	pod  *corev1.Pod
	addr netip.Addr
}

func newOracle(objs []bulkhead.Object) *oracle {
	o := &oracle{namespaces: make(map[string]labels.Set), pods: make(map[string]*corev1.Pod)}
	for _, obj := range objs {
		switch v := obj.(type) {
		case *corev1.Namespace:
			set := labels.Set{corev1.LabelMetadataName: v.Name}
			maps.Copy(set, v.Labels)
			o.namespaces[v.Name] = set
		case *corev1.Node:
			o.nodes = append(o.nodes, v)
		case *corev1.Pod:
			o.pods[v.Namespace+"/"+v.Name] = v
		case *networkingv1.NetworkPolicy:
			o.policies = append(o.policies, v)
		case *policyv1alpha2.ClusterNetworkPolicy:
			o.cluster = append(o.cluster, v)
		case *policyv1alpha1.AdminNetworkPolicy:
			o.cluster = append(o.cluster, fromAdmin(v))
		}
	}
	slices.SortFunc(o.cluster, func(a, b *policyv1alpha2.ClusterNetworkPolicy) int {
		return cmp.Or(cmp.Compare(a.Spec.Priority, b.Spec.Priority), cmp.Compare(a.Name, b.Name))
	})
	return o
}

func (o *oracle) end(name string) end {
	if addr, err := netip.ParseAddr(name); err == nil {
		for _, pod := range o.pods {
			if !pod.Spec.HostNetwork && pod.Status.PodIP == name {
				return end{pod, addr}
			}
		}
		return end{addr: addr}
	}
	pod := o.pods[name]
	return end{pod, netip.MustParseAddr(pod.Status.PodIP)}
}

func (e end) onPodNetwork() bool { return e.pod != nil && !e.pod.Spec.HostNetwork }

func (o *oracle) allowed(from, to string, port reach.Port) bool {
	a, b := o.end(from), o.end(to)
	if a.pod != nil && a.pod == b.pod {
		return true
	}
	return (!a.onPodNetwork() || o.half(a, b, b, port, false)) && (!b.onPodNetwork() || o.half(b, a, b, port, true))
}

// half asks the policies of a pod about a connection, in one direction.
func (o *oracle) half(subject, other, receiver end, port reach.Port, in bool) bool {
	own := !other.onPodNetwork() && other.addr.String() == subject.pod.Status.HostIP
	if own && in {
		return true
	}
	if action := o.tier("Admin", subject, other, receiver, port, in); action == "Accept" || action == "Deny" {
		return action == "Accept"
	}
	isolated := false
	for _, np := range o.policies {
		if np.Namespace != subject.pod.Namespace || !selects(&np.Spec.PodSelector, subject.pod.Labels) || !governs(np, in) {
			continue
		}
		isolated = true
		if own {
			return true
		}
		if in {
			for _, r := range np.Spec.Ingress {
				if o.peers(np.Namespace, r.From, other) && policyPorts(r.Ports, receiver, port) {
					return true
				}
			}
		} else {
			for _, r := range np.Spec.Egress {
				if o.peers(np.Namespace, r.To, other) && policyPorts(r.Ports, receiver, port) {
					return true
				}
			}
		}
	}
	return !isolated && o.tier("Baseline", subject, other, receiver, port, in) != "Deny"
}

func governs(np *networkingv1.NetworkPolicy, in bool) bool {
	types := np.Spec.PolicyTypes
	if len(types) == 0 {
		return in || len(np.Spec.Egress) > 0
	}
	if in {
		return slices.Contains(types, networkingv1.PolicyTypeIngress)
	}
	return slices.Contains(types, networkingv1.PolicyTypeEgress)
}

func selects(s *metav1.LabelSelector, set map[string]string) bool {
	selector, err := metav1.LabelSelectorAsSelector(s)
	return err == nil && selector.Matches(labels.Set(set))
}

func (o *oracle) peers(namespace string, peers []networkingv1.NetworkPolicyPeer, other end) bool {
	return len(peers) == 0 || slices.ContainsFunc(peers, func(p networkingv1.NetworkPolicyPeer) bool {
		if p.IPBlock != nil {
			return in(p.IPBlock.CIDR, other.addr) && !slices.ContainsFunc(p.IPBlock.Except, func(e string) bool { return in(e, other.addr) })
		}
		if !other.onPodNetwork() {
			return false
		}
		if p.NamespaceSelector == nil && other.pod.Namespace != namespace {
			return false
		}
		return (p.NamespaceSelector == nil || selects(p.NamespaceSelector, o.namespaces[other.pod.Namespace])) &&
			(p.PodSelector == nil || selects(p.PodSelector, other.pod.Labels))
	})
}

func in(block string, addr netip.Addr) bool { return netip.MustParsePrefix(block).Contains(addr) }

func policyPorts(ports []networkingv1.NetworkPolicyPort, receiver end, port reach.Port) bool {
	return len(ports) == 0 || slices.ContainsFunc(ports, func(p networkingv1.NetworkPolicyPort) bool {
		protocol := corev1.ProtocolTCP
		if p.Protocol != nil {
			protocol = *p.Protocol
		}
		switch {
		case protocol != port.Protocol:
			return false
		case p.Port == nil:
			return true
		case p.Port.Type == intstr.String:
			return named(p.Port.StrVal, receiver, port)
		case p.EndPort != nil:
			return p.Port.IntVal <= int32(port.Number) && int32(port.Number) <= *p.EndPort
		default:
			return p.Port.IntVal == int32(port.Number)
		}
	})
}

// named reports whether a port of a pod has a name.
func named(name string, receiver end, port reach.Port) bool {
	if !receiver.onPodNetwork() {
		return false
	}
	containers := slices.Clone(receiver.pod.Spec.Containers)
	for _, c := range receiver.pod.Spec.InitContainers {
		if c.RestartPolicy != nil {
			containers = append(containers, c)
		}
	}
	for _, c := range containers {
		for _, p := range c.Ports {
			if p.Name == name && p.Protocol == port.Protocol && p.ContainerPort == int32(port.Number) {
				return true
			}
		}
	}
	return false
}

// tier returns the action of the first rule of a tier that matches.
func (o *oracle) tier(tier policyv1alpha2.Tier, subject, other, receiver end, port reach.Port, in bool) policyv1alpha2.ClusterNetworkPolicyRuleAction {
	for _, cnp := range o.cluster {
		if cnp.Spec.Tier != tier || !o.pod(cnp.Spec.Subject.Namespaces, cnp.Spec.Subject.Pods, subject) {
			continue
		}
		if in {
			for _, r := range cnp.Spec.Ingress {
				for _, p := range r.From {
					if o.pod(p.Namespaces, p.Pods, other) && protocols(r.Protocols, receiver, port) {
						return r.Action
					}
				}
			}
			continue
		}
		for _, r := range cnp.Spec.Egress {
			for _, p := range r.To {
				if o.destination(p, other) && protocols(r.Protocols, receiver, port) {
					return r.Action
				}
			}
		}
	}
	return ""
}

func (o *oracle) pod(namespaces *metav1.LabelSelector, pods *policyv1alpha2.NamespacedPod, e end) bool {
	if !e.onPodNetwork() {
		return false
	}
	set := o.namespaces[e.pod.Namespace]
	if namespaces != nil {
		return selects(namespaces, set)
	}
	return pods != nil && selects(&pods.NamespaceSelector, set) && selects(&pods.PodSelector, e.pod.Labels)
}

func (o *oracle) destination(p policyv1alpha2.ClusterNetworkPolicyEgressPeer, e end) bool {
	if p.Nodes != nil {
		return slices.ContainsFunc(o.nodes, func(n *corev1.Node) bool {
			return selects(p.Nodes, n.Labels) && n.Status.Addresses[0].Address == e.addr.String()
		})
	}
	if p.Networks != nil {
		return slices.ContainsFunc(p.Networks, func(c policyv1alpha2.CIDR) bool { return in(string(c), e.addr) })
	}
	return o.pod(p.Namespaces, p.Pods, e)
}

func protocols(list []policyv1alpha2.ClusterNetworkPolicyProtocol, receiver end, port reach.Port) bool {
	if len(list) == 0 {
		return true
	}
	in := func(p *policyv1alpha2.Port) bool {
		number := int32(port.Number)
		return p.Number == number || p.Range != nil && p.Range.Start <= number && number <= p.Range.End
	}
	for _, p := range list {
		switch {
		case p.TCP != nil && port.Protocol == corev1.ProtocolTCP && in(p.TCP.DestinationPort),
			p.UDP != nil && port.Protocol == corev1.ProtocolUDP && in(p.UDP.DestinationPort),
			p.SCTP != nil && port.Protocol == corev1.ProtocolSCTP && in(p.SCTP.DestinationPort),
			p.DestinationNamedPort != "" && named(p.DestinationNamedPort, receiver, port):
			return true
		}
	}
	return false
}

// fromAdmin reads the older kind as the newer one.
func fromAdmin(anp *policyv1alpha1.AdminNetworkPolicy) *policyv1alpha2.ClusterNetworkPolicy {
	out := &policyv1alpha2.ClusterNetworkPolicy{ObjectMeta: anp.ObjectMeta}
	out.Spec.Tier, out.Spec.Priority = "Admin", anp.Spec.Priority
	out.Spec.Subject = policyv1alpha2.ClusterNetworkPolicySubject{Namespaces: anp.Spec.Subject.Namespaces, Pods: (*policyv1alpha2.NamespacedPod)(anp.Spec.Subject.Pods)}
	action := func(a policyv1alpha1.AdminNetworkPolicyRuleAction) policyv1alpha2.ClusterNetworkPolicyRuleAction {
		if a == "Allow" {
			return "Accept"
		}
		return policyv1alpha2.ClusterNetworkPolicyRuleAction(a)
	}
	ports := func(list *[]policyv1alpha1.AdminNetworkPolicyPort) (out []policyv1alpha2.ClusterNetworkPolicyProtocol) {
		if list == nil {
			return nil
		}
		for _, p := range *list {
			one := policyv1alpha2.ClusterNetworkPolicyProtocol{}
			protocol, port := corev1.Protocol(""), &policyv1alpha2.Port{}
			switch {
			case p.NamedPort != nil:
				one.DestinationNamedPort = *p.NamedPort
			case p.PortRange != nil:
				protocol, port.Range = p.PortRange.Protocol, &policyv1alpha2.PortRange{Start: p.PortRange.Start, End: p.PortRange.End}
			default:
				protocol, port.Number = p.PortNumber.Protocol, p.PortNumber.Port
			}
			switch {
			case one.DestinationNamedPort != "":
			case protocol == corev1.ProtocolUDP:
				one.UDP = &policyv1alpha2.ClusterNetworkPolicyProtocolUDP{DestinationPort: port}
			case protocol == corev1.ProtocolSCTP:
				one.SCTP = &policyv1alpha2.ClusterNetworkPolicyProtocolSCTP{DestinationPort: port}
			default:
				one.TCP = &policyv1alpha2.ClusterNetworkPolicyProtocolTCP{DestinationPort: port}
			}
			out = append(out, one)
		}
		return out
	}
	for _, r := range anp.Spec.Ingress {
		one := policyv1alpha2.ClusterNetworkPolicyIngressRule{Action: action(r.Action), Protocols: ports(r.Ports)}
		for _, p := range r.From {
			one.From = append(one.From, policyv1alpha2.ClusterNetworkPolicyIngressPeer{Namespaces: p.Namespaces, Pods: (*policyv1alpha2.NamespacedPod)(p.Pods)})
		}
		out.Spec.Ingress = append(out.Spec.Ingress, one)
	}
	for _, r := range anp.Spec.Egress {
		one := policyv1alpha2.ClusterNetworkPolicyEgressRule{Action: action(r.Action), Protocols: ports(r.Ports)}
		for _, p := range r.To {
			peer := policyv1alpha2.ClusterNetworkPolicyEgressPeer{Namespaces: p.Namespaces, Pods: (*policyv1alpha2.NamespacedPod)(p.Pods), Nodes: p.Nodes}
			for _, n := range p.Networks {
				peer.Networks = append(peer.Networks, policyv1alpha2.CIDR(n))
			}
			one.To = append(one.To, peer)
		}
		out.Spec.Egress = append(out.Spec.Egress, one)
	}
	return out
}
