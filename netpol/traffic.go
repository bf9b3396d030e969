// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"net/netip"
	"slices"

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
	networks space.Addresses
	// everyIPv4 and everyIPv6 say that the networks hold all addresses of a family.
	everyIPv4, everyIPv6 bool

	domains []space.Domain
	ports   []space.Ports // one for each entry; none means every port of every protocol
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
			t.domains = append(t.domains, space.DomainOf(string(name)))
		}
	}
	t.networks = space.AddressesOf(networks...)
	t.everyIPv4, t.everyIPv6 = t.networks.Covers(space.AllIPv4()), t.networks.Covers(space.AllIPv6())
	for _, p := range rule.protocols {
		t.ports = append(t.ports, space.ClusterPortOf(p))
	}
	return t
}

// within reports whether wider provably holds all of t: each peer and each range
// of ports lies inside a single one of wider, and the networks inside all of its.
func (t traffic) within(wider traffic) bool {
	return t.portsWithin(wider) && (wider.everywhere() ||
		eachCovered(wider.pods, t.pods) &&
			eachCovered(wider.nodes, t.nodes) &&
			wider.networks.Covers(t.networks) &&
			eachCovered(wider.domains, t.domains))
}

func (t traffic) portsWithin(wider traffic) bool {
	if len(wider.ports) == 0 {
		return true
	}
	return len(t.ports) > 0 && eachCovered(wider.ports, t.ports)
}

// everywhere reports whether the networks hold every address of both families,
// those of pods and nodes and those behind domain names included.
func (t traffic) everywhere() bool { return t.everyIPv4 && t.everyIPv6 }

// meets reports whether one connection can be part of both. Between pods, nodes,
// networks and domain names, whose addresses are not known here, it answers
// guess, except that a network of every address meets all. So it does between a
// named port and other ports.
func (t traffic) meets(other traffic, guess bool) bool {
	portsMeet := space.Ports.Overlaps
	if guess {
		portsMeet = space.Ports.MayOverlap
	}
	if len(t.ports) > 0 && len(other.ports) > 0 && !anyMeets(t.ports, other.ports, portsMeet) {
		return false
	}
	if anyMeets(t.pods, other.pods, space.Pods.Overlaps) ||
		anyMeets(t.nodes, other.nodes, space.Labels.Overlaps) ||
		t.networks.Overlaps(other.networks) ||
		anyMeets(t.domains, other.domains, space.Domain.Overlaps) {
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
	return t.everyIPv4 || t.everyIPv6 || guess && (!t.networks.Empty() || len(t.domains) > 0)
}

func anyMeets[T any](a, b []T, meets func(T, T) bool) bool {
	for _, x := range a {
		if slices.ContainsFunc(b, func(y T) bool { return meets(x, y) }) {
			return true
		}
	}
	return false
}
