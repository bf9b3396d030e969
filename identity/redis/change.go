// SPDX-License-Identifier: Apache-2.0

package redis

import (
	"slices"
	"strings"
)

// setUser is a command that a person can run. Rules are quoted as redis-cli needs it.
func setUser(name string, rules ...string) string {
	words := []string{"ACL", "SETUSER", word(name)}
	for _, rule := range rules {
		words = append(words, word(rule))
	}
	return strings.Join(words, " ")
}

// word quotes an argument for redis-cli if it has to be.
func word(s string) string {
	if strings.ContainsAny(s, " \"'\\") || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) {
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
			rules = append(rules, "("+strings.Join(inner, " ")+")")
		}
		return setUser(j.rights.user.Name, rules...)
	}
	var rules []string
	for _, kind := range []struct{ reset, sigils, all string }{{"resetkeys", "~%", "allkeys"}, {"resetchannels", "&", "allchannels"}} {
		if !slices.ContainsFunc(without, func(i int) bool { return isOf(sel.rules[i], kind.sigils, kind.all) }) {
			continue
		}
		rules = append(rules, kind.reset)
		for i, rule := range sel.rules {
			if isOf(rule, kind.sigils, kind.all) && !slices.Contains(without, i) {
				rules = append(rules, rule)
			}
		}
	}
	return setUser(j.rights.user.Name, append(rules, with...)...)
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
