// SPDX-License-Identifier: Apache-2.0

package redis

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// keyBreaches returns a breach for each pattern and what its commands do to keys of
// production.
func (j judge) keyBreaches() []bulkhead.Breach {
	if !j.reachesDatabases() {
		return nil
	}
	var out []bulkhead.Breach
	for _, p := range j.selector.keyPatterns() {
		found, ok := j.sees(p.glob, beginning(), j.own)
		switch {
		case !ok:
		case p.glob.unsure:
			j.missing[j.unsure(p)] = true
		default:
			j.noteUncertainKeys()
			out = append(out, j.patternBreaches(p, found)...)
		}
	}
	return out
}

// noteUncertainKeys notes the commands that may use a pattern in a way that is not known.
func (j judge) noteUncertainKeys() {
	for _, c := range j.leaves {
		if c.hasUncertainKeys() {
			j.missing[fmt.Sprintf("which arguments of the command %s are keys, which user %s may run on keys of production", c.Name, quote(j.rights.user.Name))] = true
		}
	}
}

// keyPatterns returns the patterns of the selector, or the one for all keys.
func (s *selector) keyPatterns() []pattern {
	if s.allKeys < 0 {
		return s.keys
	}
	return []pattern{{text: "*", glob: compile("*"), read: true, write: true, rules: []int{s.allKeys}}}
}

func (j judge) unsure(p pattern) string {
	return "what " + quote(p.text) + " of user " + quote(j.rights.user.Name) + " matches: the bounds of its class lie on both sides of 0x80, which servers on different processors read differently"
}

// patternBreaches returns at most one breach for reading, one for writing, and one for
// asking whether a key is there, which is told only if nothing worse is.
func (j judge) patternBreaches(p pattern, found sighting) []bulkhead.Breach {
	var out []bulkhead.Breach
	for _, kind := range []struct {
		rule, text string
		is         func(keyAccess) bool
	}{
		{ReadsKeys, "are read", func(a keyAccess) bool { return a.read }},
		{WritesKeys, "are changed or deleted", func(a keyAccess) bool { return a.write }},
		{ProbesKeys, "show whether they are there, and of which type", func(a keyAccess) bool { return !a.read && !a.write }},
	} {
		if kind.rule == ProbesKeys && len(out) > 0 {
			break
		}
		c, name, ok := j.example(p, found, kind.is)
		if !ok {
			continue
		}
		field := j.at(p.rules[0])
		out = append(out, bulkhead.Breach{
			Rule: kind.rule,
			Path: []bulkhead.Hop{
				{Object: j.ref(), Field: field, Text: j.said(p.rules[0]) + " matches keys of production, such as " + quote(name)},
				j.allowing(c),
				{Object: ref("Keys", found.whose()), Text: kind.text},
			},
			Change: bulkhead.Change{Object: j.ref(), Field: field, Text: "run " + j.edit(p.rules, j.narrowed(p))},
		})
	}
	return out
}

// narrowed returns the patterns that keep of one what is below staging's prefixes, unless
// the selector has them.
func (j judge) narrowed(p pattern) []string {
	rule := j.said(p.rules[0])
	sigil := "&"
	if !isOf(rule, "&", "allchannels") {
		permissions, _, _ := strings.Cut(rule, "~")
		sigil = strings.TrimSuffix(permissions, "allkeys") + "~"
	}
	var out []string
	for _, prefix := range j.boundary.From.Prefixes {
		below := j.prefixes([]string{prefix})
		narrow := sigil + escape(prefix) + "*"
		if _, _, ok := below.find(p.glob, beginning(), below.below); ok && !slices.Contains(j.selector.rules, narrow) {
			out = append(out, narrow)
		}
	}
	return out
}

// escape makes a pattern that matches a text and nothing else.
func escape(text string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(text)
}

// A keyAccess is what a command may do to the keys of one specification.
type keyAccess struct{ read, write bool }

