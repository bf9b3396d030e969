// SPDX-License-Identifier: Apache-2.0

package redis

// A glob is a pattern of Redis, compiled: one step for each thing that it has to see.
// It reads patterns as stringmatchlen does (Redis 7.0 to 8.0 and Valkey 9.1,
// src/util.c), where * is any text, ? any byte, [a-c] one of a class, [^a] one of none,
// and \ makes the next byte a literal.
type glob struct {
	steps []step
	// unsure means that servers disagree on the pattern: the bounds of a class lie on
	// both sides of 0x80, and whether char has a sign depends on the processor. Such a
	// class counts as ?.
	unsure bool
}

// A step sees one byte of a set, or any number of any bytes.
type step struct {
	many bool
	set  byteSet
}

type byteSet [4]uint64

func (s *byteSet) add(b byte) { s[b>>6] |= 1 << (b & 63) }
func (s *byteSet) addRange(from, to byte) {
	for b := int(from); b <= int(to); b++ {
		s.add(byte(b))
	}
}

func (s byteSet) has(b byte) bool { return s[b>>6]&(1<<(b&63)) != 0 }

func (s byteSet) not() byteSet { return byteSet{^s[0], ^s[1], ^s[2], ^s[3]} }

func compile(pattern string) glob {
	var g glob
	for i := 0; i < len(pattern); i++ {
		var s step
		switch c := pattern[i]; {
		case c == '*':
			if n := len(g.steps); n > 0 && g.steps[n-1].many {
				continue
			}
			s.many = true
		case c == '?':
			s.set = byteSet{}.not()
		case c == '[':
			s.set, i = g.class(pattern, i+1)
		case c == '\\' && i+1 < len(pattern):
			i++
			s.set.add(pattern[i])
		default:
			s.set.add(c)
		}
		g.steps = append(g.steps, s)
	}
	return g
}

// class reads a class that begins behind its bracket, and returns what it holds and
// the place of its last byte. One that does not end goes on to the end of the pattern.
func (g *glob) class(p string, i int) (byteSet, int) {
	var set byteSet
	mixed := false
	negated := i < len(p) && p[i] == '^'
	if negated {
		i++
	}
	for ; i < len(p) && p[i] != ']'; i++ {
		switch {
		case p[i] == '\\' && i+1 < len(p):
			i++
			set.add(p[i])
		case i+2 < len(p) && p[i+1] == '-':
			mixed = mixed || (p[i] < 0x80) != (p[i+2] < 0x80)
			set.addRange(min(p[i], p[i+2]), max(p[i], p[i+2]))
			i += 2
		default:
			set.add(p[i])
		}
	}
	switch {
	case mixed:
		g.unsure = true
		set = byteSet{}.not()
	case negated:
		set = set.not()
	}
	return set, min(i, len(p)-1)
}

// after returns the steps at which the pattern may go on behind a text.
func (g glob) after(text string) []int {
	at := []int{0}
	for i := range len(text) {
		next := make([]bool, len(g.steps)+1)
		for _, k := range at {
			for _, m := range g.moves(k) {
				if s := g.steps[m.by]; s.many || s.set.has(text[i]) {
					next[m.to] = true
				}
			}
		}
		at = at[:0]
		for k, ok := range next {
			if ok {
				at = append(at, k)
			}
		}
	}
	return at
}

// matches reports whether the pattern matches a text. The empty text is matched by the
// empty pattern only, not by *.
func (g glob) matches(text string) bool {
	if text == "" {
		return len(g.steps) == 0
	}
	i, star, resume := 0, -1, 0
	for j := 0; j < len(text); {
		switch {
		case i < len(g.steps) && g.steps[i].many:
			star, resume = i, j
			i++
		case i < len(g.steps) && g.steps[i].set.has(text[j]):
			i++
			j++
		case star >= 0:
			resume++
			i, j = star+1, resume
		default:
			return false
		}
	}
	for i < len(g.steps) && g.steps[i].many {
		i++
	}
	return i == len(g.steps)
}
