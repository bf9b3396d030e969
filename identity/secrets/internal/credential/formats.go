// SPDX-License-Identifier: Apache-2.0

package credential

import "strings"

// shortestKey is the length of the shortest key of a format.
const shortestKey = 24

// formatOf tells the kind of a word that is a key, or 0. The formats are those that
// providers document. Sources: Stripe, "API keys" and "Webhooks"; Square, "OAuth API"; Twilio SendGrid, "API
// Keys"; Mailgun, "API Keys"; GitHub, "GitHub's token formats"; Slack, "Token types"; GitLab,
// "Token overview"; npm, "About access tokens"; PyPI, "API tokens"; Docker, "Personal access
// tokens"; HashiCorp Vault, "Tokens"; Grafana, "Service accounts"; DigitalOcean, "Personal access
// tokens"; Shopify, "Access tokens"; Databricks, "Personal access tokens"; Google, "OAuth clients"; OpenAI
// and Anthropic, "API keys"; age, "age(1)".
func formatOf(word string) Kind {
	kind := ProviderKey
	formed := false
	after := func(class func(byte) bool, least, most int, prefixes ...string) bool {
		for _, prefix := range prefixes {
			if rest, ok := strings.CutPrefix(word, prefix); ok {
				return only(rest, class, least, most) && varied(rest)
			}
		}
		return false
	}
	switch word[0] {
	case 'A':
		kind, formed = PrivateKey, after(base32OfAge, 58, 58, "AGE-SECRET-KEY-1")
	case 'G':
		formed = after(tokenCharacter, 28, 28, "GOCSPX-")
	case 'S':
		formed = strings.HasPrefix(word, "SG.") && sendGrid(word)
	case 'd':
		formed = after(tokenCharacter, 20, 100, "dckr_pat_") || after(hexadecimal, 64, 64, "dop_v1_", "doo_v1_") || after(hexadecimal, 32, 32, "dapi")
	case 'g':
		formed = after(alphanumeric, 36, 255, "ghp_", "gho_", "ghu_", "ghs_", "ghr_") || after(wordCharacter, 60, 255, "github_pat_") ||
			after(tokenCharacter, 20, 300, "glpat-", "gldt-", "glrt-", "glptt-", "glsoat-", "glcbt-", "glagent-") || after(wordCharacter, 40, 100, "glsa_")
	case 'h':
		formed = after(tokenCharacter, 20, 300, "hvs.", "hvb.", "hvr.")
	case 'k':
		formed = after(hexadecimal, 32, 32, "key-")
	case 'n':
		formed = after(alphanumeric, 36, 36, "npm_")
	case 'p':
		formed = after(tokenCharacter, 50, 500, "pypi-AgE")
	case 'r', 's':
		switch {
		case after(alphanumeric, 16, 256, "sk_live_", "rk_live_"), after(tokenCharacter, 43, 43, "sq0csp-"), after(tokenCharacter, 22, 22, "sq0atp-"):
			return PaymentKey
		case after(alphanumeric, 16, 256, "sk_test_", "rk_test_"):
			return TestPaymentKey
		}
		formed = after(hexadecimal, 32, 64, "shpat_", "shpss_") || after(tokenCharacter, 40, 300, "sk-") && mixed(word)
	case 'w':
		formed = after(alphanumeric, 32, 100, "whsec_")
	case 'x':
		formed = after(tokenCharacter, 20, 255, "xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xapp-") && strings.Count(word, "-") >= 2 &&
			strings.ContainsAny(word, "0123456789")
	}
	if !formed {
		return 0
	}
	return kind
}

// varied reports whether a text has four different characters or more, unlike xxxx and
// 0000 of documentation.
func varied(text string) bool {
	var seen string
	for i := range len(text) {
		if strings.IndexByte(seen, text[i]) < 0 {
			if seen += text[i : i+1]; len(seen) >= 4 {
				return true
			}
		}
	}
	return false
}

func sendGrid(word string) bool {
	parts := strings.Split(word, ".")
	return len(parts) == 3 && only(parts[1], tokenCharacter, 16, 32) && only(parts[2], tokenCharacter, 32, 64) && varied(parts[2])
}

// slackWebhooks finds the keys at the end of https://hooks.slack.com/services/T.../B.../KEY.
func slackWebhooks(text string) []Credential {
	const address = "hooks.slack.com/services/"
	var out []Credential
	for at := range occurrences(text, address) {
		parts := strings.SplitN(text[at+len(address):], "/", 3)
		if len(parts) < 3 || !strings.HasPrefix(parts[0], "T") || !strings.HasPrefix(parts[1], "B") {
			continue
		}
		if key := leading(parts[2]); only(key, alphanumeric, 20, 64) && varied(key) {
			out = append(out, Credential{Kind: ProviderKey, Secret: []string{key}})
		}
	}
	return out
}

// base32OfAge is the alphabet of Bech32 in capitals.
func base32OfAge(c byte) bool {
	return 'A' <= c && c <= 'Z' && c != 'B' && c != 'I' && c != 'O' || '0' <= c && c <= '9' && c != '1'
}
