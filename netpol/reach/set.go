// SPDX-License-Identifier: Apache-2.0

package reach

import "math/bits"

// A set holds numbers of classes. Its words begin at word number at, so that the
// classes of one namespace, whose numbers lie together, take a word or two. Sets
// that others refer to are not changed.
type set struct {
	at    int
	words []uint64
}

// newSet returns an empty set with room for numbers from first up to end.
func newSet(first, end int) set {
	if end <= first {
		return set{}
	}
	return set{at: first / 64, words: make([]uint64, (end-1)/64-first/64+1)}
}

// allUpTo returns the set of all numbers up to end, which is not in it.
func allUpTo(end int) set {
	s := newSet(0, end)
	s.addRange(0, end)
	return s
}

func (s set) has(n int32) bool {
	w := int(n)/64 - s.at
	return w >= 0 && w < len(s.words) && s.words[w]&(1<<(uint(n)%64)) != 0
}

// add needs room for n.
func (s set) add(n int32) { s.words[int(n)/64-s.at] |= 1 << (uint(n) % 64) }

func (s set) remove(n int32) {
	if s.has(n) {
		s.words[int(n)/64-s.at] &^= 1 << (uint(n) % 64)
	}
}

// addRange needs room for the range.
func (s set) addRange(first, end int) {
	for w := first / 64; w*64 < end; w++ {
		word := ^uint64(0)
		if w == first/64 {
			word <<= uint(first) % 64
		}
		if end < (w+1)*64 {
			word &= 1<<(uint(end)%64) - 1
		}
		s.words[w-s.at] |= word
	}
}

func (s set) empty() bool {
	for _, w := range s.words {
		if w != 0 {
			return false
		}
	}
	return true
}

// or adds what is in t, for which s must have room.
func (s set) or(t set) {
	if len(t.words) == 0 {
		return
	}
	into := s.words[t.at-s.at:][:len(t.words)]
	for i, w := range t.words {
		into[i] |= w
	}
}

// minus takes away what is in t.
func (s set) minus(t set) {
	for i := max(s.at, t.at); i < min(s.at+len(s.words), t.at+len(t.words)); i++ {
		s.words[i-s.at] &^= t.words[i-t.at]
	}
}

// and keeps what is in t.
func (s set) and(t set) {
	for i := range s.words {
		if w := i + s.at - t.at; w >= 0 && w < len(t.words) {
			s.words[i] &= t.words[w]
		} else {
			s.words[i] = 0
		}
	}
}

// each yields the numbers in ascending order.
func (s set) each(yield func(int32) bool) {
	for i, w := range s.words {
		for ; w != 0; w &= w - 1 {
			if !yield(int32((s.at+i)*64 + bits.TrailingZeros64(w))) {
				return
			}
		}
	}
}

// joined returns the union of sets, which may be one of them.
func joined(sets []set) set {
	var only set
	first, end, n := 0, 0, 0
	for _, s := range sets {
		if len(s.words) == 0 {
			continue
		}
		if n == 0 {
			only, first, end = s, s.at, s.at+len(s.words)
		}
		first, end = min(first, s.at), max(end, s.at+len(s.words))
		n++
	}
	if n <= 1 {
		return only
	}
	out := set{at: first, words: make([]uint64, end-first)}
	for _, s := range sets {
		out.or(s)
	}
	return out
}

// transpose turns 64 words of 64 bits over: bit j of word i becomes bit i of word j.
func transpose(m *[64]uint64) {
	mask := uint64(0x00000000FFFFFFFF)
	for j := 32; j != 0; j >>= 1 {
		for k := 0; k < 64; k = (k + j + 1) &^ j {
			t := (m[k]>>uint(j) ^ m[k+j]) & mask
			m[k+j] ^= t
			m[k] ^= t << uint(j)
		}
		mask ^= mask << uint(j>>1)
	}
}
