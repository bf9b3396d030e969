// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/netpol/reach"
)

// An exchange is addresses outside the cluster, in words, with the same ports.
type exchange struct {
	reach.External
	addresses string
}

// merged puts into words the addresses with which a workload can exchange the same.
// The engine tells them apart by their policies; those with the same ports are one
// exchange here.
func merged(externals []reach.External) []exchange {
	var out []exchange
	for _, e := range externals {
		at := slices.IndexFunc(out, func(o exchange) bool { return o.Verdict == e.Verdict && o.Ports.Equal(e.Ports) })
		if at < 0 {
			out = append(out, exchange{External: e})
			continue
		}
		out[at].Prefixes = slices.Concat(out[at].Prefixes, e.Prefixes)
	}
	for i := range out {
		out[i].addresses = addressesText(out[i].Prefixes)
	}
	return out
}

// addressesText names the addresses in a few words: all, all but a few prefixes, or
// the first prefix and how many more there are.
func addressesText(prefixes []netip.Prefix) string {
	v4, v6 := slices.Clone(prefixes), slices.Clone(prefixes)
	v4 = slices.DeleteFunc(v4, func(p netip.Prefix) bool { return !p.Addr().Is4() })
	v6 = slices.DeleteFunc(v6, func(p netip.Prefix) bool { return p.Addr().Is4() })
	four, six := familyText(v4, netip.MustParsePrefix("0.0.0.0/0"), "any IPv4 address"), familyText(v6, netip.MustParsePrefix("::/0"), "any IPv6 address")
	switch {
	case six == "":
		return four
	case four == "":
		return six
	case len(v4) == 1 && len(v6) == 1 && v4[0].Bits() == 0 && v6[0].Bits() == 0:
		return "any address"
	default:
		return four + ", " + six
	}
}

// fewPrefixes is how many an exception may have.
const fewPrefixes = 2

// familyText is addressesText for the addresses of one family.
func familyText(prefixes []netip.Prefix, all netip.Prefix, every string) string {
	switch {
	case len(prefixes) == 0:
		return ""
	case prefixes[0] == all:
		return every
	case len(prefixes) == 1:
		return prefixText(prefixes[0])
	}
	slices.SortFunc(prefixes, func(a, b netip.Prefix) int { return a.Addr().Compare(b.Addr()) })
	if holes := complement(all, prefixes); len(holes) <= fewPrefixes {
		words := []string{every}
		for i, h := range holes {
			words = append(words, []string{"but", "and"}[i], prefixText(h))
		}
		return strings.Join(words, " ")
	}
	return fmt.Sprintf("%s and %d more", prefixText(prefixes[0]), len(prefixes)-1)
}

// prefixText writes a single address without its length.
func prefixText(p netip.Prefix) string {
	if p.IsSingleIP() {
		return p.Addr().String()
	}
	return p.String()
}

// complement returns prefixes of all that none of the given ones holds, and stops when
// they are more than a few. The given ones are in order and do not overlap.
func complement(all netip.Prefix, prefixes []netip.Prefix) []netip.Prefix {
	if !slices.ContainsFunc(prefixes, all.Overlaps) {
		return []netip.Prefix{all}
	}
	if slices.ContainsFunc(prefixes, func(p netip.Prefix) bool { return p.Bits() <= all.Bits() && p.Overlaps(all) }) {
		return nil
	}
	inside := slices.DeleteFunc(slices.Clone(prefixes), func(p netip.Prefix) bool { return !p.Overlaps(all) })
	low := netip.PrefixFrom(all.Addr(), all.Bits()+1)
	out := complement(low, inside)
	if len(out) > fewPrefixes {
		return out
	}
	return append(out, complement(netip.PrefixFrom(firstAbove(low), low.Bits()), inside)...)
}

// firstAbove returns the address of the prefix that follows one of the same length.
func firstAbove(low netip.Prefix) netip.Addr {
	bytes := low.Addr().AsSlice()
	bit := low.Bits() - 1
	bytes[bit/8] |= 0x80 >> (bit % 8)
	out, _ := netip.AddrFromSlice(bytes)
	return out
}
