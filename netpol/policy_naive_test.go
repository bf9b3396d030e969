// SPDX-License-Identifier: Apache-2.0

package netpol_test

import (
	"net/netip"
	"slices"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
)

// A naive reading of NetworkPolicy over a small world in which every distinction
// that the generated policies can draw is drawn, so that two policies that let the
// same through here let the same through everywhere.

// A remote is the other end of a connection: a pod or an address.
type remote struct {
	namespace, pod labels.Set
	address        netip.Addr // valid if it is not a pod
}

// A door is a port of the receiving end, with the name its container gives it.
type door struct {
	protocol corev1.Protocol
	number   int32
	name     string
}

// remotes are pods with every labelling of one key, in namespaces with every
// labelling of one key, one of them the policies' own, and every address of the
// blocks with one beyond each end.
func remotes() []remote {
	var out []remote
	values := []string{"", "a", "b", "c"} // empty: the key is absent; c: no selector names it
	for _, name := range []string{"shop", "other"} {
		for _, env := range values {
			for _, app := range values {
				namespace, pod := labels.Set{"kubernetes.io/metadata.name": name}, labels.Set{}
				if env != "" {
					namespace["env"] = env
				}
				if app != "" {
					pod["app"] = app
				}
				out = append(out, remote{namespace: namespace, pod: pod})
			}
		}
	}
	for a := netip.MustParseAddr("192.0.1.255"); a.Less(netip.MustParseAddr("192.0.2.18")); a = a.Next() {
		out = append(out, remote{address: a})
	}
	return append(out, remote{address: netip.MustParseAddr("2001:db8::1")})
}

func doors() []door {
	var out []door
	for _, protocol := range []corev1.Protocol{corev1.ProtocolTCP, corev1.ProtocolUDP, corev1.ProtocolSCTP} {
		for _, number := range []int32{1, 2, 3, 4, 65535} {
			for _, name := range []string{"", "http", "admin"} {
				out = append(out, door{protocol, number, name})
			}
		}
	}
	return append(out, door{protocol: "ICMP"})
}

// lets reports whether a policy lets a connection through, in a direction that it
// governs.
func lets(np *networkingv1.NetworkPolicy, direction networkingv1.PolicyType, r remote, d door) bool {
	if direction == networkingv1.PolicyTypeIngress {
		return slices.ContainsFunc(np.Spec.Ingress, func(rule networkingv1.NetworkPolicyIngressRule) bool {
			return amongPeers(rule.From, r) && amongPorts(rule.Ports, d)
		})
	}
	return slices.ContainsFunc(np.Spec.Egress, func(rule networkingv1.NetworkPolicyEgressRule) bool {
		return amongPeers(rule.To, r) && amongPorts(rule.Ports, d)
	})
}

func amongPeers(peers []networkingv1.NetworkPolicyPeer, r remote) bool {
	return len(peers) == 0 || slices.ContainsFunc(peers, func(peer networkingv1.NetworkPolicyPeer) bool {
		switch {
		case peer.IPBlock != nil:
			return r.address.IsValid() && inBlock(peer.IPBlock, r.address)
		case r.address.IsValid():
			return false
		case peer.NamespaceSelector == nil:
			return r.namespace["kubernetes.io/metadata.name"] == "shop" && selects(peer.PodSelector, r.pod)
		default:
			return selects(peer.NamespaceSelector, r.namespace) && (peer.PodSelector == nil || selects(peer.PodSelector, r.pod))
		}
	})
}

func selects(selector *metav1.LabelSelector, set labels.Set) bool {
	return bulkhead.Must(metav1.LabelSelectorAsSelector(selector)).Matches(set)
}

func inBlock(block *networkingv1.IPBlock, a netip.Addr) bool {
	return netip.MustParsePrefix(block.CIDR).Contains(a) && !slices.ContainsFunc(block.Except, func(except string) bool {
		return netip.MustParsePrefix(except).Contains(a)
	})
}

func amongPorts(ports []networkingv1.NetworkPolicyPort, d door) bool {
	return len(ports) == 0 || slices.ContainsFunc(ports, func(port networkingv1.NetworkPolicyPort) bool {
		switch protocol := corev1.ProtocolTCP; {
		case port.Protocol != nil && *port.Protocol != d.protocol, port.Protocol == nil && protocol != d.protocol:
			return false
		case port.Port == nil:
			return true
		case port.Port.Type == intstr.String:
			return port.Port.StrVal == d.name
		case port.EndPort != nil:
			return port.Port.IntVal <= d.number && d.number <= *port.EndPort
		default:
			return port.Port.IntVal == d.number
		}
	})
}

// table says of every connection of the small world, always in the same order,
// whether a policy lets it through.
func table(np *networkingv1.NetworkPolicy) []bool {
	var out []bool
	ends, ports := remotes(), doors()
	for _, direction := range []networkingv1.PolicyType{networkingv1.PolicyTypeIngress, networkingv1.PolicyTypeEgress} {
		for _, r := range ends {
			for _, d := range ports {
				out = append(out, slices.Contains(np.Spec.PolicyTypes, direction) && lets(np, direction, r, d))
			}
		}
	}
	return out
}

// Generators of what the small world tells apart.

