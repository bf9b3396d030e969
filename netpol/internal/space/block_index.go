// SPDX-License-Identifier: Apache-2.0

package space

import (
	"net/netip"
	"slices"
)

// A BlockIndex holds address blocks, each for something that it is the block of,
// and finds the one around another. The zero value is empty. It is not for use
// while something is added.
type BlockIndex[T any] struct {
	blocks  map[netip.Prefix]T
	lengths []int // of the blocks, each once
}

// Add ignores what does not parse: it comes from status fields and from objects
// that others judge.
func (x *BlockIndex[T]) Add(block string, of T) {
	if prefix, err := netip.ParsePrefix(block); err == nil {
		x.add(prefix, of)
	}
}

// AddAddress adds a block of one address, or ignores it as Add does.
func (x *BlockIndex[T]) AddAddress(address string, of T) {
	if addr, err := netip.ParseAddr(address); err == nil {
		x.add(netip.PrefixFrom(addr, addr.BitLen()), of)
	}
}

func (x *BlockIndex[T]) add(block netip.Prefix, of T) {
	if x.blocks == nil {
		x.blocks = make(map[netip.Prefix]T)
	}
	x.blocks[block.Masked()] = of
	if !slices.Contains(x.lengths, block.Bits()) {
		x.lengths = append(x.lengths, block.Bits())
	}
}

// Around returns what a block that contains all of inner is the block of. It takes
// one look-up for each length that a block has.
func (x *BlockIndex[T]) Around(inner netip.Prefix) (of T, ok bool) {
	for _, bits := range x.lengths {
		if bits > inner.Bits() {
			continue
		}
		outer, err := inner.Addr().Prefix(bits) // an error: longer than an address of the family
		if err != nil {
			continue
		}
		if of, ok := x.blocks[outer]; ok {
			return of, true
		}
	}
	var none T
	return none, false
}
