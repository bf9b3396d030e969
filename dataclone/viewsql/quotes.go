// SPDX-License-Identifier: Apache-2.0

package viewsql

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// literal reads a string or bytes literal whose quotes begin at offset quote. A
// backslash keeps the quote behind it from ending the literal, in raw ones too.
func (l *lexer) literal(quote int) {
	mark := l.sql[quote : quote+1]
	if triple := strings.Repeat(mark, 3); strings.HasPrefix(l.sql[quote:], triple) {
		mark = triple
	}
	l.until(literal, quote, mark)
}

// quoted reads an identifier in backticks.
func (l *lexer) quoted() {
	start := l.at
	l.until(quoted, l.at, "`")
	if l.fault != nil {
		return
	}
	if name, ok := unquote(l.sql[start:l.at]); !ok || name == "" || strings.Contains(name, "\x00") {
		l.refuse(BadIdentifier, start, l.at, "the identifier is empty, has a NUL or an unknown escape")
	}
}

// until reads a token that ends with mark, which also begins it at offset from. Only
// three quotes may have a line break between them.
func (l *lexer) until(k kind, from int, mark string) {
	for i := from + len(mark); i < len(l.sql); i++ {
		switch c := l.sql[i]; {
		case c == '\\':
			i++
			if i < len(l.sql) && len(mark) == 1 && (l.sql[i] == '\n' || l.sql[i] == '\r') {
				l.refuse(Unterminated, l.at, from+len(mark), "the line ends before the closing quote")
				return
			}
		case len(mark) == 1 && (c == '\n' || c == '\r'):
			l.refuse(Unterminated, l.at, from+len(mark), "the line ends before the closing quote")
			return
		case strings.HasPrefix(l.sql[i:], mark):
			l.emit(token{kind: k}, i+len(mark))
			return
		}
	}
	l.refuse(Unterminated, l.at, from+len(mark), "the closing quote is missing")
}

// unquote returns the name that an identifier in backticks stands for. It has the
// escapes of string literals (BigQuery documentation, "Lexical structure and syntax",
// "Escape sequences").
func unquote(s string) (string, bool) {
	s = s[1 : len(s)-1]
	if !strings.Contains(s, `\`) {
		return s, true
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b.WriteByte(s[i])
			continue
		}
		r, n := unescape(s[i+1:])
		if n == 0 {
			return "", false
		}
		b.WriteRune(r)
		i += n
	}
	return b.String(), true
}

// unescape returns the character of the escape sequence that s begins with, without the
// backslash, and how many bytes it takes; none if it is not known.
func unescape(s string) (rune, int) {
	if s == "" {
		return 0, 0
	}
	if i := strings.IndexByte("abfnrtv\\?\"'`", s[0]); i >= 0 {
		return rune("\a\b\f\n\r\t\v\\?\"'`"[i]), 1
	}
	digits, base, prefix := 0, 16, 1
	switch s[0] {
	case 'x', 'X':
		digits = 2
	case 'u':
		digits = 4
	case 'U':
		digits = 8
	case '0', '1', '2', '3':
		digits, base, prefix = 3, 8, 0
	}
	if digits == 0 || len(s) < prefix+digits {
		return 0, 0
	}
	v, err := strconv.ParseUint(s[prefix:prefix+digits], base, 32)
	if err != nil || v == 0 || v > unicode.MaxRune || !utf8.ValidRune(rune(v)) {
		return 0, 0
	}
	return rune(v), prefix + digits
}

// quote returns a name as an identifier in backticks.
func quote(name string) string {
	var b strings.Builder
	b.WriteByte('`')
	for _, r := range name {
		switch {
		case r == '`' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case unicode.IsControl(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('`')
	return b.String()
}
