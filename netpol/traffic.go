// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"net/netip"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/netpol/internal/space"
)

// podsOf reads the union of a subject or peer. Both selectors compile, see
// [readTiers].
func podsOf(namespaces *metav1.LabelSelector, pods *policyv1alpha2.NamespacedPod) space.Pods {
	out, _ := space.ClusterPodsOf(namespaces, pods)
	return out
}

// traffic is what a rule of a ClusterNetworkPolicy is about: the other ends and
// the ports of connections, whoever the subject is.
type traffic struct {
	pods     []space.Pods
	nodes    []space.Labels
	networks addresses
	// everyIPv4 and everyIPv6 say that the networks hold all addresses of a family.
	everyIPv4, everyIPv6 bool

	domains []string
	ports   []tierPort // none means every port of every protocol
}

// A tierPort is a range of ports of a protocol, or the name of a port. What
// number a name stands for is not known here.
type tierPort struct {
	protocol    corev1.Protocol
	first, last int32
	name        string
}

func trafficOf(rule tierRule) traffic {
	var t traffic
	var networks []netip.Prefix
	for _, peer := range rule.peers {
		switch {
		case peer.Namespaces != nil || peer.Pods != nil:
			t.pods = append(t.pods, podsOf(peer.Namespaces, peer.Pods))
		case peer.Nodes != nil:
			nodes, _ := space.LabelsOf(peer.Nodes)
			t.nodes = append(t.nodes, nodes)
		}
		for _, network := range peer.Networks {
			prefix, _ := parseNetwork(network)
			networks = append(networks, prefix)
		}
		for _, name := range peer.DomainNames {
			t.domains = append(t.domains, strings.ToLower(strings.TrimSuffix(string(name), ".")))
		}
	}
	t.networks = addressesOf(networks...)
	t.everyIPv4, t.everyIPv6 = t.networks.covers(everyIPv4()), t.networks.covers(everyIPv6())
	for _, p := range rule.protocols {
		switch {
		case p.TCP != nil:
			t.ports = append(t.ports, spanOf(corev1.ProtocolTCP, p.TCP.DestinationPort))
		case p.UDP != nil:
			t.ports = append(t.ports, spanOf(corev1.ProtocolUDP, p.UDP.DestinationPort))
		case p.SCTP != nil:
			t.ports = append(t.ports, spanOf(corev1.ProtocolSCTP, p.SCTP.DestinationPort))
		default:
			t.ports = append(t.ports, tierPort{name: p.DestinationNamedPort})
		}
	}
	return t
}

func spanOf(protocol corev1.Protocol, port *policyv1alpha2.Port) tierPort {
	if port.Range != nil {
		return tierPort{protocol: protocol, first: port.Range.Start, last: port.Range.End}
	}
	return tierPort{protocol: protocol, first: port.Number, last: port.Number}
}

// within reports whether wider provably holds all of t: each peer and each range
// of ports lies inside a single one of wider, and the networks inside all of its.
func (t traffic) within(wider traffic) bool {
	return t.portsWithin(wider) && (wider.everywhere() ||
		eachCovered(t.pods, wider.pods, space.Pods.Covers) &&
			eachCovered(t.nodes, wider.nodes, space.Labels.Covers) &&
			wider.networks.covers(t.networks) &&
			eachCovered(t.domains, wider.domains, func(w, n string) bool { return domainWithin(n, w) }))
}

func (t traffic) portsWithin(wider traffic) bool {
	if len(wider.ports) == 0 {
		return true
	}
	return len(t.ports) > 0 && eachCovered(t.ports, wider.ports, func(w, n tierPort) bool { return n.within(w) })
}

// everywhere reports whether the networks hold every address of both families,
// those of pods and nodes and those behind domain names included.
func (t traffic) everywhere() bool { return t.everyIPv4 && t.everyIPv6 }

// meets reports whether one connection can be part of both. Between pods, nodes,
// networks and domain names, whose addresses are not known here, it answers
// guess, except that a network of every address meets all. So it does between a
// named port and other ports.
func (t traffic) meets(other traffic, guess bool) bool {
	portsMeet := func(a, b tierPort) bool { return a.meets(b, guess) }
	if len(t.ports) > 0 && len(other.ports) > 0 && !anyMeets(t.ports, other.ports, portsMeet) {
		return false
	}
	if anyMeets(t.pods, other.pods, space.Pods.Overlaps) ||
		anyMeets(t.nodes, other.nodes, space.Labels.Overlaps) ||
		len(t.networks.and(other.networks)) > 0 ||
		anyMeets(t.domains, other.domains, func(a, b string) bool { return domainWithin(a, b) || domainWithin(b, a) }) {
		return true
	}
	return t.reaches(other, guess) || other.reaches(t, guess)
}

// reaches reports whether the addresses that t names, or stand behind its domain
// names, meet what other selects or names.
func (t traffic) reaches(other traffic, guess bool) bool {
	if len(other.pods)+len(other.nodes)+len(other.domains) == 0 {
		return false
	}
	return t.everyIPv4 || t.everyIPv6 || guess && len(t.networks)+len(t.domains) > 0
}

func (s tierPort) within(wider tierPort) bool {
	return s.name == wider.name && s.protocol == wider.protocol && wider.first <= s.first && s.last <= wider.last
}

// meets answers guess for a name and other ports, except that a range of every port
// meets all names, as if each were that of a port of its protocol.
func (s tierPort) meets(other tierPort, guess bool) bool {
	if s.name != other.name {
		return guess || s.every() || other.every()
	}
	return s.protocol == other.protocol && s.first <= other.last && other.first <= s.last
}

func (s tierPort) every() bool { return s.first == 1 && s.last == 65535 }

// domainWithin reads "*." as one label or more.
func domainWithin(name, wider string) bool {
	suffix, wild := strings.CutPrefix(wider, "*")
	return name == wider || wild && strings.HasSuffix(strings.TrimPrefix(name, "*"), suffix) && len(strings.TrimPrefix(name, "*")) > len(suffix)
}

// eachCovered reports whether each of the narrow is covered by a single one of the
// wide.
func eachCovered[T any](narrow, wide []T, covers func(wide, narrow T) bool) bool {
	return !slices.ContainsFunc(narrow, func(n T) bool {
		return !slices.ContainsFunc(wide, func(w T) bool { return covers(w, n) })
	})
}

func anyMeets[T any](a, b []T, meets func(T, T) bool) bool {
	for _, x := range a {
		if slices.ContainsFunc(b, func(y T) bool { return meets(x, y) }) {
			return true
		}
	}
	return false
}
