// SPDX-License-Identifier: Apache-2.0

package space

import (
	"iter"
	"net/netip"
	"slices"

	networkingv1 "k8s.io/api/networking/v1"
)

// Addresses is a set of IP addresses of both families. An IPv4 address inside IPv6
// is one of IPv6.
type Addresses struct{ ranges ranges[netip.Addr] }

// AddressesOf returns the addresses of blocks. Bits beyond the length of one are
// ignored; all must be valid.
func AddressesOf(blocks ...netip.Prefix) Addresses {
	spans := make([]span[netip.Addr], len(blocks))
	for i, block := range blocks {
		spans[i] = span[netip.Addr]{block.Masked().Addr(), lastOf(block)}
	}
	return Addresses{join(spans)}
}

// OneAddress returns the set of an address.
func OneAddress(addr netip.Addr) Addresses { return Addresses{ranges[netip.Addr]{{addr, addr}}} }

// AllIPv4 returns every address of IPv4.
func AllIPv4() Addresses { return AddressesOf(netip.PrefixFrom(netip.IPv4Unspecified(), 0)) }

// AllIPv6 returns every address of IPv6.
func AllIPv6() Addresses { return AddressesOf(netip.PrefixFrom(netip.IPv6Unspecified(), 0)) }

// BlockOf returns the addresses of a block without those in its except, or none and
// false if the block is one that does not parse.
func BlockOf(block *networkingv1.IPBlock) (Addresses, bool) {
	cidr, err := netip.ParsePrefix(block.CIDR)
	if err != nil {
		return Addresses{}, false
	}
	excepts := make([]netip.Prefix, len(block.Except))
	for i, text := range block.Except {
		if excepts[i], err = netip.ParsePrefix(text); err != nil {
			return Addresses{}, false
		}
	}
	return AddressesOf(cidr).Minus(AddressesOf(excepts...)), true
}

// AddressesFrom returns the addresses from first to last, both included, which are of
// one family and in order.
func AddressesFrom(first, last netip.Addr) Addresses {
	return Addresses{ranges[netip.Addr]{{first, last}}}
}

// lastOf returns the last address of a block.
func lastOf(block netip.Prefix) netip.Addr {
	bytes := block.Masked().Addr().AsSlice()
	for bit := block.Bits(); bit < 8*len(bytes); bit++ {
		bytes[bit/8] |= 0x80 >> (bit % 8)
	}
	last, _ := netip.AddrFromSlice(bytes) // its length is that of an address
	return last
}

// Union returns the addresses that are in any of the sets. It sorts.
func (a Addresses) Union(more ...Addresses) Addresses {
	spans := slices.Clone(a.ranges)
	for _, m := range more {
		spans = append(spans, m.ranges...)
	}
	return Addresses{join(spans)}
}

// Minus returns the addresses of a that are not in b.
func (a Addresses) Minus(b Addresses) Addresses { return Addresses{a.ranges.minus(b.ranges)} }

// Intersect returns the addresses that are in both sets.
func (a Addresses) Intersect(b Addresses) Addresses { return Addresses{a.ranges.intersect(b.ranges)} }

// Covers reports whether every address of b is in a. Its time is proportional to
// the size of b, and to the logarithm of that of a.
func (a Addresses) Covers(b Addresses) bool { return a.ranges.covers(b.ranges) }

// Overlaps reports whether an address is in both sets.
func (a Addresses) Overlaps(b Addresses) bool { return a.ranges.overlaps(b.ranges) }

// Has reports whether an address is in the set, in logarithmic time.
func (a Addresses) Has(addr netip.Addr) bool { return a.ranges.holds(span[netip.Addr]{addr, addr}) }

// Ranges yields the first and the last address of each range, in order: the fewest that
// hold exactly the set. IPv4 comes before IPv6.
func (a Addresses) Ranges() iter.Seq2[netip.Addr, netip.Addr] {
	return func(yield func(first, last netip.Addr) bool) {
		for _, s := range a.ranges {
			if !yield(s.first, s.last) {
				return
			}
		}
	}
}

// Prefixes returns the fewest blocks that hold exactly the set, in order.
func (a Addresses) Prefixes() []netip.Prefix {
	var out []netip.Prefix
	for _, s := range a.ranges {
		for first := s.first; first.IsValid() && first.Compare(s.last) <= 0; {
			block := netip.PrefixFrom(first, first.BitLen())
			for block.Bits() > 0 {
				wider := netip.PrefixFrom(first, block.Bits()-1).Masked()
				if wider.Addr() != first || s.last.Less(lastOf(wider)) {
					break
				}
				block = wider
			}
			out = append(out, block)
			first = lastOf(block).Next()
		}
	}
	return out
}

// Empty reports whether there is no address in the set.
func (a Addresses) Empty() bool { return len(a.ranges) == 0 }

// Size is the number of ranges that the set is stored as.
func (a Addresses) Size() int { return len(a.ranges) }
