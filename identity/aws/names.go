// SPDX-License-Identifier: Apache-2.0

package aws

import (
	"bytes"
	"encoding/binary"
	"iter"
	"slices"
	"strings"
)

// A pattern is what a condition compares a text with.
type pattern struct {
	text string
	glob bool // * and ? are wildcards
	fold bool // case does not count; text is in lower case
}

// grammar says which texts there are.
type grammar int

const (
	anyText     grammar = iota // of at least one character, all of which print
	accountName                // names of service accounts
)

// What hostile patterns may take: places that are gone through in patterns, and
// requests that are tried. Those of a real trust policy, which has some thousand
// characters at most, take a hundredth.
const (
	mostPlaces   = 1_000_000
	mostRequests = 2_000
)

// samples yields texts of which each stands for all that match the same patterns: every
// text that begins with prefix and goes on as the grammar says matches the same patterns
// as one of them. So what decides by patterns alone can be asked about all texts. It
// stops at a number that only hostile patterns reach, and then *all is false.
func samples(prefix string, g grammar, patterns []pattern, all *bool) iter.Seq[string] {
	start := state{places: make([][]int, len(patterns))}
	for i, p := range patterns {
		start.places[i] = p.closure([]int{0})
	}
	for i := range len(prefix) {
		start = start.next(patterns, prefix[i])
	}
	return func(yield func(string) bool) {
		places := 0
		seen, matched := map[string]bool{start.key(): true}, make(map[string]bool)
		for queue := []state{start}; len(queue) > 0; queue = queue[1:] {
			at := queue[0]
			if by := at.matches(patterns); g.ends(at.text) && !matched[by] {
				if matched[by] = true; !yield(prefix + at.text) {
					return
				}
			}
			for _, c := range at.letters(g, patterns) {
				next := at.next(patterns, c)
				next.text = at.text + string(rune(c))
				if places += next.size(); places > mostPlaces {
					*all = false
					return
				}
				if key := next.key(); !seen[key] && (g == anyText || len(next.text) <= 253) {
					seen[key] = true
					queue = append(queue, next)
				}
			}
		}
	}
}

// A state is where the reading of a text has got to in each pattern.
type state struct {
	places [][]int
	text   string // behind the prefix
}

// size is what it takes to go on from a state, at least.
func (s state) size() int {
	n := len(s.places) + len(s.text)
	for _, places := range s.places {
		n += len(places)
	}
	return n
}

// key tells states apart whose continuations differ: places, and the kind of the last
// character.
func (s state) key() string {
	key := []byte{lastKind(s.text)}
	for _, places := range s.places {
		key = binary.AppendUvarint(key, uint64(len(places)))
		for _, place := range places {
			key = binary.AppendUvarint(key, uint64(place))
		}
	}
	return string(key)
}

// matches tells which patterns the text matches.
func (s state) matches(patterns []pattern) string {
	var out []byte
	for i, p := range patterns {
		if n := len(s.places[i]); n > 0 && s.places[i][n-1] == len(p.text) {
			out = binary.AppendUvarint(out, uint64(i))
		}
	}
	return string(out)
}

func lastKind(text string) byte {
	switch {
	case text == "":
		return 0
	case strings.HasSuffix(text, "-"), strings.HasSuffix(text, "."):
		return text[len(text)-1]
	default:
		return 'a'
	}
}

func (s state) next(patterns []pattern, c byte) state {
	out := state{places: make([][]int, len(patterns))}
	for i, p := range patterns {
		var places []int
		for _, at := range s.places[i] {
			switch {
			case at == len(p.text):
			case p.glob && p.text[at] == '*':
				places = append(places, at)
			case p.glob && p.text[at] == '?', p.text[at] == c, p.fold && p.text[at] == lower(c):
				places = append(places, at+1)
			}
		}
		out.places[i] = p.closure(places)
	}
	return out
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// closure adds the places behind stars, which may stand for nothing.
func (p pattern) closure(places []int) []int {
	for i := 0; i < len(places); i++ {
		if at := places[i]; p.glob && at < len(p.text) && p.text[at] == '*' {
			places = append(places, at+1)
		}
	}
	slices.Sort(places)
	return slices.Compact(places)
}

// letters returns the characters that patterns tell apart here, and first one that is
// none of them.
func (s state) letters(g grammar, patterns []pattern) []byte {
	var out []byte
	for i, p := range patterns {
		for _, at := range s.places[i] {
			if at == len(p.text) || p.glob && isPattern(p.text[at:at+1]) {
				continue
			}
			out = append(out, p.text[at])
			if p.fold { // another pattern may tell the two cases apart
				out = append(out, bytes.ToUpper([]byte{p.text[at]})...)
			}
		}
	}
	slices.Sort(out)
	out = slices.DeleteFunc(slices.Compact(out), func(c byte) bool { return !g.allows(s.text, c) })
	for c := range others() {
		if g.allows(s.text, c) && !slices.Contains(out, c) {
			return append([]byte{c}, out...)
		}
	}
	return out
}

// others yields all characters that print, those first that stand anywhere in a name.
func others() iter.Seq[byte] {
	return func(yield func(byte) bool) {
		for _, c := range []byte("xyzabcdefghijklmnopqrstuvw0123456789") {
			if !yield(c) {
				return
			}
		}
		for c := byte(' '); c <= '~' && yield(c); c++ {
		}
	}
}

// allows reports whether a character may stand behind a text (k8s.io/apimachinery
// v0.37, pkg/util/validation, IsDNS1123Subdomain).
func (g grammar) allows(text string, c byte) bool {
	switch {
	case g == anyText:
		return c >= ' ' && c <= '~'
	case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
		return true
	case c == '-':
		return lastKind(text) == 'a' || lastKind(text) == '-'
	case c == '.':
		return lastKind(text) == 'a'
	default:
		return false
	}
}

func (g grammar) ends(text string) bool {
	return text != "" && (g == anyText || lastKind(text) == 'a')
}