// accesses returns what a command may do to keys of a specification. SET reads only
// with GET, and BITFIELD writes only with SET or INCRBY, and only then needs the
// permission (src/db.c, setGetKeys and bitfieldGetKeys).
func (c *Command) accesses(k KeySpec) []keyAccess {
	switch c.Name {
	case "set":
		return []keyAccess{{write: true}, {read: true, write: true}}
	case "bitfield":
		return []keyAccess{{read: true}, {read: true, write: true}}
	}
	read, write := k.access()
	return []keyAccess{{read, write}}
}

// example returns a command that the selector allows, that does what is asked to keys
// of a pattern, and whose other keys have patterns too; and the key to do it to.
func (j judge) example(p pattern, found sighting, is func(keyAccess) bool) (*Command, string, bool) {
	var best *Command
	var key string
	for _, c := range j.leaves {
		if !j.work.spend(1 + len(c.Keys)) {
			break
		}
		if best != nil && fame(c.Name) >= fame(best.Name) || c.in("scripting") {
			continue // a script may do no more than its caller
		}
		if _, known := effectOf(c); !known || c.hasUncertainKeys() {
			continue // is missing evidence
		}
		for i, spec := range c.Keys {
			if name, ok := j.nameFor(c, spec, p, found); ok && j.reachable(c, i, p, is) {
				best, key = c, name
				break
			}
		}
	}
	return best, key, best != nil
}

func (j judge) reachable(c *Command, i int, p pattern, is func(keyAccess) bool) bool {
	spec := c.Keys[i]
	return !slices.Contains(spec.Flags, "not_key") &&
		slices.ContainsFunc(c.accesses(spec), func(a keyAccess) bool { return is(a) && p.permits(a) }) && j.hasOtherKeys(c, i)
}

func (p pattern) permits(a keyAccess) bool { return (p.read || !a.read) && (p.write || !a.write) }

// hasOtherKeys reports whether the keys that a command needs beside those of one
// specification can be had: keys behind a keyword need not be there.
func (j judge) hasOtherKeys(c *Command, i int) bool {
	for k, spec := range c.Keys {
		if k == i || spec.Unknown || spec.Keyword != "" || slices.Contains(spec.Flags, "not_key") {
			continue
		}
		if !slices.ContainsFunc(c.accesses(spec), j.anyPermits) {
			return false
		}
	}
	return true
}

// anyPermits reports whether a pattern of the selector permits what a command does to
// some key.
func (j judge) anyPermits(a keyAccess) bool { return j.permitted[a] }

// permittedBy returns what the patterns of a selector permit.
func permittedBy(patterns []pattern) map[keyAccess]bool {
	out := make(map[keyAccess]bool)
	for _, p := range patterns {
		for _, a := range []keyAccess{{}, {read: true}, {write: true}, {read: true, write: true}} {
			out[a] = out[a] || p.permits(a)
		}
	}
	return out
}

// nameFor returns the key of production that a command can be given. A command that is
// allowed with some first arguments only can be given these where they are keys, and any
// key behind them. Letters of first arguments match in either case (ACLSelectorCheckCmd).
func (j judge) nameFor(c *Command, spec KeySpec, p pattern, found sighting) (string, bool) {
	only, limited := j.selector.firstArgs[c.Name]
	if _, whole := j.selector.granted[c.Name]; whole || !limited || spec.Keyword != "" || spec.Index != 1 || spec.Range == nil {
		return found.name, true
	}
	for _, name := range only {
		if spec.Range.LastKey == 0 {
			if name, ok := j.seesSpelling(p.glob, name); ok {
				return name, true
			}
		} else if slices.ContainsFunc(j.selector.keyPatterns(), func(first pattern) bool {
			_, ok := j.prefixes(nil).spelling(first.glob, name, func(int) bool { return true })
			return ok
		}) {
			return found.name, true
		}
	}
	return "", false
}

// fame orders commands as examples, the best known first.
func fame(name string) string {
	order := []string{"get", "set", "exists", "hgetall", "del"}
	if i := slices.Index(order, name); i >= 0 {
		return strconv.Itoa(i)
	}
	return "~" + name
}
