// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"cmp"
	"maps"
	"net/netip"
	"slices"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/watertight-go/watertight/bulkhead"
)

// A query asks for a connection. It is what the peers read, a JSON line each.
type query struct {
	From     string          `json:"from"`
	To       string          `json:"to"`
	Port     int32           `json:"port"`
	Protocol corev1.Protocol `json:"protocol"`
}

// A literal reads the text of the NetworkPolicy API word by word, for one connection
// at a time. Faults make it stumble where a peer does, so that it says what such a
// peer answers.
type literal struct {
	namespaces map[string]map[string]string
	pods       map[string]*corev1.Pod
	policies   []*networkingv1.NetworkPolicy
	faults     faults
}

// An end is a pod, or an address alone.
type end struct {
	pod  *corev1.Pod
	addr netip.Addr
}

func newLiteral(objs []bulkhead.Object) *literal {
	l := &literal{namespaces: make(map[string]map[string]string), pods: make(map[string]*corev1.Pod)}
	for _, obj := range objs {
		switch v := obj.(type) {
		case *corev1.Namespace:
			set := map[string]string{corev1.LabelMetadataName: v.Name}
			maps.Copy(set, v.Labels)
			l.namespaces[v.Name] = set
		case *corev1.Pod:
			l.pods[v.Namespace+"/"+v.Name] = v
		case *networkingv1.NetworkPolicy:
			l.policies = append(l.policies, v)
		}
	}
	return l
}

func (l *literal) end(name string) end {
	if pod, known := l.pods[name]; known {
		return end{pod, netip.MustParseAddr(pod.Status.PodIP)}
	}
	return end{addr: netip.MustParseAddr(name)}
}

// policed reports whether policies apply to an end: "NetworkPolicies apply to a
// connection with a pod on one or both ends", and those on the network of their node
// are that node.
func (l *literal) policed(e end) bool {
	return e.pod != nil && (!e.pod.Spec.HostNetwork || l.faults.has(hostNetworkPoliced))
}

// allowed asks both sides: "For a connection from a source pod to a destination pod to
// be allowed, both the egress policy on the source pod and the ingress policy on the
// destination pod need to allow the connection."
func (l *literal) allowed(q query) bool {
	from, to := l.end(q.From), l.end(q.To)
	if from.pod != nil && from.pod == to.pod && !l.faults.has(ownPodPoliced) {
		return true // "A Pod cannot block access to itself"
	}
	return l.sends(from, to, q) && l.accepts(from, to, q)
}

func (l *literal) sends(from, to end, q query) bool {
	return !l.policed(from) || l.half(networkingv1.PolicyTypeEgress, from, to, to, q)
}

func (l *literal) accepts(from, to end, q query) bool {
	return !l.policed(to) || l.half(networkingv1.PolicyTypeIngress, to, from, to, q)
}

func (l *literal) half(side networkingv1.PolicyType, subject, other, receiver end, q query) bool {
	// "Traffic to and from the node where a Pod is running is always allowed."
	own := !l.policed(other) && other.addr.String() == subject.pod.Status.HostIP
	if own && !l.faults.has(ownNodePoliced) {
		return true
	}
	isolated := false
	for np := range l.isolating(subject, side) {
		isolated = true
		for _, r := range rulesOf(np, side) {
			if l.peers(np.Namespace, r.peers, other) && l.ports(r.ports, receiver, q) {
				return true
			}
		}
	}
	return !isolated
}

// isolating yields the policies that isolate a pod on a side.
func (l *literal) isolating(subject end, side networkingv1.PolicyType) func(func(*networkingv1.NetworkPolicy) bool) {
	return func(yield func(*networkingv1.NetworkPolicy) bool) {
		for _, np := range l.policies {
			types := np.Spec.PolicyTypes
			if len(types) == 0 {
				types = append(types, networkingv1.PolicyTypeIngress)
				if len(np.Spec.Egress) > 0 {
					types = append(types, networkingv1.PolicyTypeEgress)
				}
			}
			if np.Namespace == subject.pod.Namespace && slices.Contains(types, side) && l.selects(&np.Spec.PodSelector, subject.pod.Labels) && !yield(np) {
				return
			}
		}
	}
}

// A rule is one of either side.
type rule struct {
	peers []networkingv1.NetworkPolicyPeer
	ports []networkingv1.NetworkPolicyPort
}

