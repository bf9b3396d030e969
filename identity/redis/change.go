// SPDX-License-Identifier: Apache-2.0

package redis

import (
	"slices"
	"strings"
)

// setUser is a command that a person can run. Rules are quoted as redis-cli needs it.
func setUser(name string, rules ...string) string {
	return words(append([]string{"ACL", "SETUSER", name}, rules...))
}

// words joins arguments for redis-cli.
func words(args []string) string {
	out := make([]string, len(args))
	for i, arg := range args {
		out[i] = word(arg)
	}
	return strings.Join(out, " ")
}

// word quotes an argument for redis-cli if it has to be.
func word(s string) string {
	if s == "" || strings.ContainsAny(s, " \"'\\") || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return quoteArgument(s)
	}
	return s
}

// quoteArgument quotes as sdssplitargs reads (src/sds.c): bytes that do not print as
// \xHH, all others as they are.
func quoteArgument(s string) string {
	const digits = "0123456789abcdef"
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"', c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < ' ' || c == 0x7f:
			b.WriteString(`\x` + string(digits[c>>4]) + string(digits[c&15]))
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// edit returns the command that takes some rules out of the selector, by their places,
// and adds others behind. ACL SETUSER takes no single pattern and no single selector
// away, so what stays is said again.
func (j judge) edit(without []int, with []string) string {
	sel := j.selector
	if sel.rule >= 0 {
		rules := []string{"clearselectors"}
		for _, other := range j.rights.selectors[1:] {
			inner := other.rules
			if other == sel {
				inner = append(drop(inner, without), with...)
			}
			rules = append(rules, "("+words(inner)+")") // split as redis-cli does once more
		}
		return setUser(j.rights.user.Name, rules...)
	}
	var rules []string
	for _, kind := range []struct{ reset, sigils, all string }{{"resetkeys", "~%", "allkeys"}, {"resetchannels", "&", "allchannels"}} {
		if !slices.ContainsFunc(without, func(i int) bool { return isOf(sel.rules[i], kind.sigils, kind.all) }) {
			continue
		}
		rules = append(rules, kind.reset)
		for _, i := range sel.inForce() {
			if isOf(sel.rules[i], kind.sigils, kind.all) && !slices.Contains(without, i) {
				rules = append(rules, sel.rules[i])
			}
		}
	}
	return setUser(j.rights.user.Name, append(rules, with...)...)
}

// inForce returns the places of the patterns that no later rule took away, in order.
func (s *selector) inForce() []int {
	var out []int
	for _, p := range slices.Concat(s.keyPatterns(), s.channels) {
		out = append(out, p.rules...)
	}
	if s.allChannels >= 0 {
		out = append(out, s.allChannels)
	}
	slices.Sort(out)
	return out
}

// isOf reports whether a rule is a pattern of a kind, or the word for all of them.
func isOf(rule, sigils, all string) bool {
	return strings.EqualFold(rule, all) || rule != "" && strings.ContainsRune(sigils, rune(rule[0]))
}

func drop(rules []string, places []int) []string {
	var out []string
	for i, rule := range rules {
		if !slices.Contains(places, i) {
			out = append(out, rule)
		}
	}
	return out
}
