// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"net/netip"
	"slices"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/netpol/internal/space"
)

// A blockUnion is the address blocks of a rule, joined.
type blockUnion struct {
	named   space.Addresses // of the blocks, with what their except cuts out
	allowed space.Addresses // without it
}

// blocksOf joins the blocks of peers. One that kube-apiserver refuses is left out.
func blocksOf(peers []networkingv1.NetworkPolicyPeer) blockUnion {
	var named, allowed []space.Addresses
	for _, peer := range peers {
		if peer.IPBlock == nil {
			continue
		}
		if block, ok := space.BlockOf(peer.IPBlock); ok {
			allowed = append(allowed, block)
			whole, _ := blockOf(peer) // parsed above
			named = append(named, space.AddressesOf(whole))
		}
	}
	return blockUnion{space.Addresses{}.Union(named...), space.Addresses{}.Union(allowed...)}
}

// An addressFamily is IPv4 or IPv6.
type addressFamily struct {
	name    string
	every   space.Addresses
	private space.Addresses // what clusters give to pods, nodes and services
}

// addressFamilies returns both. Private are the private IPv4 networks (RFC 1918),
// the shared address space that some clouds use for pods (RFC 6598), and unique
// local IPv6 addresses (RFC 4193).
func addressFamilies() []addressFamily {
	block := netip.MustParsePrefix
	return []addressFamily{
		{"IPv4", space.AllIPv4(), space.AddressesOf(
			block("10.0.0.0/8"), block("172.16.0.0/12"), block("192.168.0.0/16"), block("100.64.0.0/10"))},
		{"IPv6", space.AllIPv6(), space.AddressesOf(block("fc00::/7"))},
	}
}

// openFamilies returns the families of which a rule names every address and cuts
// no private one out.
func (b blockUnion) openFamilies() []addressFamily {
	if b.named.Empty() {
		return nil
	}
	var out []addressFamily
	for _, family := range addressFamilies() {
		if b.named.Covers(family.every) && b.allowed.Covers(family.private) {
			out = append(out, family)
		}
	}
	return out
}

// privateLeft returns the private networks that a rule of every IPv4 address holds
// as a whole while it cuts another one out as a whole: who does that means the
// outside. Who cuts out a part of one knows the ranges of the cluster.
func (b blockUnion) privateLeft() []string {
	if !b.named.Covers(space.AllIPv4()) {
		return nil
	}
	var left []string
	anyCut := false
	for _, network := range []string{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"} { // RFC 1918
		block := space.AddressesOf(netip.MustParsePrefix(network))
		if b.allowed.Covers(block) {
			left = append(left, network)
		} else if !b.allowed.Overlaps(block) {
			anyCut = true
		}
	}
	if !anyCut {
		return nil
	}
	return left
}

// isOpen reports whether [EveryAddress] speaks of the blocks.
func (b blockUnion) isOpen() bool { return len(b.openFamilies()) > 0 || len(b.privateLeft()) > 0 }

// metadataServers are the addresses at which clouds hand out credentials: the one
// of AWS, Azure, Google Cloud and others, and those of AWS and Google Cloud over
// IPv6 (Amazon EC2 User Guide, "Use the Instance Metadata Service"; Compute Engine
// documentation, "View and query VM metadata").
func metadataServers() []netip.Addr {
	return []netip.Addr{
		netip.MustParseAddr("169.254.169.254"),
		netip.MustParseAddr("fd00:ec2::254"),
		netip.MustParseAddr("fd20:ce::254"),
	}
}

// metadataIn returns the metadata servers among the addresses.
func metadataIn(set space.Addresses) []netip.Addr {
	return slices.DeleteFunc(metadataServers(), func(server netip.Addr) bool { return !set.Has(server) })
}

// reachesMetadata reports whether ports let a metadata server answer: all of them
// serve HTTP.
func reachesMetadata(ports []networkingv1.NetworkPolicyPort) bool {
	return allows(ports, corev1.ProtocolTCP, 80)
}
