// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"net/netip"
	"slices"
)

// addresses is a set of IP addresses: ranges in order, which neither overlap nor
// touch. IPv4 comes before IPv6.
type addresses []addressRange

// An addressRange is the addresses from first to last, both included, of one family.
type addressRange struct{ first, last netip.Addr }

func rangeOf(prefix netip.Prefix) addressRange {
	prefix = prefix.Masked()
	bytes := prefix.Addr().AsSlice()
	for bit := prefix.Bits(); bit < 8*len(bytes); bit++ {
		bytes[bit/8] |= 0x80 >> (bit % 8)
	}
	last, _ := netip.AddrFromSlice(bytes) // its length is that of an address
	return addressRange{prefix.Addr(), last}
}

// addressesOf returns the union of ranges. It owns its argument.
func addressesOf(ranges []addressRange) addresses {
	slices.SortFunc(ranges, func(a, b addressRange) int { return a.first.Compare(b.first) })
	out := ranges[:0]
	for _, r := range ranges {
		if n := len(out); n > 0 && (r.first.Compare(out[n-1].last) <= 0 || out[n-1].last.Next() == r.first) {
			if out[n-1].last.Less(r.last) {
				out[n-1].last = r.last
			}
			continue
		}
		out = append(out, r)
	}
	return out
}

// minus returns the addresses of a that are not in b.
func (a addresses) minus(b addresses) addresses {
	var out addresses
	for _, r := range a {
		gone := false
		for _, hole := range b {
			if hole.last.Less(r.first) {
				continue
			}
			if r.last.Less(hole.first) {
				break
			}
			if r.first.Less(hole.first) {
				out = append(out, addressRange{r.first, hole.first.Prev()})
			}
			if gone = r.last.Compare(hole.last) <= 0; gone {
				break
			}
			r.first = hole.last.Next()
		}
		if !gone {
			out = append(out, r)
		}
	}
	return out
}

func (a addresses) has(addr netip.Addr) bool {
	low, high := 0, len(a)
	for low < high {
		if mid := (low + high) / 2; a[mid].last.Less(addr) {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low < len(a) && a[low].first.Compare(addr) <= 0
}

// prefixes returns the smallest list of prefixes that holds exactly the addresses.
func (a addresses) prefixes() []netip.Prefix {
	var out []netip.Prefix
	for _, r := range a {
		for first := r.first; first.IsValid() && first.Compare(r.last) <= 0; {
			bits := first.BitLen()
			for bits > 0 {
				wider := netip.PrefixFrom(first, bits-1).Masked()
				if wider.Addr() != first || r.last.Less(rangeOf(wider).last) {
					break
				}
				bits--
			}
			prefix := netip.PrefixFrom(first, bits)
			out = append(out, prefix)
			first = rangeOf(prefix).last.Next()
		}
	}
	return out
}

// everyAddress is all addresses of both families.
func everyAddress() addresses {
	return addresses{rangeOf(netip.PrefixFrom(netip.IPv4Unspecified(), 0)), rangeOf(netip.PrefixFrom(netip.IPv6Unspecified(), 0))}
}
