// SPDX-License-Identifier: Apache-2.0

package credential

import (
	"iter"
	"slices"
	"strings"
)

// An Entry is a text under a key, somewhere in an object.
type Entry struct{ Key, Text string }

// InEntries returns the credentials of which an object has both halves, each in an
// entry of its own or both in one: an access key of AWS and its secret, an Azure client
// and its secret, an account at a provider and its token. Half a pair is none, since
// identifiers alone open nothing. At gives the index of the entry that holds the secret
// half.
func InEntries(entries []Entry) (found []Credential, at []int) {
	p := pairs{entries: entries, keys: make([]string, len(entries))}
	for i, e := range entries {
		p.keys[i] = normal(e.Key)
	}
	p.aws()
	p.azure()
	p.twilio()
	p.signIn()
	return p.found, p.at
}

// Halves returns what of a long text may be half of a pair by its form.
func Halves(text string) []string {
	out := accessKeys(text)
	for secret := range awsSecrets(text) {
		out = append(out, secret)
	}
	for secret := range azureSecrets(text) {
		out = append(out, secret)
	}
	return out[:min(len(out), MaxFound)]
}

// pairs are the entries of an object, with their keys in one form.
type pairs struct {
	entries []Entry
	keys    []string
	found   []Credential
	at      []int
}

func (p *pairs) add(c Credential, at int) { p.found, p.at = append(p.found, c), append(p.at, at) }

