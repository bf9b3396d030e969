// SPDX-License-Identifier: Apache-2.0

package credential

import (
	"strings"
)

// maxFound bounds how many credentials of one form are taken from one text.
const maxFound = 200

// InText returns the credentials in a text: tokens, keys with the prefixes that their
// providers give them, private keys, and connection strings. Whole says that the text
// stands alone, as in an environment variable; the forms of connection strings that no
// prefix marks are found only there.
func InText(text string, whole bool) []Credential {
	var out []Credential
	out = append(out, prefixed(text)...)
	out = append(out, connectionURLs(text)...)
	if whole && len(text) < 4096 {
		if c, ok := ofKeywords(text); ok {
			out = append(out, c)
		} else if c, ok := ofGoMySQL(text); ok {
			out = append(out, c)
		}
	}
	return out
}

// A format is how a provider's keys look: they begin with prefix, and shape says
// whether a word is one.
type format struct {
	kind   Kind
	prefix string
	shape  func(word string) bool
}

// formats are those that providers document, or that their scanning partners publish.
// Sources: Stripe, "API keys"; Twilio SendGrid, "API Keys"; Mailgun, "API Keys"; GitHub,
// "GitHub's token formats"; Slack, "Token types" and "Sending messages using incoming
// webhooks"; GitLab, "Token overview"; Microsoft, "Azure AD client secret" of the
// sensitive information types.
func formats() []format {
	stripe := func(prefix string) func(string) bool {
		return func(word string) bool { return only(word[len(prefix):], alphanumeric, 16, 256) }
	}
	return []format{
		{PaymentKey, "sk_live_", stripe("sk_live_")},
		{PaymentKey, "rk_live_", stripe("rk_live_")},
		{TestPaymentKey, "sk_test_", stripe("sk_test_")},
		{TestPaymentKey, "rk_test_", stripe("rk_test_")},
		{ProviderKey, "SG.", sendGrid},
		{ProviderKey, "key-", func(word string) bool { return len(word) == 36 && only(word[4:], hexadecimal, 32, 32) }},
		{ProviderKey, "ghp_", github}, {ProviderKey, "gho_", github}, {ProviderKey, "ghu_", github},
		{ProviderKey, "ghs_", github}, {ProviderKey, "ghr_", github},
		{ProviderKey, "github_pat_", func(word string) bool { return only(word[11:], wordCharacter, 60, 255) }},
		{ProviderKey, "glpat-", func(word string) bool { return only(word[6:], tokenCharacter, 20, 300) }},
		{ProviderKey, "xoxb-", slack}, {ProviderKey, "xoxp-", slack}, {ProviderKey, "xoxa-", slack}, {ProviderKey, "xoxr-", slack},
		{ProviderKey, "xapp-", slack},
		{AccountToken, "eyJ", nil}, // read by ofJWT
	}
}

// prefixed finds what begins with the prefix of a format.
func prefixed(text string) []Credential {
	var out []Credential
	for _, f := range formats() {
		for rest, found := text, 0; found < maxFound; found++ {
			at := strings.Index(rest, f.prefix)
			if at < 0 {
				break
			}
			begins := at == 0 || !tokenCharacter(rest[at-1])
			rest = rest[at:]
			word := strings.TrimRight(leading(rest), ".") // which may end a sentence
			if begins && f.shape == nil {
				if c, ok := ofJWT(word); ok {
					out = append(out, c)
				}
			} else if begins && f.shape(word) {
				out = append(out, Credential{Kind: f.kind, Secret: []string{word}})
			}
			rest = rest[max(len(word), 1):]
		}
	}
	return append(out, slackWebhooks(text)...)
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

func github(word string) bool { return only(word[4:], alphanumeric, 36, 255) }

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