func rulesOf(np *networkingv1.NetworkPolicy, side networkingv1.PolicyType) (out []rule) {
	if side == networkingv1.PolicyTypeIngress {
		for _, r := range np.Spec.Ingress {
			out = append(out, rule{r.From, r.Ports})
		}
		return out
	}
	for _, r := range np.Spec.Egress {
		out = append(out, rule{r.To, r.Ports})
	}
	return out
}

func (l *literal) peers(namespace string, list []networkingv1.NetworkPolicyPeer, other end) bool {
	return len(list) == 0 || slices.ContainsFunc(list, func(p networkingv1.NetworkPolicyPeer) bool {
		switch {
		case p.IPBlock != nil:
			return l.within(p.IPBlock, other)
		case !l.policed(other):
			return false
		case p.NamespaceSelector == nil && other.pod.Namespace != namespace:
			return false
		case p.NamespaceSelector != nil && !l.selects(p.NamespaceSelector, l.namespaces[other.pod.Namespace]):
			return false
		default:
			return p.PodSelector == nil || l.selects(p.PodSelector, other.pod.Labels)
		}
	})
}

func (l *literal) within(block *networkingv1.IPBlock, other end) bool {
	if l.policed(other) && l.faults.has(blocksMissPods) {
		return false
	}
	in := func(cidr string) bool { return l.prefix(cidr).Contains(other.addr) }
	return in(block.CIDR) && !slices.ContainsFunc(block.Except, in)
}

func (l *literal) prefix(cidr string) netip.Prefix {
	prefix := netip.MustParsePrefix(cidr)
	if prefix.Addr().Is6() && l.faults.has(ipv6AsIPv4) {
		bytes := prefix.Masked().Addr().As16()
		return netip.PrefixFrom(netip.AddrFrom4([4]byte(bytes[:4])), min(prefix.Bits(), 32))
	}
	return prefix
}

func (l *literal) ports(list []networkingv1.NetworkPolicyPort, receiver end, q query) bool {
	return len(list) == 0 || slices.ContainsFunc(list, func(p networkingv1.NetworkPolicyPort) bool {
		protocol := corev1.ProtocolTCP
		if p.Protocol != nil {
			protocol = *p.Protocol
		}
		switch {
		case p.Port == nil && l.faults.has(protocolAloneIsAny):
			return true
		case protocol != q.Protocol:
			return false
		case p.Port == nil:
			return true
		case p.Port.Type == intstr.String:
			return l.named(p.Port.StrVal, receiver, q)
		case p.EndPort != nil:
			return p.Port.IntVal <= q.Port && q.Port <= *p.EndPort
		default:
			return p.Port.IntVal == q.Port
		}
	})
}

// named reports whether the port is one that the receiving pod calls so. Names come
// from containers and from sidecars, init containers that are restarted always.
func (l *literal) named(name string, receiver end, q query) bool {
	if !l.policed(receiver) {
		return false
	}
	containers := receiver.pod.Spec.Containers
	for _, c := range receiver.pod.Spec.InitContainers {
		if c.RestartPolicy != nil && !l.faults.has(noSidecars) {
			containers = append(slices.Clip(containers), c)
		}
	}
	for _, c := range containers {
		for _, p := range c.Ports {
			same := cmp.Or(p.Protocol, corev1.ProtocolTCP) == q.Protocol && p.ContainerPort == q.Port
			switch {
			case same && p.Name == name:
				return true
			case same && l.faults.has(onePortName), p.Name == name && l.faults.has(firstNamedPort):
				return false
			}
		}
	}
	return false
}

func (l *literal) selects(s *metav1.LabelSelector, labels map[string]string) bool {
	for key, want := range s.MatchLabels {
		value, has := labels[key]
		if value != want || !has && !l.faults.has(absentIsEmpty) {
			return false
		}
	}
	for _, r := range s.MatchExpressions {
		value, has := labels[r.Key]
		matches := false
		switch r.Operator {
		case metav1.LabelSelectorOpIn:
			matches = has && slices.Contains(r.Values, value)
		case metav1.LabelSelectorOpNotIn:
			matches = !slices.Contains(r.Values, value)
			if !has {
				matches = !l.faults.has(notInNeedsKey)
			}
		case metav1.LabelSelectorOpExists:
			matches = has
		case metav1.LabelSelectorOpDoesNotExist:
			matches = !has
		}
		if !matches {
			return false
		}
	}
	return true
}
