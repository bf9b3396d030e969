// SPDX-License-Identifier: Apache-2.0

package reappear

import (
	"maps"
	"math/bits"
	"slices"
)

// prime is 2^61-1. Hashes are polynomials modulo prime at a random base, so that nobody
// can write texts whose hashes are equal.
const prime = 1<<61 - 1

func multiply(a, b uint64) uint64 {
	high, low := bits.Mul64(a, b)
	return reduce(low&prime + (low>>61 | high<<3))
}

func reduce(a uint64) uint64 {
	a = a&prime + a>>61
	if a >= prime {
		a -= prime
	}
	return a
}

// push returns the hash of a text with one more byte.
func (s *Set) push(hash uint64, c byte) uint64 { return reduce(multiply(hash, s.base) + uint64(c) + 1) }

func (s *Set) sum(text string) uint64 {
	var hash uint64
	for i := range len(text) {
		hash = s.push(hash, text[i])
	}
	return hash
}

// power returns the base to the n.
func (s *Set) power(n int) uint64 {
	result, factor := uint64(1), s.base
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			result = multiply(result, factor)
		}
		factor = multiply(factor, factor)
	}
	return result
}

// window returns the hash of the window at i: one product of its two halves under the keys of
// the set, so that no window waits for another.
func (s *Set) window(text string, i int) uint64 {
	w := text[i : i+Window]
	low := uint64(w[0]) | uint64(w[1])<<8 | uint64(w[2])<<16 | uint64(w[3])<<24 | uint64(w[4])<<32 | uint64(w[5])<<40 | uint64(w[6])<<48 | uint64(w[7])<<56
	rest := uint64(w[8]) | uint64(w[9])<<8 | uint64(w[10])<<16 | uint64(w[11])<<24
	a, b := bits.Mul64(low^s.keys[0], rest^s.keys[1])
	return a ^ b
}

// bit returns where in present a window is.
func bit(hash uint64) (word int, mask uint64) {
	return int(hash >> 6 % presentWords), 1 << (hash % 64)
}

// chunk is how much of a text is searched at a time, which bounds the memory for hashes.
const chunk = 1 << 20

// Within returns the sources of the values that stand in the text, sorted, each once.
func (s *Set) Within(text string) []int {
	if len(text) < Window || len(s.windows) == 0 {
		return nil
	}
	found := make(map[int]bool)
	for start := 0; start < len(text); start += chunk {
		s.search(text[start:min(start+chunk+s.longest, len(text))], found)
	}
	return slices.Sorted(maps.Keys(found))
}

// search adds the sources of the values in a text.
func (s *Set) search(text string, found map[int]bool) {
	var prefixes []uint64 // hashes of the beginnings of text, made when first needed
	for i := range len(text) - Window + 1 {
		hash := s.window(text, i)
		if word, mask := bit(hash); s.present[word]&mask == 0 {
			continue
		}
		for _, p := range s.windows[hash] {
			start := i - p.offset
			if start < 0 || start+p.length > len(text) || found[p.source] {
				continue
			}
			if prefixes == nil {
				prefixes = s.prefixes(text)
			}
			// The hash of a part is that of what ends with it, less what stands before it.
			before := multiply(prefixes[start], p.power)
			if reduce(prefixes[start+p.length]+prime-before) == p.hash && s.is(text[start:start+p.length], p.mac) {
				found[p.source] = true
			}
		}
	}
}

func (s *Set) prefixes(text string) []uint64 {
	out := make([]uint64, len(text)+1)
	for i := range len(text) {
		out[i+1] = s.push(out[i], text[i])
	}
	return out
}
