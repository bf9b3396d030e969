// SPDX-License-Identifier: Apache-2.0

package space_test

import (
	"net/netip"
	"reflect"
	"slices"
	"testing"

	networkingv1 "k8s.io/api/networking/v1"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/netpol/internal/space"
)

// addresses are those of the blocks that the generator draws, with some beside each
// of them, and the ends of both families.
func addresses() []netip.Addr {
	var out []netip.Addr
	for _, first := range []string{"192.0.1.255", "2001:db8::"} {
		addr := netip.MustParseAddr(first)
		for range 20 {
			out = append(out, addr)
			addr = addr.Next()
		}
	}
	for _, end := range []string{"0.0.0.0", "255.255.255.255", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::ffff:192.0.2.1"} {
		out = append(out, netip.MustParseAddr(end))
	}
	return out
}

func blocks() *rapid.Generator[netip.Prefix] {
	return rapid.Custom(func(t *rapid.T) netip.Prefix {
		last := byte(rapid.IntRange(0, 15).Draw(t, "address"))
		switch rapid.IntRange(0, 9).Draw(t, "kind") {
		case 0:
			return rapid.SampledFrom([]netip.Prefix{
				netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0"), netip.MustParsePrefix("255.255.255.255/32"),
				netip.MustParsePrefix("::/128"), netip.MustParsePrefix("0.0.0.0/1"), netip.MustParsePrefix("128.0.0.0/1"), netip.MustParsePrefix("8000::/1"),
			}).Draw(t, "far")
		case 1, 2, 3:
			base := netip.MustParseAddr("2001:db8::").As16()
			base[15] = last
			return netip.PrefixFrom(netip.AddrFrom16(base), rapid.IntRange(123, 128).Draw(t, "bits"))
		default:
			return netip.PrefixFrom(netip.AddrFrom4([4]byte{192, 0, 2, last}), rapid.IntRange(27, 32).Draw(t, "bits"))
		}
	})
}

func blockLists() *rapid.Generator[[]netip.Prefix] { return rapid.SliceOfN(blocks(), 0, 5) }

func inAny(list []netip.Prefix, addr netip.Addr) bool {
	return slices.ContainsFunc(list, func(block netip.Prefix) bool { return block.Contains(addr) })
}

func TestAddressesAreThoseOfTheirBlocks(t *testing.T) {
	all := addresses()
	rapid.Check(t, func(t *rapid.T) {
		blocksA, blocksB := blockLists().Draw(t, "a"), blockLists().Draw(t, "b")
		a, b := space.AddressesOf(blocksA...), space.AddressesOf(blocksB...)
		covers, overlaps, some := true, false, false
		for _, addr := range all {
			inA, inB := inAny(blocksA, addr), inAny(blocksB, addr)
			covers, overlaps, some = covers && (inA || !inB), overlaps || inA && inB, some || inB
			for operation, is := range map[string][2]bool{
				"a":               {a.Has(addr), inA},
				"a, as a set":     {a.Covers(space.OneAddress(addr)), inA},
				"a or b":          {a.Union(b).Has(addr), inA || inB},
				"a and b":         {a.Intersect(b).Has(addr), inA && inB},
				"a without b":     {a.Minus(b).Has(addr), inA && !inB},
				"b without a":     {b.Minus(a).Has(addr), inB && !inA},
				"a or nothing":    {a.Union().Has(addr), inA},
				"a minus nothing": {a.Minus(space.Addresses{}).Has(addr), inA},
			} {
				if is[0] != is[1] {
					t.Errorf("%s holds %s: %t, want %t", operation, addr, is[0], is[1])
				}
			}
		}
		if got := b.Empty(); got == some {
			t.Errorf("empty %t, holds some address %t", got, some)
		}
		if got := a.Overlaps(b); got != overlaps {
			t.Errorf("overlaps %t, some address is in both %t", got, overlaps)
		}
		if got := a.Covers(b); got != covers {
			t.Errorf("covers %t, every address is in it %t", got, covers)
		}
	})
}

func TestLawsOfAddresses(t *testing.T) {
	everything := space.AllIPv4().Union(space.AllIPv6())
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string) space.Addresses { return space.AddressesOf(blockLists().Draw(t, label)...) }
		a, b, c := draw("a"), draw("b"), draw("c")
		laws(t, a, b, c, everything)
		unionLaws(t, a, b, c)
		if rest := a.Minus(b); rest.Overlaps(b) || !reflect.DeepEqual(rest.Union(a.Intersect(b)), a) {
			t.Errorf("%v is taken apart by %v into %v and %v", a, b, rest, a.Intersect(b))
		}
		if a.Covers(b) != b.Minus(a).Empty() {
			t.Errorf("%v covers %v: %t, and leaves %v", a, b, a.Covers(b), b.Minus(a))
		}
		if c.Overlaps(a.Union(b)) && !c.Overlaps(a) && !c.Overlaps(b) { // a name of a port may: see TestNamesOverlapAllNumbers
			t.Errorf("%v overlaps %v and %v together, and neither", c, a, b)
		}
		if a.Size() > 5 {
			t.Errorf("five blocks make %d ranges", a.Size())
		}
	})
}