// aws finds access keys: AKIA and ASIA begin the identifiers of lasting and of
// temporary ones, and secrets are 40 characters of base64 (AWS, "IAM identifiers" and
// "Manage access keys for IAM users").
func (p *pairs) aws() {
	var ids []string
	for _, e := range p.entries {
		ids = append(ids, accessKeys(e.Text)...)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if len(ids) == 0 {
		return
	}
	lasting := slices.ContainsFunc(ids, func(id string) bool { return strings.HasPrefix(id, "AKIA") })
	for i, e := range p.entries {
		for secret := range awsSecrets(e.Text) {
			c := Credential{Kind: AWSSession, Secret: []string{secret}, Expires: true}
			if lasting {
				c.Kind, c.Expires = AWSKey, false
			}
			c.about(Account, ids...)
			p.add(c, i)
		}
	}
}

// accessKeys returns the identifiers of access keys in a text.
func accessKeys(text string) []string {
	var out []string
	for _, prefix := range []string{"AKIA", "ASIA"} {
		for at := range occurrences(text, prefix) {
			end := at + 20
			if (at == 0 || !alphanumeric(text[at-1])) && end <= len(text) && only(text[at:end], base32Character, 20, 20) &&
				(end == len(text) || !alphanumeric(text[end])) && !strings.HasSuffix(text[:end], "EXAMPLE") { // of AWS's documentation
				out = append(out, text[at:end])
			}
		}
	}
	return out
}

// awsSecrets yields the words of a text that have the form of the secret of an access
// key.
func awsSecrets(text string) iter.Seq[string] {
	const length = 40
	return func(yield func(string) bool) {
		for start := 0; start+length <= len(text); {
			end := start
			for end < len(text) && base64Character(text[end]) {
				end++
			}
			word := text[start:end]
			if len(word) == length && (end == len(text) || text[end] != '=') && mixed(word) && !yield(word) {
				return
			}
			start = end + 1
		}
	}
}

func base32Character(c byte) bool { return 'A' <= c && c <= 'Z' || '2' <= c && c <= '7' }
func base64Character(c byte) bool { return alphanumeric(c) || c == '+' || c == '/' }

// mixed reports whether a text has capitals and small letters, beyond those of
// hexadecimal, as random base64 does and a hash does not.
func mixed(text string) bool {
	return strings.ContainsAny(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") && strings.ContainsAny(text, "ghijklmnopqrstuvwxyz")
}

// azure finds the client of an application with its secret, under the names that the
// Azure SDKs read (EnvironmentCredential) and those of az ad sp create-for-rbac, and
// secrets by their form.
func (p *pairs) azure() {
	clients := p.under("azureclientid", "clientid", "appid", "armclientid", "aadclientid")
	tenants := p.under("azuretenantid", "tenantid", "tenant", "armtenantid", "aadtenantid")
	add := func(secret string, at int) {
		c := Credential{Kind: AzureSecret, Secret: []string{secret}}
		c.about(Account, clients...)
		c.about(Project, tenants...)
		p.add(c, at)
	}
	for i, e := range p.entries {
		formed := false
		for secret := range azureSecrets(e.Text) {
			formed = true
			add(secret, i)
		}
		secret := strings.TrimSpace(e.Text)
		named := slices.Contains([]string{"azureclientsecret", "clientsecret", "armclientsecret", "aadclientsecret"}, p.keys[i]) &&
			len(secret) >= 16 && len(tenants) > 0 && len(clients) > 0
		if named && !formed && !filledIn(secret) {
			add(secret, i)
		}
	}
}

// azureSecrets yields the words of a text that have the form of a client secret: its
// fourth character is a digit, and Q and a tilde stand behind.
func azureSecrets(text string) iter.Seq[string] {
	class := func(c byte) bool { return tokenCharacter(c) || c == '~' }
	return func(yield func(string) bool) {
		for at := range occurrences(text, "Q~") {
			start, end := at-4, at
			if start < 0 || text[at-1] < '0' || text[at-1] > '9' || start > 0 && class(text[start-1]) {
				continue
			}
			for end < len(text) && class(text[end]) && end-start <= 40 {
				end++
			}
			if only(text[start:end], class, 37, 40) && !yield(text[start:end]) {
				return
			}
		}
	}
}

// twilio finds AuthTokens, which say nothing by themselves, beside the account that they
// are for.
func (p *pairs) twilio() {
	var accounts []string
	for _, e := range p.entries {
		if text := strings.TrimSpace(e.Text); len(text) == 34 && strings.HasPrefix(text, "AC") && only(text[2:], hexadecimal, 32, 32) {
			accounts = append(accounts, text)
		}
	}
	if len(accounts) == 0 {
		return
	}
	for i, e := range p.entries {
		if secret := strings.TrimSpace(e.Text); strings.Contains(p.keys[i], "authtoken") && only(secret, hexadecimal, 32, 32) {
			c := Credential{Kind: ProviderKey, Secret: []string{secret}}
			c.about(Account, accounts...)
			p.add(c, i)
		}
	}
}

// signIn finds the secrets of Auth0 and Okta beside the domain that they are for.
func (p *pairs) signIn() {
	domains := p.under("auth0domain", "oktadomain", "oktaclientorgurl", "oktaorgurl", "oktaissuer")
	if len(domains) == 0 {
		return
	}
	for i, e := range p.entries {
		secret := strings.TrimSpace(e.Text)
		named := slices.Contains([]string{"auth0clientsecret", "oktaclientsecret", "oktaclienttoken", "oktaapitoken"}, p.keys[i])
		if !named || len(secret) < 20 || filledIn(secret) {
			continue
		}
		c := Credential{Kind: ProviderKey, Secret: []string{secret}}
		for _, domain := range domains {
			c.about(Host, HostOfURL(domain))
		}
		p.add(c, i)
	}
}

// under returns the texts that stand under one of some keys.
func (p *pairs) under(keys ...string) []string {
	var out []string
	for i, e := range p.entries {
		if slices.Contains(keys, p.keys[i]) {
			out = append(out, strings.ToLower(strings.TrimSpace(e.Text)))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// maxName is the length of the longest key that may say what its text is.
const maxName = 64

// normal gives AZURE_CLIENT_ID, azure-client-id and azureClientId one form.
func normal(key string) string {
	if len(key) > maxName {
		return ""
	}
	out := make([]byte, 0, maxName)
	for i := range len(key) {
		switch c := key[i]; {
		case c == '_' || c == '-' || c == '.':
		case 'A' <= c && c <= 'Z':
			out = append(out, c+'a'-'A')
		default:
			out = append(out, c)
		}
	}
	return string(out)
}

// occurrences yields where a text stands in another, at most [MaxFound] times.
func occurrences(text, part string) iter.Seq[int] {
	return func(yield func(int) bool) {
		for from, n := 0, 0; n < MaxFound; n++ {
			at := strings.Index(text[from:], part)
			if at < 0 || !yield(from+at) {
				return
			}
			from += at + len(part)
		}
	}
}
