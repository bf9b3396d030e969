// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/watertight-go/watertight/netpol/internal/space"
)

// onlyDNS reports whether a rule is about name resolution and nothing else. A
// resolver serves, and is looked for in, the whole cluster; where it runs differs
// from platform to platform.
func onlyDNS(ports []networkingv1.NetworkPolicyPort) bool {
	isDNS := func(port networkingv1.NetworkPolicyPort) bool {
		return names(port, dnsPort) || names(port, openShiftDNSPort)
	}
	return len(ports) > 0 && !slices.ContainsFunc(ports, func(port networkingv1.NetworkPolicyPort) bool {
		return !isDNS(port) || protocolOf(port) == corev1.ProtocolSCTP
	})
}

// names reports whether a port entry is about this number alone.
func names(port networkingv1.NetworkPolicyPort, number int32) bool {
	return port.Port != nil && port.Port.Type == intstr.Int && port.Port.IntVal == number &&
		(port.EndPort == nil || *port.EndPort == number)
}

// A dnsGap is a port entry that opens the way to a resolver over one protocol, in
// a policy that opens it over the other to none of the same peers.
type dnsGap struct {
	rule   trafficRule
	entry  int // index in the rule's ports
	number int32
}

// dnsGaps returns the entries that allow DNS over a protocol in the egress rules
// of a policy, where over the missing one it is not allowed.
func dnsGaps(np *networkingv1.NetworkPolicy, over, missing corev1.Protocol) []dnsGap {
	var rules []trafficRule
	var peers int
	for rule := range effectiveRules(np) {
		if rule.direction == networkingv1.PolicyTypeEgress {
			rules = append(rules, rule)
			peers += len(rule.peers) + 1
		}
	}
	if peers > maxCompared {
		return nil
	}
	var out []dnsGap
	for _, rule := range rules {
		for i, port := range rule.ports {
			number, ok := dnsNumber(rule, port)
			if !ok || protocolOf(port) != over {
				continue
			}
			if !slices.ContainsFunc(rules, func(other trafficRule) bool {
				return mayAllow(other.ports, missing, number) && mayMeet(np.Namespace, rule.peers, other.peers)
			}) {
				out = append(out, dnsGap{rule, i, number})
			}
		}
	}
	return out
}

// dnsNumber returns the port of a resolver that an entry names. The one that
// OpenShift uses is also that of multicast DNS, so that it counts towards pods of
// other namespaces only. Of port 53 there OpenShiftDNSPort speaks.
func dnsNumber(rule trafficRule, port networkingv1.NetworkPolicyPort) (int32, bool) {
	if names(port, dnsPort) {
		elsewhere := slices.ContainsFunc(rule.peers, func(peer networkingv1.NetworkPolicyPeer) bool { return !isOpenShiftDNS(peer) })
		return dnsPort, elsewhere || len(rule.peers) == 0
	}
	elsewhere := len(rule.peers) > 0 && !slices.ContainsFunc(rule.peers, func(peer networkingv1.NetworkPolicyPeer) bool {
		return peer.NamespaceSelector == nil
	})
	return openShiftDNSPort, elsewhere && names(port, openShiftDNSPort)
}

// mayAllow is allows, but counts a named port of the protocol as allowing.
func mayAllow(ports []networkingv1.NetworkPolicyPort, protocol corev1.Protocol, number int32) bool {
	asked := space.OnePort(protocol, number)
	return len(ports) == 0 || slices.ContainsFunc(ports, func(port networkingv1.NetworkPolicyPort) bool {
		return space.PortOf(port).MayOverlap(asked)
	})
}

// mayMeet reports whether some pod or address can be among both lists of peers.
func mayMeet(namespace string, a, b []networkingv1.NetworkPolicyPeer) bool {
	if len(a) == 0 || len(b) == 0 {
		return true
	}
	for _, x := range a {
		for _, y := range b {
			one, oneOK := space.PeerOf(namespace, x)
			other, otherOK := space.PeerOf(namespace, y)
			if !oneOK || !otherOK || one.MayOverlap(other) {
				return true
			}
		}
	}
	return false
}
