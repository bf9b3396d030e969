// SPDX-License-Identifier: Apache-2.0

package spelling

import (
	"slices"
	"strings"
)

// An Index finds the name that was meant by one with a slip of the pen, without
// a look at all the others.
type Index struct {
	names map[string]bool
	// shortened holds the names under each text that leaves out one of their
	// characters.
	shortened map[string][]string
}

// NewIndex returns an index without names.
func NewIndex() Index {
	return Index{names: make(map[string]bool), shortened: make(map[string][]string)}
}

// Len returns the number of names. The zero Index has none and takes none.
func (x Index) Len() int { return len(x.names) }

// Add adds a name.
func (x Index) Add(name string) {
	if x.names[name] {
		return
	}
	x.names[name] = true
	for i := range len(name) {
		short := name[:i] + name[i+1:]
		if before := x.shortened[short]; len(before) == 0 || before[len(before)-1] != name { // "aa" has two of them
			x.shortened[short] = append(before, name)
		}
	}
}

// CloseTo returns the first name, in the order of the alphabet, of which another one
// is a slip.
func (x Index) CloseTo(name string) (string, bool) {
	candidates := slices.Clone(x.shortened[name])
	for i := range len(name) {
		short := name[:i] + name[i+1:]
		candidates = append(candidates, x.shortened[short]...)
		if x.names[short] {
			candidates = append(candidates, short)
		}
	}
	slices.Sort(candidates)
	for _, candidate := range candidates {
		if isSlip(name, candidate) {
			return candidate, true
		}
	}
	return "", false
}

// isSlip reports whether two names differ as a word does from its misspelling: by a
// letter or dash too few or too many, two letters in the wrong order, or a wrong
// letter in a long word. Words end at dashes. Short words such as dev and deb, words
// like east and west, and numbers are names in their own right.
func isSlip(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	begin := 0
	for begin < len(a) && a[begin] == b[begin] {
		begin++
	}
	end := 0
	for end < len(a)-begin && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	inA, inB := a[begin:len(a)-end], b[begin:len(b)-end]
	if strings.ContainsAny(inA+inB, "0123456789") {
		return false
	}
	const longEnough, long = 4, 6
	rest, _, _ := strings.Cut(a[len(a)-end:], "-")
	word := len(a) - end - (strings.LastIndexByte(a[:begin], '-') + 1) + len(rest)
	switch {
	case len(inA) == 0 && len(inB) == 1, len(inA) == 2 && len(inB) == 2 && inA[0] == inB[1] && inA[1] == inB[0]:
		return word >= longEnough
	case len(inA) == 1 && len(inB) == 1:
		return word >= long
	default:
		return false
	}
}
