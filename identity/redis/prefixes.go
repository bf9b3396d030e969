// SPDX-License-Identifier: Apache-2.0

package redis

import "slices"

// Prefixes are literal: what begins with one of them is below it. They are a trie,
// walked byte by byte.
type prefixes struct {
	work  *work
	next  []map[byte]int // of each node; node 0 is the empty text
	bytes [][]byte       // that go on from a node
	ends  []string       // the prefix that ends at a node
	isEnd []bool
}

// aside is the state of a text that is below no prefix, whatever follows.
const aside = -1

func newPrefixes(list []string, w *work) prefixes {
	p := prefixes{work: w, next: []map[byte]int{{}}, bytes: [][]byte{nil}, ends: []string{""}, isEnd: []bool{false}}
	for _, prefix := range list {
		at := 0
		for i := range len(prefix) {
			to, ok := p.next[at][prefix[i]]
			if !ok {
				to = len(p.next)
				p.next = append(p.next, map[byte]int{})
				p.bytes = append(p.bytes, nil)
				p.bytes[at] = append(p.bytes[at], prefix[i])
				p.ends = append(p.ends, "")
				p.isEnd = append(p.isEnd, false)
				p.next[at][prefix[i]] = to
			}
			at = to
		}
		p.ends[at], p.isEnd[at] = prefix, true
	}
	return p
}

// step returns the state behind a byte. The end of a prefix is never left.
func (p prefixes) step(state int, b byte) int {
	if state == aside || p.isEnd[state] {
		return state
	}
	if to, ok := p.next[state][b]; ok {
		return to
	}
	return aside
}

func (p prefixes) below(state int) bool { return state != aside && p.isEnd[state] }

// Work counts what a question may still cost, so that a hostile snapshot is answered in
// seconds. Whoever runs out has not looked everywhere.
type work struct{ left int }

// mostWork is far above what servers need: a pattern of 20 bytes costs some hundreds.
const mostWork = 3_000_000

func (w *work) spend(n int) bool {
	w.left -= n
	return w.left > 0
}

// A place is how far a text has come in a pattern and in the prefixes.
type place struct{ step, state int }

// find returns the shortest text that the rest of a pattern matches, from one of some
// steps on, and that ends in a wanted state, and the state; ok is false if there is none.
// It asks all texts: the pattern and the prefixes are automata, and it walks their product
// breadth first.
func (p prefixes) find(g glob, first []int, want func(state int) bool) (text string, state int, ok bool) {
	type from struct {
		place
		b byte
	}
	nowhere := place{step: -1}
	came := make(map[place]from)
	var queue []place
	for _, step := range first {
		if step == len(g.steps) && want(0) { // a * does not match the empty text
			return "", 0, true
		}
		queue = append(queue, place{step: step})
		came[place{step: step}] = from{place: nowhere}
	}
	spell := func(at place) string {
		var reversed []byte
		for ; came[at].place != nowhere; at = came[at].place {
			reversed = append(reversed, came[at].b)
		}
		slices.Reverse(reversed)
		return string(reversed)
	}
	for len(queue) > 0 && p.work.spend(1) {
		at := queue[0]
		queue = queue[1:]
		for _, move := range g.moves(at.step) {
			for _, b := range p.choices(at.state, g.steps[move.by]) {
				to := place{move.to, p.step(at.state, b)}
				if _, seen := came[to]; seen {
					continue
				}
				came[to] = from{at, b}
				if g.done(to.step) && want(to.state) {
					return spell(to), to.state, true
				}
				queue = append(queue, to)
			}
		}
	}
	return "", 0, false
}

// spelling returns a text that differs from a given one in the case of ASCII letters at
// most, that a pattern matches, and that ends in a wanted state.
func (p prefixes) spelling(g glob, of string, want func(state int) bool) (string, bool) {
	type reached struct {
		place
		text string
	}
	at := []reached{{}}
	for i := range len(of) {
		if !p.work.spend(len(at)) {
			return "", false
		}
		var next []reached
		seen := make(map[place]bool)
		for _, from := range at {
			for _, b := range bothCases(of[i]) {
				for _, move := range g.moves(from.step) {
					to := place{move.to, p.step(from.state, b)}
					if s := g.steps[move.by]; !seen[to] && (s.many || s.set.has(b)) {
						seen[to] = true
						next = append(next, reached{to, from.text + string([]byte{b})})
					}
				}
			}
		}
		at = next
	}
	for _, end := range at {
		if g.done(end.step) && want(end.state) {
			return end.text, true
		}
	}
	return "", false
}

// bothCases returns a byte, and the other case of an ASCII letter.
func bothCases(b byte) []byte {
	if 'a' <= b|0x20 && b|0x20 <= 'z' {
		return []byte{b, b ^ 0x20}
	}
	return []byte{b}
}

// A move takes one byte that a step of the pattern sees, and goes on at another.
type move struct{ by, to int }

func (g glob) moves(at int) []move {
	var out []move
	for ; at < len(g.steps) && g.steps[at].many; at++ {
		out = append(out, move{at, at})
	}
	if at < len(g.steps) {
		out = append(out, move{at, at + 1})
	}
	return out
}

// done reports whether the pattern may end where the step at begins.
func (g glob) done(at int) bool {
	for at < len(g.steps) && g.steps[at].many {
		at++
	}
	return at == len(g.steps)
}

// choices returns bytes that a step sees: each that goes on in the trie, and of all
// others, which lead to the same state, one that reads well.
func (p prefixes) choices(state int, s step) []byte {
	sees := func(b byte) bool { return s.many || s.set.has(b) }
	var out []byte
	var on byteSet
	if state != aside && !p.isEnd[state] {
		for _, b := range p.bytes[state] {
			on.add(b)
			if sees(b) {
				out = append(out, b)
			}
		}
	}
	for i := range 256 {
		b := byte('a' + i) // letters first, and all 256 in the end
		if !on.has(b) && sees(b) {
			return append(out, b)
		}
	}
	return out
}
