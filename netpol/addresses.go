// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"net/netip"
	"slices"

	networkingv1 "k8s.io/api/networking/v1"
)

// addresses is a set of IP addresses: ranges in order, which neither overlap nor
// touch. IPv4 comes before IPv6, and no range holds both.
type addresses []addressRange

// An addressRange is the addresses from first to last, both included.
type addressRange struct{ first, last netip.Addr }

// addressesOf returns the addresses of prefixes, all of which must be valid.
func addressesOf(prefixes ...netip.Prefix) addresses {
	var out addresses
	for _, prefix := range prefixes {
		out = append(out, addressRange{prefix.Masked().Addr(), lastOf(prefix)})
	}
	return union(out)
}

// blockAddresses returns the addresses of a block without those in except, or
// nothing and false if the block is one that kube-apiserver refuses.
func blockAddresses(block *networkingv1.IPBlock) (addresses, bool) {
	cidr, err := netip.ParsePrefix(block.CIDR)
	if err != nil {
		return nil, false
	}
	excepts := make([]netip.Prefix, len(block.Except))
	for i, text := range block.Except {
		if excepts[i], err = netip.ParsePrefix(text); err != nil {
			return nil, false
		}
	}
	return addressesOf(cidr).minus(addressesOf(excepts...)), true
}

// lastOf returns the last address of a prefix.
func lastOf(prefix netip.Prefix) netip.Addr {
	bytes := prefix.Masked().Addr().AsSlice()
	for bit := prefix.Bits(); bit < 8*len(bytes); bit++ {
		bytes[bit/8] |= 0x80 >> (bit % 8)
	}
	last, _ := netip.AddrFromSlice(bytes) // its length is that of an address
	return last
}

// union joins sets.
func union(sets ...addresses) addresses {
	all := slices.Concat(sets...)
	slices.SortFunc(all, func(a, b addressRange) int { return a.first.Compare(b.first) })
	var out addresses
	for _, r := range all {
		if len(out) == 0 || !touches(out[len(out)-1], r.first) {
			out = append(out, r)
		} else if last := &out[len(out)-1].last; last.Less(r.last) {
			*last = r.last
		}
	}
	return out
}

// touches reports whether a range that begins at addr, or before it, overlaps or
// touches it.
func touches(r addressRange, addr netip.Addr) bool {
	return r.last.Compare(addr) >= 0 || r.last.Next() == addr // the last of a family has no next
}

// minus returns the addresses of a that are not in b.
func (a addresses) minus(b addresses) addresses {
	var out addresses
	for _, r := range a {
		for len(b) > 0 && b[0].last.Less(r.first) {
			b = b[1:]
		}
		for _, hole := range b {
			if r.last.Less(hole.first) {
				break
			}
			if r.first.Less(hole.first) {
				out = append(out, addressRange{r.first, hole.first.Prev()})
			}
			if r.last.Compare(hole.last) <= 0 {
				r.first = netip.Addr{} // nothing is left of it
				break
			}
			r.first = hole.last.Next()
		}
		if r.first.IsValid() {
			out = append(out, r)
		}
	}
	return out
}

// and returns the addresses that are in both sets.
func (a addresses) and(b addresses) addresses { return a.minus(a.minus(b)) }

// covers reports whether every address of b is in a.
func (a addresses) covers(b addresses) bool {
	return !slices.ContainsFunc(b, func(r addressRange) bool { return !a.holds(r) })
}

// holds reports whether a range is in a: then it is in a single one of a's ranges,
// since these do not touch.
func (a addresses) holds(r addressRange) bool {
	after, _ := slices.BinarySearchFunc(a, r.first, func(x addressRange, first netip.Addr) int {
		if first.Less(x.first) {
			return 1
		}
		return -1
	})
	return after > 0 && r.last.Compare(a[after-1].last) <= 0
}

// everyIPv4 and everyIPv6 are all addresses of a family.
func everyIPv4() addresses { return addressesOf(netip.MustParsePrefix("0.0.0.0/0")) }
func everyIPv6() addresses { return addressesOf(netip.MustParsePrefix("::/0")) }
