// SPDX-License-Identifier: Apache-2.0

package bqsim

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A token of GoogleSQL.
type token struct {
	kind tokenKind
	text string // without quotes, escapes resolved
	at   int
	end  int
}

type tokenKind int

const (
	tokenEnd tokenKind = iota
	tokenWord
	tokenQuoted // in backticks
	tokenString
	tokenNumber
	tokenSign // one character
)

// is says whether the token is a keyword or a sign.
func (t token) is(text string) bool {
	return (t.kind == tokenWord || t.kind == tokenSign) && strings.EqualFold(t.text, text)
}

const maxQuery = 1 << 20 // characters, page "Quotas and limits"

// tokens reads GoogleSQL (page "Lexical structure and syntax"). Comments are
// left out. A literal or comment without an end is an error.
func tokens(sql string) ([]token, error) {
	if len(sql) > maxQuery {
		return nil, invalidQuery("The query is too large. The maximum standard SQL query length is %d characters", maxQuery)
	}
	var out []token
	for at := 0; at < len(sql); {
		r, size := utf8.DecodeRuneInString(sql[at:])
		rest := sql[at:]
		switch {
		case unicode.IsSpace(r):
			at += size
		case r == '#' || strings.HasPrefix(rest, "--"):
			n := strings.IndexByte(rest, '\n')
			if n < 0 {
				n = len(rest)
			}
			at += n
		case strings.HasPrefix(rest, "/*"):
			n := strings.Index(rest[2:], "*/")
			if n < 0 {
				return nil, invalidQuery("Syntax error: Unclosed comment at [%d]", at)
			}
			at += n + 4
		default:
			t, err := next(sql, at)
			if err != nil {
				return nil, err
			}
			out = append(out, t)
			at = t.end
		}
	}
	return append(out, token{kind: tokenEnd, at: len(sql), end: len(sql)}), nil
}

// next reads the token that begins at a place.
func next(sql string, at int) (token, error) {
	r, size := utf8.DecodeRuneInString(sql[at:])
	switch {
	case r == '`':
		text, end, ok := quoted(sql, at, "`", false)
		if !ok || text == "" {
			return token{}, invalidQuery("Syntax error: Unclosed identifier literal at [%d]", at)
		}
		return token{tokenQuoted, text, at, end}, nil
	case r == '_' || unicode.IsLetter(r):
		end := at
		for end < len(sql) {
			r, size := utf8.DecodeRuneInString(sql[end:])
			if r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
				break
			}
			end += size
		}
		word := strings.ToLower(sql[at:end])
		if end < len(sql) && (sql[end] == '"' || sql[end] == '\'') && (word == "r" || word == "b" || word == "rb" || word == "br") {
			return text(sql, at, end, strings.Contains(word, "r"))
		}
		return token{tokenWord, sql[at:end], at, end}, nil
	case r == '"' || r == '\'':
		return text(sql, at, at, false)
	case r >= '0' && r <= '9':
		end := at
		for end < len(sql) && (sql[end] >= '0' && sql[end] <= '9') {
			end++
		}
		return token{tokenNumber, sql[at:end], at, end}, nil
	default:
		return token{tokenSign, sql[at : at+size], at, at + size}, nil
	}
}

// text reads a string or bytes literal whose quote is at a place.
func text(sql string, start, at int, raw bool) (token, error) {
	quote := sql[at : at+1]
	if triple := strings.Repeat(quote, 3); strings.HasPrefix(sql[at:], triple) {
		quote = triple
	}
	text, end, ok := quoted(sql, at, quote, raw)
	if !ok {
		return token{}, invalidQuery("Syntax error: Unclosed string literal at [%d]", at)
	}
	return token{tokenString, text, start, end}, nil
}

// quoted reads up to the closing quote. A backslash keeps it open, in a raw
// literal too.
func quoted(sql string, at int, quote string, raw bool) (text string, end int, ok bool) {
	var b strings.Builder
	for i := at + len(quote); i < len(sql); {
		switch {
		case strings.HasPrefix(sql[i:], quote):
			return b.String(), i + len(quote), true
		case sql[i] == '\n' && len(quote) == 1:
			return "", 0, false
		case sql[i] == '\\' && i+1 < len(sql):
			if raw {
				b.WriteByte('\\')
			}
			b.WriteString(unescape(sql[i+1], raw))
			i += 2
		default:
			b.WriteByte(sql[i])
			i++
		}
	}
	return "", 0, false
}

// unescape resolves the escapes of one character. Those with digits stay as
// they are: no label or name needs them.
func unescape(c byte, raw bool) string {
	if !raw {
		switch c {
		case 'n':
			return "\n"
		case 't':
			return "\t"
		case 'r':
			return "\r"
		case 'x', 'X', 'u', 'U', '0', '1', '2', '3':
			return "\\" + string(c)
		}
	}
	return string([]byte{c})
}
