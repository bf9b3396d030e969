// SPDX-License-Identifier: Apache-2.0

package podexpr

import (
	"strconv"
	"strings"
)

// A token is a name, a number, a string or a sign.
type token struct {
	kind byte // 'n', '0', '"', or 's' of a sign
	text string
}

// tokens splits an expression, and says whether all of it was understood. Strings
// with escapes, raw ones and long ones are not, nor are numbers but plain integers.
func tokens(expr string) ([]token, bool) {
	var out []token
	for expr != "" {
		switch c := expr[0]; {
		case strings.IndexByte(" \t\r\n", c) >= 0:
			expr = expr[1:]
		case strings.HasPrefix(expr, "//"):
			_, expr, _ = strings.Cut(expr, "\n")
		case c == '\'' || c == '"':
			s, rest, ok := quoted(expr)
			if !ok {
				return nil, false
			}
			out, expr = append(out, token{'"', s}), rest
		case letter(c):
			n := span(expr, func(c byte) bool { return letter(c) || digit(c) })
			if n < len(expr) && (expr[n] == '\'' || expr[n] == '"') {
				return nil, false // of bytes, or raw
			}
			out, expr = append(out, token{'n', expr[:n]}), expr[n:]
		case digit(c):
			n := span(expr, func(c byte) bool { return letter(c) || digit(c) })
			if _, err := strconv.ParseInt(expr[:n], 10, 64); err != nil || n < len(expr) && expr[n] == '.' {
				return nil, false
			}
			out, expr = append(out, token{'0', expr[:n]}), expr[n:]
		default:
			sign := expr[:1]
			for _, long := range []string{"==", "!=", "<=", ">=", "&&", "||"} {
				if strings.HasPrefix(expr, long) {
					sign = long
				}
			}
			out, expr = append(out, token{'s', sign}), expr[len(sign):]
		}
	}
	return out, true
}

// quoted reads a plain string at the beginning of an expression.
func quoted(expr string) (content, rest string, ok bool) {
	quote := expr[:1]
	if strings.HasPrefix(expr, strings.Repeat(quote, 3)) {
		return "", "", false
	}
	content, rest, ok = strings.Cut(expr[1:], quote)
	return content, rest, ok && !strings.ContainsAny(content, "\\\n\r")
}

func span(s string, in func(byte) bool) int {
	n := 0
	for n < len(s) && in(s[n]) {
		n++
	}
	return n
}

func letter(c byte) bool { return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
func digit(c byte) bool  { return c >= '0' && c <= '9' }
