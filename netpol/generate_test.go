// SPDX-License-Identifier: Apache-2.0

package netpol_test

import (
	"net/netip"

	corev1 "k8s.io/api/core/v1"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/netpol"
)

// Generators of arguments that every builder accepts.

func names() *rapid.Generator[string] { return rapid.StringMatching(`[a-z]([-a-z0-9]{0,20}[a-z0-9])?`) }

func labelMaps() *rapid.Generator[map[string]string] {
	key := rapid.StringMatching(`([a-z]{1,8}\.example/)?[A-Za-z]([-A-Za-z0-9_.]{0,10}[A-Za-z0-9])?`)
	value := rapid.StringMatching(`([A-Za-z0-9]([-A-Za-z0-9_.]{0,10}[A-Za-z0-9])?)?`)
	return rapid.MapOfN(key, value, 1, 3)
}

func pods() *rapid.Generator[netpol.Pods] {
	return rapid.Map(labelMaps(), func(m map[string]string) netpol.Pods { return m })
}

// blocks draws address blocks, the whole address space included.
func blocks() *rapid.Generator[netip.Prefix] {
	return rapid.Custom(func(t *rapid.T) netip.Prefix {
		size := rapid.SampledFrom([]int{4, 16}).Draw(t, "bytes of an address")
		addr, _ := netip.AddrFromSlice(rapid.SliceOfN(rapid.Byte(), size, size).Draw(t, "address"))
		if addr.Is4In6() { // not an IPv6 block to the API server
			addr = addr.Unmap()
		}
		return netip.PrefixFrom(addr, rapid.IntRange(0, addr.BitLen()).Draw(t, "bits")).Masked()
	})
}

// blockPeers draws blocks, some with a smaller block cut out.
func blockPeers() *rapid.Generator[netpol.Peer] {
	return rapid.Custom(func(t *rapid.T) netpol.Peer {
		outer := blocks().Draw(t, "block")
		if outer.IsSingleIP() || rapid.Bool().Draw(t, "without except") {
			return netpol.CIDR(outer)
		}
		bits := rapid.IntRange(outer.Bits()+1, outer.Addr().BitLen()).Draw(t, "bits of except")
		return netpol.CIDR(outer, netip.PrefixFrom(outer.Addr(), bits))
	})
}

func peers() *rapid.Generator[[]netpol.Peer] {
	asPeer := func(p netpol.Pods) netpol.Peer { return p }
	one := rapid.OneOf(
		rapid.Map(pods(), asPeer),
		rapid.Map(names(), func(n string) netpol.Peer { return netpol.Namespace(n) }),
		rapid.Map(labelMaps(), func(m map[string]string) netpol.Peer { return netpol.Namespaces(m) }),
		rapid.Custom(func(t *rapid.T) netpol.Peer {
			return pods().Draw(t, "pods").In(namespaceSets().Draw(t, "namespaces"))
		}),
		blockPeers(),
		rapid.SampledFrom([]netpol.Peer{netpol.AllPods, netpol.AllNamespaces}),
	)
	return rapid.OneOf(
		rapid.SliceOfN(one, 1, 3),
		rapid.Just([]netpol.Peer{netpol.Anyone}),
	)
}

func namespaceSets() *rapid.Generator[netpol.NamespaceSet] {
	return rapid.OneOf(
		rapid.Map(names(), func(name string) netpol.NamespaceSet { return netpol.Namespace(name) }),
		rapid.Just[netpol.NamespaceSet](netpol.AllNamespaces),
	)
}

func protocols() *rapid.Generator[corev1.Protocol] {
	return rapid.SampledFrom([]corev1.Protocol{corev1.ProtocolTCP, corev1.ProtocolUDP, corev1.ProtocolSCTP})
}

func somePorts() *rapid.Generator[netpol.Ports] {
	number := rapid.Uint16Min(1)
	return rapid.OneOf(
		rapid.Map(rapid.SliceOfN(number, 1, 3), func(n []uint16) netpol.Ports { return netpol.TCP(n...) }),
		rapid.Map(rapid.SliceOfN(number, 1, 3), func(n []uint16) netpol.Ports { return netpol.UDP(n...) }),
		rapid.Map(rapid.SliceOfN(number, 1, 3), func(n []uint16) netpol.Ports { return netpol.SCTP(n...) }),
		rapid.Custom(func(t *rapid.T) netpol.Ports {
			first := number.Draw(t, "first")
			return netpol.Range(protocols().Draw(t, "protocol"), first, rapid.Uint16Range(first, 65535).Draw(t, "last"))
		}),
		rapid.Custom(func(t *rapid.T) netpol.Ports {
			name := rapid.StringMatching(`[a-z]([a-z0-9]{0,6}-)?[a-z0-9]{1,6}`)
			return netpol.Named(protocols().Draw(t, "protocol"), name.Draw(t, "name"))
		}),
		rapid.Just(netpol.AnyPort()),
	)
}

func flows() *rapid.Generator[netpol.Flow] {
	return rapid.Custom(func(t *rapid.T) netpol.Flow {
		begin := rapid.SampledFrom([]func(...netpol.Peer) netpol.Flow{netpol.From, netpol.To}).Draw(t, "direction")
		return begin(peers().Draw(t, "peers")...).On(somePorts().Draw(t, "ports"))
	})
}

func subjects() *rapid.Generator[netpol.Subject] {
	return rapid.OneOf(
		rapid.Map(pods(), func(p netpol.Pods) netpol.Subject { return p }),
		rapid.Just(netpol.Subject(netpol.AllPods)),
	)
}

// portsOfServers draws ports, none of them a resolver's.
func portsOfServers() *rapid.Generator[uint16] { return rapid.Uint16Range(6000, 65535) }
