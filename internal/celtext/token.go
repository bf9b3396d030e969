// SPDX-License-Identifier: Apache-2.0

package celtext

import "strings"

// A kind tells what sort of token one is.
type kind int

const (
	symbol kind = iota // one byte, or two that belong together
	name
	quoted // a string or bytes
	number
)

// A token is a piece of text. Of a string it is what stands between the quotes.
type token struct {
	kind kind
	text string
}

// is reports whether the token is a symbol.
func (t token) is(text string) bool { return t.kind == symbol && t.text == text }

// tokens cuts a text. Space and comments are gone; a string that does not end goes
// up to the end of the text.
func tokens(text string) []token {
	var out []token
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case isSpace(c):
			i++
		case strings.HasPrefix(text[i:], "//"):
			i += through(text[i:], "\n")
		case isLetter(c):
			end := i + span(text[i:], func(c byte) bool { return isLetter(c) || isDigit(c) })
			if end < len(text) && (text[end] == '"' || text[end] == '\'') && isStringPrefix(text[i:end]) {
				raw := strings.ContainsAny(text[i:end], "rR")
				body, size := unquote(text[end:], raw)
				out = append(out, token{quoted, body})
				i = end + size
				continue
			}
			out = append(out, token{name, text[i:end]})
			i = end
		case c == '`': // a field whose name is no identifier
			size := through(text[i+1:], "`")
			out = append(out, token{name, strings.TrimSuffix(text[i+1:i+1+size], "`")})
			i += 1 + size
		case c == '"' || c == '\'':
			body, size := unquote(text[i:], false)
			out = append(out, token{quoted, body})
			i += size
		case isDigit(c):
			size := span(text[i:], func(c byte) bool { return isLetter(c) || isDigit(c) || c == '.' })
			out = append(out, token{number, text[i : i+size]})
			i += size
		default:
			size := 1
			if i+1 < len(text) && isPair(text[i:i+2]) {
				size = 2
			}
			out = append(out, token{symbol, text[i : i+size]})
			i += size
		}
	}
	return out
}

// unquote returns what stands between the quotes at the beginning of a text, and how
// many bytes the string takes with them. An escaped byte stands for itself, which is
// enough for names.
func unquote(text string, raw bool) (body string, size int) {
	quote := text[:1]
	if triple := strings.Repeat(quote, 3); strings.HasPrefix(text, triple) {
		quote = triple
	}
	var b strings.Builder
	i := len(quote)
	for i < len(text) {
		switch {
		case strings.HasPrefix(text[i:], quote):
			return b.String(), i + len(quote)
		case text[i] == '\\' && !raw && i+1 < len(text):
			b.WriteByte(text[i+1])
			i += 2
		default:
			b.WriteByte(text[i])
			i++
		}
	}
	return b.String(), i
}

// through returns how many bytes of a text go up to the first end in it, with it.
func through(text, end string) int {
	if i := strings.Index(text, end); i >= 0 {
		return i + len(end)
	}
	return len(text)
}

// span returns how many bytes at the beginning of a text belong to a class.
func span(text string, class func(byte) bool) int {
	for i := range len(text) {
		if !class(text[i]) {
			return i
		}
	}
	return len(text)
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' }

func isLetter(c byte) bool { return c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isStringPrefix(text string) bool {
	switch strings.ToLower(text) {
	case "r", "b", "rb", "br":
		return true
	default:
		return false
	}
}

func isPair(text string) bool {
	switch text {
	case "&&", "||", "==", "!=", "<=", ">=":
		return true
	default:
		return false
	}
}