func smallSelectors(key string) *rapid.Generator[*metav1.LabelSelector] {
	return rapid.Custom(func(t *rapid.T) *metav1.LabelSelector {
		out := &metav1.LabelSelector{}
		if rapid.Bool().Draw(t, "matchLabels") {
			out.MatchLabels = map[string]string{key: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "value")}
		}
		for range rapid.IntRange(0, 2).Draw(t, "expressions") {
			r := metav1.LabelSelectorRequirement{Key: key, Operator: rapid.SampledFrom([]metav1.LabelSelectorOperator{
				metav1.LabelSelectorOpIn, metav1.LabelSelectorOpNotIn, metav1.LabelSelectorOpExists, metav1.LabelSelectorOpDoesNotExist,
			}).Draw(t, "operator")}
			if r.Operator == metav1.LabelSelectorOpIn || r.Operator == metav1.LabelSelectorOpNotIn {
				r.Values = rapid.SampledFrom([][]string{{"a"}, {"b"}, {"a", "b"}}).Draw(t, "values")
			}
			out.MatchExpressions = append(out.MatchExpressions, r)
		}
		return out
	})
}

func smallNamespaces() *rapid.Generator[*metav1.LabelSelector] {
	byName := rapid.Custom(func(t *rapid.T) *metav1.LabelSelector {
		return &metav1.LabelSelector{MatchLabels: map[string]string{
			"kubernetes.io/metadata.name": rapid.SampledFrom([]string{"shop", "other"}).Draw(t, "namespace"),
		}}
	})
	return rapid.OneOf(smallSelectors("env"), byName)
}

func smallBlocks() *rapid.Generator[*networkingv1.IPBlock] {
	return rapid.Custom(func(t *rapid.T) *networkingv1.IPBlock {
		prefix := func(longerThan int) netip.Prefix {
			base := netip.AddrFrom4([4]byte{192, 0, 2, byte(rapid.IntRange(0, 15).Draw(t, "address"))})
			return netip.PrefixFrom(base, rapid.IntRange(longerThan+1, 32).Draw(t, "bits")).Masked()
		}
		cidr := prefix(26)
		block := &networkingv1.IPBlock{CIDR: cidr.String()}
		for range rapid.IntRange(0, 2).Draw(t, "excepts") {
			if cidr.Bits() == 32 {
				break
			}
			if except := prefix(cidr.Bits()); cidr.Overlaps(except) {
				block.Except = append(block.Except, except.String())
			}
		}
		return block
	})
}

func smallPeers() *rapid.Generator[networkingv1.NetworkPolicyPeer] {
	return rapid.Custom(func(t *rapid.T) networkingv1.NetworkPolicyPeer {
		switch rapid.IntRange(0, 3).Draw(t, "kind") {
		case 0:
			return networkingv1.NetworkPolicyPeer{PodSelector: smallSelectors("app").Draw(t, "pods")}
		case 1:
			return networkingv1.NetworkPolicyPeer{NamespaceSelector: smallNamespaces().Draw(t, "namespaces")}
		case 2:
			return networkingv1.NetworkPolicyPeer{
				NamespaceSelector: smallNamespaces().Draw(t, "namespaces"),
				PodSelector:       smallSelectors("app").Draw(t, "pods"),
			}
		default:
			return networkingv1.NetworkPolicyPeer{IPBlock: smallBlocks().Draw(t, "block")}
		}
	})
}

func smallPorts() *rapid.Generator[networkingv1.NetworkPolicyPort] {
	return rapid.Custom(func(t *rapid.T) networkingv1.NetworkPolicyPort {
		var out networkingv1.NetworkPolicyPort
		if rapid.Bool().Draw(t, "protocol given") {
			protocol := rapid.SampledFrom([]corev1.Protocol{corev1.ProtocolTCP, corev1.ProtocolUDP}).Draw(t, "protocol")
			out.Protocol = &protocol
		}
		switch rapid.IntRange(0, 4).Draw(t, "port") {
		case 0: // every port
		case 1:
			port := intstr.FromString(rapid.SampledFrom([]string{"http", "admin"}).Draw(t, "name"))
			out.Port = &port
		case 2:
			port, end := intstr.FromInt32(1), int32(65535)
			out.Port, out.EndPort = &port, &end
		case 3:
			port := intstr.FromInt32(rapid.Int32Range(1, 4).Draw(t, "first"))
			end := rapid.Int32Range(port.IntVal, 4).Draw(t, "last")
			out.Port, out.EndPort = &port, &end
		default:
			port := intstr.FromInt32(rapid.Int32Range(1, 4).Draw(t, "number"))
			out.Port = &port
		}
		return out
	})
}

// smallPolicies have one rule or more of each direction, with up to the given
// number of rules, peers and ports.
func smallPolicies(rules, peers, ports int) *rapid.Generator[*networkingv1.NetworkPolicy] {
	return rapid.Custom(func(t *rapid.T) *networkingv1.NetworkPolicy {
		np := &networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web"}}
		np.Spec.PolicyTypes = []networkingv1.PolicyType{networkingv1.PolicyTypeIngress, networkingv1.PolicyTypeEgress}
		for range rapid.IntRange(1, rules).Draw(t, "ingress rules") {
			np.Spec.Ingress = append(np.Spec.Ingress, networkingv1.NetworkPolicyIngressRule{
				From:  rapid.SliceOfN(smallPeers(), 0, peers).Draw(t, "from"),
				Ports: rapid.SliceOfN(smallPorts(), 0, ports).Draw(t, "ports"),
			})
		}
		for range rapid.IntRange(1, rules).Draw(t, "egress rules") {
			np.Spec.Egress = append(np.Spec.Egress, networkingv1.NetworkPolicyEgressRule{
				To:    rapid.SliceOfN(smallPeers(), 0, peers).Draw(t, "to"),
				Ports: rapid.SliceOfN(smallPorts(), 0, ports).Draw(t, "ports"),
			})
		}
		return np
	})
}