// unionLaws are those of sets that can be joined.
func unionLaws[S interface {
	set[S]
	Union(...S) S
}](t *rapid.T, a, b, c S) {
	equal := func(law string, x, y S) {
		t.Helper()
		if !reflect.DeepEqual(x, y) {
			t.Errorf("%s: %v and %v", law, x, y)
		}
	}
	var none S
	equal("a or a", a.Union(a), a)
	equal("a or b, and b or a", a.Union(b), b.Union(a))
	equal("all at once, and one after the other", a.Union(b, c), a.Union(b).Union(c))
	equal("nothing or a", none.Union(a), a)
	equal("a or what it has in common with b", a.Union(a.Intersect(b)), a)
	equal("a with what it or b has", a.Intersect(a.Union(b)), a)
	for law, holds := range map[string]bool{
		"a or b covers both":                 a.Union(b).Covers(a) && a.Union(b).Covers(b),
		"a covers b iff b adds nothing to a": a.Covers(b) == reflect.DeepEqual(a.Union(b), a),
		"what covers both covers a or b":     c.Covers(a.Union(b)) == (c.Covers(a) && c.Covers(b)),
		"what overlaps one overlaps a or b":  c.Overlaps(a.Union(b)) || !c.Overlaps(a) && !c.Overlaps(b),
	} {
		if !holds {
			t.Errorf("not true: %s (a %v, b %v, c %v)", law, a, b, c)
		}
	}
}

// The same addresses are the same value, however they are cut into blocks.
func TestAddressesAreOneValue(t *testing.T) {
	block := netip.MustParsePrefix
	for name, pair := range map[string][2]space.Addresses{
		"both halves":      {space.AddressesOf(block("128.0.0.0/1"), block("0.0.0.0/1")), space.AllIPv4()},
		"halves of IPv6":   {space.AddressesOf(block("::/1"), block("8000::/1")), space.AllIPv6()},
		"one in another":   {space.AddressesOf(block("10.0.0.0/8"), block("10.1.0.0/16")), space.AddressesOf(block("10.0.0.0/8"))},
		"bits beyond":      {space.AddressesOf(block("10.1.2.3/8")), space.AddressesOf(block("10.0.0.0/8"))},
		"cut and mended":   {space.AllIPv4().Minus(space.AddressesOf(block("10.0.0.0/8"))).Union(space.AddressesOf(block("10.0.0.0/8"))), space.AllIPv4()},
		"no blocks at all": {space.AddressesOf(), space.Addresses{}},
	} {
		t.Run(name, func(t *testing.T) {
			if !reflect.DeepEqual(pair[0], pair[1]) {
				t.Errorf("%v is not %v", pair[0], pair[1])
			}
		})
	}
	if ends := space.AllIPv4().Union(space.AllIPv6()); ends.Size() != 2 {
		t.Errorf("IPv4 and IPv6 touch: %v", ends)
	}
}

func TestBlocksOfPolicies(t *testing.T) {
	block := netip.MustParsePrefix
	tests := map[string]struct {
		block networkingv1.IPBlock
		want  space.Addresses
		ok    bool
	}{
		"without except":         {networkingv1.IPBlock{CIDR: "10.0.0.0/8"}, space.AddressesOf(block("10.0.0.0/8")), true},
		"half of it cut out":     {networkingv1.IPBlock{CIDR: "10.0.0.0/8", Except: []string{"10.0.0.0/9"}}, space.AddressesOf(block("10.128.0.0/9")), true},
		"all of it cut out":      {networkingv1.IPBlock{CIDR: "10.0.0.0/8", Except: []string{"10.0.0.0/9", "10.128.0.0/9"}}, space.Addresses{}, true},
		"an except beside it":    {networkingv1.IPBlock{CIDR: "10.0.0.0/8", Except: []string{"fd00::/8"}}, space.AddressesOf(block("10.0.0.0/8")), true},
		"no block":               {networkingv1.IPBlock{CIDR: "ten"}, space.Addresses{}, false},
		"an except that is none": {networkingv1.IPBlock{CIDR: "10.0.0.0/8", Except: []string{"10.1.2.3"}}, space.Addresses{}, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, ok := space.BlockOf(&tt.block)
			if ok != tt.ok || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("%v, %t, want %v, %t", got, ok, tt.want, tt.ok)
			}
		})
	}
}

func TestBlockIndexFindsTheBlockAround(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var index space.BlockIndex[string]
		held := blockLists().Draw(t, "held")
		for _, block := range held {
			if block.IsSingleIP() {
				index.AddAddress(block.Addr().String(), block.Masked().String())
			} else {
				index.Add(block.String(), block.Masked().String())
			}
		}
		index.Add("no block", "nothing")
		index.AddAddress("no address", "nothing")
		inner := blocks().Draw(t, "inner")
		around := func(block netip.Prefix) bool {
			return block.Bits() <= inner.Bits() && block.Contains(inner.Addr())
		}
		of, ok := index.Around(inner)
		if want := slices.ContainsFunc(held, around); ok != want {
			t.Fatalf("found %t, want %t", ok, want)
		}
		if ok && !around(netip.MustParsePrefix(of)) {
			t.Errorf("%s is not around %s", of, inner)
		}
	})
}

// The prefixes of a set hold exactly it, and no fewer would.
func TestPrefixesAreTheFewest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		set := space.AddressesOf(blockLists().Draw(t, "blocks")...).Minus(space.AddressesOf(blockLists().Draw(t, "holes")...))
		prefixes := set.Prefixes()
		if !reflect.DeepEqual(space.AddressesOf(prefixes...), set) {
			t.Fatalf("%v is not %v", prefixes, set)
		}
		for _, p := range prefixes {
			if p.Bits() == 0 {
				continue
			}
			if wider := netip.PrefixFrom(p.Addr(), p.Bits()-1).Masked(); set.Covers(space.AddressesOf(wider)) {
				t.Fatalf("%s is in the set, and %s is listed", wider, p)
			}
		}
	})
}
