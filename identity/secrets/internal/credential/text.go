// SPDX-License-Identifier: Apache-2.0

package credential

import (
	"iter"
	"strings"
)

// MaxFound bounds how many credentials of one form are taken from one text. Where there
// are as many, there may be more.
const MaxFound = 10_000

// maxKeywords is the length of the longest text that may be a connection string without
// a scheme.
const maxKeywords = 4096

// InText returns the credentials in a text: those of [Words] and [Connections].
func InText(text string) []Credential { return append(Words(text), Connections(text)...) }

// Connections returns the connection strings in a text. Those that no scheme begins are
// found where they stand alone: the whole text, the value of an option, or in quotes.
func Connections(text string) []Credential {
	var out []Credential
	if strings.Contains(text, "://") || strings.Contains(text, "jdbc:") {
		out = append(connectionURLs(text), thinOracle(text)...)
	}
	if !strings.ContainsAny(text, "=(") {
		return out
	}
	for part := range alone(text) {
		if c, ok := withoutScheme(part); ok {
			out = append(out, c)
		}
		if len(out) >= MaxFound {
			break
		}
	}
	return out
}

// withoutScheme reads a connection string that no scheme begins.
func withoutScheme(text string) (Credential, bool) {
	if c, ok := ofKeywords(text); ok {
		return c, true
	}
	if c, ok := ofAzureKeywords(text); ok {
		return c, true
	}
	return ofGoMySQL(text)
}

// alone yields what of a text may be a connection string without a scheme: all of it, the
// value of an option such as --dsn=..., and what stands in quotes, as in XML.
func alone(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		whole := text
		if strings.HasPrefix(text, "-") {
			_, whole, _ = strings.Cut(text, "=")
		}
		if len(whole) <= maxKeywords && !yield(whole) {
			return
		}
		for _, quote := range []string{`"`, `'`} {
			// Between each two, since an apostrophe begins no quotation.
			_, rest, _ := strings.Cut(text, quote)
			for part, next, ok := strings.Cut(rest, quote); ok; part, next, ok = strings.Cut(next, quote) {
				if len(part) >= shortestKey && len(part) <= maxKeywords && part != whole && !yield(part) {
					return
				}
			}
		}
	}
}

// Words returns what in a text is a credential by itself: tokens, keys with the prefixes that
// their providers give them, and webhooks. It takes one pass over the words.
func Words(text string) []Credential {
	var out []Credential
	for i := 0; i < len(text) && len(out) < MaxFound; {
		if !tokenCharacter(text[i]) {
			i++
			continue
		}
		word := leading(text[i:])
		i += len(word)
		word = strings.TrimRight(word, ".") // which may end a sentence
		if len(word) < shortestKey {
			continue
		}
		if strings.HasPrefix(word, "eyJ") {
			if c, ok := ofJWT(word); ok {
				out = append(out, c)
			}
		} else if kind := formatOf(word); kind != 0 {
			out = append(out, Credential{Kind: kind, Secret: []string{word}})
		}
	}
	return append(out, slackWebhooks(text)...)
}

// leading returns the word that a text begins with.
func leading(text string) string {
	for i := range len(text) {
		if !tokenCharacter(text[i]) {
			return text[:i]
		}
	}
	return text
}

// only reports whether text has least to most characters, all of one class.
func only(text string, class func(byte) bool, least, most int) bool {
	if len(text) < least || len(text) > most {
		return false
	}
	for i := range len(text) {
		if !class(text[i]) {
			return false
		}
	}
	return true
}

func alphanumeric(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}
func hexadecimal(c byte) bool   { return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' }
func wordCharacter(c byte) bool { return alphanumeric(c) || c == '_' }

// tokenCharacter is asked of every character there is, and so has a set of bits.
func tokenCharacter(c byte) bool {
	const (
		low  = 1<<'-' | 1<<'.' | (1<<10-1)<<'0'
		high = (1<<26-1)<<('A'-64) | 1<<('_'-64) | (1<<26-1)<<('a'-64)
	)
	set := uint64(low)
	if c >= 64 {
		set = high
	}
	return c < 128 && set>>(c&63)&1 != 0
}
