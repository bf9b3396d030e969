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

// InText returns the credentials in a text: tokens, keys with the prefixes that their
// providers give them, and connection strings. Those that no scheme begins are found
// where they stand alone: the whole text, the value of an option, or in quotes.
func InText(text string) []Credential {
	var out []Credential
	out = append(out, prefixed(text)...)
	out = append(out, connectionURLs(text)...)
	for part := range alone(text) {
		if c, ok := ofKeywords(part); ok {
			out = append(out, c)
		} else if c, ok := ofGoMySQL(part); ok {
			out = append(out, c)
		}
		if len(out) >= MaxFound {
			break
		}
	}
	return out
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

// prefixed finds what begins with the prefix of a provider's format, in one pass over
// the words of a text.
func prefixed(text string) []Credential {
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

// shortestKey is the length of the shortest key of a format.
const shortestKey = 24

// formatOf tells the kind of a word that is a key, or 0. The formats are those that
// providers document, or that scanners get from them. Sources: Stripe, "API keys"; Twilio
// SendGrid, "API Keys"; Mailgun, "API Keys"; GitHub, "GitHub's token formats"; Slack, "Token
// types"; GitLab, "Token overview".
func formatOf(word string) Kind {
	rest := func(prefix string) string { return strings.TrimPrefix(word, prefix) }
	has := func(prefix string) bool { return strings.HasPrefix(word, prefix) }
	is := func(kind Kind, ok bool) Kind {
		if ok {
			return kind
		}
		return 0
	}
	switch word[0] {
	case 's', 'r':
		switch {
		case has("sk_live_"), has("rk_live_"):
			return is(PaymentKey, only(word[8:], alphanumeric, 16, 256))
		case has("sk_test_"), has("rk_test_"):
			return is(TestPaymentKey, only(word[8:], alphanumeric, 16, 256))
		}
	case 'S':
		return is(ProviderKey, has("SG.") && sendGrid(word))
	case 'k':
		return is(ProviderKey, has("key-") && only(rest("key-"), hexadecimal, 32, 32))
	case 'g':
		switch {
		case has("ghp_"), has("gho_"), has("ghu_"), has("ghs_"), has("ghr_"):
			return is(ProviderKey, only(word[4:], alphanumeric, 36, 255))
		case has("github_pat_"):
			return is(ProviderKey, only(rest("github_pat_"), wordCharacter, 60, 255))
		case has("glpat-"):
			return is(ProviderKey, only(rest("glpat-"), tokenCharacter, 20, 300))
		}
	case 'x':
		return is(ProviderKey, (has("xoxb-") || has("xoxp-") || has("xoxa-") || has("xoxr-") || has("xapp-")) && slack(word))
	}
	return 0
}

func slackWebhooks(text string) []Credential {
	_, rest, ok := strings.Cut(text, "hooks.slack.com/services/")
	if !ok {
		return nil
	}
	parts := strings.SplitN(rest, "/", 3)
	if len(parts) < 3 || !strings.HasPrefix(parts[0], "T") || !strings.HasPrefix(parts[1], "B") {
		return nil
	}
	key := leading(parts[2])
	if !only(key, alphanumeric, 20, 64) {
		return nil
	}
	return []Credential{{Kind: ProviderKey, Secret: []string{key}}}
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

func sendGrid(word string) bool {
	parts := strings.Split(word, ".")
	return len(parts) == 3 && only(parts[1], tokenCharacter, 16, 32) && only(parts[2], tokenCharacter, 32, 64)
}

func slack(word string) bool {
	return strings.Count(word, "-") >= 2 && only(word[5:], tokenCharacter, 20, 255) && strings.ContainsAny(word, "0123456789")
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
func hexadecimal(c byte) bool    { return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' }
func wordCharacter(c byte) bool  { return alphanumeric(c) || c == '_' }
func tokenCharacter(c byte) bool { return wordCharacter(c) || c == '-' || c == '.' }
