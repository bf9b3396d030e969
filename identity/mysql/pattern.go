// SPDX-License-Identifier: Apache-2.0

package mysql

import (
	"cmp"
	"strings"
	"unicode/utf8"
)

// like reports whether a pattern matches a text: % any characters, _ one, and \ makes
// the next stand for itself (sql/auth/sql_auth_cache.cc of MySQL 8.0, wild_compare).
// Its time is that of the product of the lengths.
func like(pattern, text string) bool {
	var again, from string // where to try once more: behind the last %
	retry := false
	for {
		var literal, one bool
		next, rest := "", ""
		if pattern != "" {
			next, rest = first(pattern)
			switch {
			case next == "%":
				pattern, again, from, retry = rest, rest, text, true
				continue
			case next == "_":
				one = true
			case next == `\` && rest != "":
				next, rest = first(rest)
				literal = true
			default:
				literal = true
			}
		}
		char, after := first(text)
		switch {
		case pattern == "" && text == "":
			return true
		case pattern != "" && text != "" && (one || literal && next == char):
			pattern, text = rest, after
		case !retry || from == "":
			return false
		default:
			_, from = first(from)
			pattern, text = again, from
		}
	}
}

// first cuts the first character off, which is one byte where there is no UTF-8.
func first(s string) (string, string) {
	_, n := utf8.DecodeRuneInString(s)
	return s[:n], s[n:]
}

// hasWildcard reports whether a text has a wildcard, escaped or not: so MySQL tells
// patterns from names where roles are on (sql/auth/sql_authorization.cc of MySQL 8.0,
// has_wildcard_characters).
func hasWildcard(s string) bool { return strings.ContainsAny(s, "%_") }

// escape makes a pattern that matches one name alone.
func escape(name string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(name)
}

// specificity is by how much a pattern of MySQL goes before others: 128 if it has no wildcard,
// else where its first one stands, which counts one more unless it is a lone %; an empty
// text is last (sql/auth/sql_auth_cache.cc of MySQL 8.0, get_sort).
func specificity(pattern string) int {
	for i := 0; i < len(pattern); i++ {
		switch {
		case pattern[i] == '\\' && i+1 < len(pattern):
			i++
		case pattern == "%":
			return 1
		case pattern[i] == '%' || pattern[i] == '_':
			return min(i+2, 127)
		}
	}
	if pattern == "" {
		return 0
	}
	return 128
}

// generality is by how much a pattern of MariaDB goes after others: roughly, how many
// texts of at most longest characters match it (sql/sql_acl_getsort.ic of MariaDB 10.11).
func generality(pattern string, longest uint64) uint64 {
	var literal, one, many, prefix uint64
	for i := 0; i < len(pattern); i++ {
		c := pattern[i]
		if (c == '%' || c == '_') && one+many == 0 {
			prefix = literal
		}
		switch {
		case c == '%':
			if i == 0 || pattern[i-1] != '%' || i > 1 && pattern[i-2] == '\\' {
				many++
			}
		case c == '_':
			one++
		case c == '\\' && i+1 < len(pattern):
			i++
			literal++
		default:
			literal++
		}
	}
	one, many = min(one, 31), min(many, 31)
	var left uint64 // characters that % may stand for
	if many > 0 && longest > literal+one {
		left = longest - literal - one
	}
	most, small := longest+1, min(longest+1, 32)
	if left > one {
		return (((left*2+1)*most+many)*small+one)*most + prefix
	}
	return ((one*2*most+left)*small+many)*most + prefix
}

// comparePatterns puts first what the server looks at first. Names have at most longest
// characters.
func comparePatterns(s Server, a, b string, longest uint64) int {
	if s.Product == MariaDB {
		return cmp.Compare(generality(a, longest), generality(b, longest))
	}
	return cmp.Compare(specificity(b), specificity(a))
}

// longestHost is how many characters a host may have (HOSTNAME_LENGTH of both servers).
const longestHost = 255
