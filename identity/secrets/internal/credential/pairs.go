// SPDX-License-Identifier: Apache-2.0

package credential

import (
	"slices"
	"strings"
)

// An Entry is a text under a key, somewhere in an object.
type Entry struct{ Key, Text string }

// InEntries returns the credentials of which an object has both halves, each under a
// key of its own: an access key of AWS and its secret, an Azure client and its secret,
// an account at a provider and its token. Half a pair is none, since identifiers alone
// open nothing. At gives the index of the entry that holds the secret half.
func InEntries(entries []Entry) (found []Credential, at []int) {
	for _, pair := range []func([]Entry) ([]Credential, []int){awsPairs, azurePairs, providerPairs} {
		c, i := pair(entries)
		found, at = append(found, c...), append(at, i...)
	}
	return found, at
}

// awsPairs finds access keys: AKIA and ASIA begin the identifiers of lasting and of
// temporary ones, and secrets are 40 characters of base64 (AWS, "IAM identifiers" and
// "Manage access keys for IAM users").
func awsPairs(entries []Entry) (found []Credential, at []int) {
	var ids []string
	for _, e := range entries {
		ids = append(ids, accessKeys(e.Text)...)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if len(ids) == 0 {
		return nil, nil
	}
	for i, e := range entries {
		secret := strings.TrimSpace(e.Text)
		if !only(secret, base64Character, 40, 40) || !mixed(secret) {
			continue
		}
		c := Credential{Kind: AWSSession, Secret: []string{secret}, Expires: true}
		for _, id := range ids {
			if strings.HasPrefix(id, "AKIA") {
				c.Kind, c.Expires = AWSKey, false
			}
		}
		c.about(Account, ids...)
		found, at = append(found, c), append(at, i)
	}
	return found, at
}

// accessKeys returns the identifiers of access keys in a text.
func accessKeys(text string) []string {
	var out []string
	for _, prefix := range []string{"AKIA", "ASIA"} {
		for rest, tries := text, 0; tries < MaxFound; tries++ {
			at := strings.Index(rest, prefix)
			if at < 0 {
				break
			}
			begins := at == 0 || !alphanumeric(rest[at-1])
			rest = rest[at:]
			if begins && len(rest) >= 20 && only(rest[:20], base32Character, 20, 20) && (len(rest) == 20 || !alphanumeric(rest[20])) {
				out = append(out, rest[:20])
			}
			rest = rest[len(prefix):]
		}
	}
	return out
}

func base32Character(c byte) bool { return 'A' <= c && c <= 'Z' || '2' <= c && c <= '7' }
func base64Character(c byte) bool { return alphanumeric(c) || c == '+' || c == '/' }

// mixed reports whether a text has capitals and small letters or digits, as random
// base64 does and a hash in hexadecimal does not.
func mixed(text string) bool {
	return strings.ContainsAny(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") && strings.ContainsAny(text, "ghijklmnopqrstuvwxyz")
}

// azurePairs finds the client of an application with its secret, under the names that
// the Azure SDKs read (EnvironmentCredential) and those of az ad sp create-for-rbac. A
// secret has a third character of a digit, Q and a tilde behind it.
func azurePairs(entries []Entry) (found []Credential, at []int) {
	clients := under(entries, "azureclientid", "clientid", "appid", "armclientid", "aadclientid")
	tenants := under(entries, "azuretenantid", "tenantid", "tenant", "armtenantid", "aadtenantid")
	for i, e := range entries {
		secret := strings.TrimSpace(e.Text)
		named := slices.Contains([]string{"azureclientsecret", "clientsecret", "armclientsecret", "aadclientsecret"}, normal(e.Key)) &&
			len(secret) >= 16 && len(tenants) > 0 && len(clients) > 0
		if !named && !azureSecret(secret) {
			continue
		}
		c := Credential{Kind: AzureSecret, Secret: []string{secret}}
		c.about(Account, clients...)
		c.about(Project, tenants...)
		found, at = append(found, c), append(at, i)
	}
	return found, at
}

func azureSecret(text string) bool {
	return len(text) >= 37 && len(text) <= 40 && text[4:6] == "Q~" && '0' <= text[3] && text[3] <= '9' &&
		only(text, func(c byte) bool { return tokenCharacter(c) || c == '~' }, 37, 40)
}

// providerPairs finds tokens that say nothing by themselves, beside the account they
// are for: Twilio's AuthToken, Auth0's and Okta's secrets.
func providerPairs(entries []Entry) (found []Credential, at []int) {
	var accounts []string
	for _, e := range entries {
		if text := strings.TrimSpace(e.Text); len(text) == 34 && strings.HasPrefix(text, "AC") && only(text[2:], hexadecimal, 32, 32) {
			accounts = append(accounts, text)
		}
	}
	domains := under(entries, "auth0domain", "oktadomain", "oktaclientorgurl", "oktaorgurl", "oktaissuer")
	for i, e := range entries {
		c := Credential{Kind: ProviderKey, Secret: []string{strings.TrimSpace(e.Text)}}
		switch key := normal(e.Key); {
		case len(accounts) > 0 && strings.Contains(key, "authtoken") && only(c.Secret[0], hexadecimal, 32, 32):
			c.about(Account, accounts...)
		case len(domains) > 0 && len(c.Secret[0]) >= 20 && slices.Contains([]string{
			"auth0clientsecret", "oktaclientsecret", "oktaclienttoken", "oktaapitoken",
		}, key):
			for _, domain := range domains {
				c.about(Host, hostOfURL(domain))
			}
		default:
			continue
		}
		found, at = append(found, c), append(at, i)
	}
	return found, at
}

// under returns the texts that stand under one of some keys.
func under(entries []Entry, keys ...string) []string {
	var out []string
	for _, e := range entries {
		if slices.Contains(keys, normal(e.Key)) {
			out = append(out, strings.ToLower(strings.TrimSpace(e.Text)))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// normal gives AZURE_CLIENT_ID, azure-client-id and azureClientId one form.
func normal(key string) string {
	out := make([]byte, 0, len(key))
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
