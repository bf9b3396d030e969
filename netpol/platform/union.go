// SPDX-License-Identifier: Apache-2.0

package platform

import (
	"net/netip"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

const anyone = "where that is meant, use netpol.Allow with netpol.Anyone"

// wholeFamilies refuses blocks that together cover every address of a family,
// such as its two halves. One that does so alone is for [invalidBlocks].
func wholeFamilies(at *field.Path, prefixes []netip.Prefix) field.ErrorList {
	var errs field.ErrorList
	for _, family := range constants("0.0.0.0/0", "::/0") {
		var within []netip.Prefix
		for _, p := range prefixes {
			if p.IsValid() && family.Overlaps(p) {
				within = append(within, p.Masked())
			}
		}
		if !slices.Contains(within, family) && covered(family, within) {
			errs = append(errs, field.Invalid(at, family.String(), "the blocks together cover every address of the family; "+anyone))
		}
	}
	return errs
}

// covered reports whether the blocks, all of them part of whole, leave no address
// of it out.
func covered(whole netip.Prefix, blocks []netip.Prefix) bool {
	blocks = slices.SortedFunc(slices.Values(blocks), netip.Prefix.Compare)
	next := whole.Addr() // the first address that is not known to be covered
	for _, b := range blocks {
		if next.Less(b.Addr()) {
			return false
		}
		if after := lastOf(b).Next(); !after.IsValid() {
			return true // behind the last address of the family there is none
		} else if next.Less(after) {
			next = after
		}
	}
	return false
}

// lastOf returns the last address of a block.
func lastOf(block netip.Prefix) netip.Addr {
	bytes := block.Addr().AsSlice()
	for bit := block.Bits(); bit < block.Addr().BitLen(); bit++ {
		bytes[bit/8] |= 0x80 >> (bit % 8)
	}
	last, _ := netip.AddrFromSlice(bytes) // as many bytes as an address has
	return last
}
