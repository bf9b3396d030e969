// SPDX-License-Identifier: Apache-2.0

package secrets

import (
	"slices"
	"strings"
	"unicode"

	"github.com/watertight-go/watertight/identity/secrets/internal/reappear"
)

// telling judges whether a value of production, under its key, is one that staging has
// only by having it from there. It is not if it is short, common or nearly all of one
// character, if it is public by what it is, such as a certificate, or if its key says that
// it is a name and it looks like one. Perhaps it is if it looks like a name or a setting and
// its key does not say what it is: a Secret often holds all that a program is told.
func telling(key, value string) match {
	switch {
	case len(value) < reappear.Shortest, common(value), monotonous(value), public(value):
		return no
	case identifier(key):
		return no
	case !plain(value), soundsSecret(key):
		return yes
	case nameKey(key):
		return no
	default:
		return perhaps
	}
}

// common reports whether a value is one that many have chosen.
func common(value string) bool {
	return slices.Contains([]string{
		"postgres", "postgresql", "password", "password1", "passw0rd", "password123", "p@ssw0rd", "changeme", "changeit", "change-me", "change_me",
		"changeme123", "12345678", "123456789", "1234567890", "87654321", "qwertyui", "qwertyuiop", "qwerty123", "letmein1", "trustno1", "iloveyou",
		"admin123", "adminadmin", "administrator", "rootroot", "root1234", "testtest", "test1234", "guestguest", "welcome1", "supersecret",
		"notasecret", "secret123", "topsecret", "minioadmin", "rabbitmq", "elasticsearch", "elastic1", "mongodb1", "redis123",
		"localhost", "127.0.0.1", "undefined", "disabled", "required", "optional", "anonymous", "username", "database",
		"production", "development", "kubernetes", "placeholder", "redacted",
		"verify-full", "verify-ca", "application/json", "text/plain",
	}, strings.ToLower(value))
}

// monotonous reports whether a value has fewer than four different characters.
func monotonous(value string) bool {
	var seen [256]bool
	different := 0
	for i := range len(value) {
		if !seen[value[i]] {
			seen[value[i]] = true
			different++
		}
	}
	return different < 4
}

// public reports whether a value is meant to be read by everybody: certificates, public
// keys and lists of revoked ones.
func public(value string) bool {
	if strings.Contains(value, "PRIVATE KEY-----") {
		return false
	}
	for _, begin := range []string{
		"-----BEGIN CERTIFICATE", "-----BEGIN TRUSTED CERTIFICATE", "-----BEGIN PUBLIC KEY", "-----BEGIN RSA PUBLIC KEY", "-----BEGIN X509 CRL",
		"-----BEGIN DH PARAMETERS", "-----BEGIN PGP PUBLIC KEY", "ssh-rsa ", "ssh-ed25519 ", "ecdsa-sha2-",
	} {
		if strings.HasPrefix(value, begin) {
			return true
		}
	}
	return false
}

// wordsOfKey splits DB_HOST, db-host, db.host and dbHost into words in lower case.
func wordsOfKey(key string) []string {
	var b strings.Builder
	small := false
	for _, r := range key {
		if unicode.IsUpper(r) && small {
			b.WriteByte(' ')
		}
		small = unicode.IsLower(r) || unicode.IsDigit(r)
		if !small && !unicode.IsUpper(r) {
			r = ' '
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return strings.Fields(b.String())
}

func lastWord(key string) string {
	words := wordsOfKey(key)
	if len(words) == 0 {
		return ""
	}
	return words[len(words)-1]
}

// identifier reports whether a key says that its value names something and opens nothing,
// however random it looks. The secret_id of Vault and the ID of a session do open.
func identifier(key string) bool {
	switch lastWord(key) {
	case "id", "ids", "uuid", "sid", "arn", "fingerprint", "thumbprint", "kid":
		words := wordsOfKey(key)
		return !slices.Contains(words, "secret") && !slices.Contains(words, "session")
	default:
		return false
	}
}

// nameKey reports whether a key says that its value is a name, an address or a setting.
func nameKey(key string) bool {
	return slices.Contains([]string{
		"username", "user", "login", "owner", "role", "host", "hostname", "hosts", "server", "servers", "port", "database", "db", "dbname", "name",
		"namespace", "region", "zone", "location", "bucket", "endpoint", "endpoints", "url", "uri", "urls", "origin", "domain", "env", "environment",
		"mode", "level", "driver", "type", "kind", "sslmode", "engine", "schema", "email", "mail", "from", "sender", "issuer", "audience", "aud", "scope",
		"scopes", "project", "cluster", "service", "version", "image", "repository", "registry", "branch", "path", "file", "dir", "directory", "queue",
		"topic", "exchange", "vhost", "index", "table", "prefix", "format", "algorithm", "alg", "timezone", "locale", "language", "provider", "instance",
		"account", "tenant", "crt", "cert", "ca", "apiversion", "comment", "description", "title", "label",
	}, lastWord(key))
}

// soundsSecret reports whether a key outside of a Secret says that its value is one.
func soundsSecret(key string) bool {
	words := wordsOfKey(key)
	if len(words) == 0 || nameKey(key) || identifier(key) || slices.Contains([]string{"ref", "refs", "key"}, words[len(words)-1]) && len(words) == 1 {
		return false
	}
	all := strings.Join(words, "")
	if slices.Contains([]string{"ref", "refs", "selector", "policy", "enabled", "ttl", "length", "rotation"}, words[len(words)-1]) {
		return false
	}
	for _, word := range []string{
		"password", "passwd", "passphrase", "secret", "token", "apikey", "accesskey", "privatekey", "signingkey", "encryptionkey", "masterkey",
		"credential", "connectionstring", "dsn", "webhook", "phrase",
	} {
		if strings.Contains(all, word) {
			return true
		}
	}
	return slices.Contains(words, "pwd") || slices.Contains(words, "pw")
}

// saysPassword reports whether a key is that of a password, which may look like words.
func saysPassword(key string) bool {
	last := lastWord(key)
	return last == "password" || last == "passwd" || last == "passphrase" || last == "pwd" || strings.HasSuffix(last, "password")
}

// plain reports whether a value looks like a name, an address or a setting: words with
// some digits, joined by what joins them in names, options and URLs, or a DNS name. A URL
// with somebody's login in it is not plain.
func plain(value string) bool {
	if strings.Contains(value, "://") && strings.Contains(value, "@") {
		return false
	}
	if dnsName(value) {
		return true
	}
	words := strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune("-_./:@ ,*=+", r) })
	for _, word := range words {
		if len(word) > 24 || changes(word) > 2 || mixedCase(word) || strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			return false
		}
	}
	return len(words) > 0 && strings.ContainsFunc(value, unicode.IsLetter)
}

// changes counts where a word goes from letters to digits or back: two in Xmx512m, and
// about one in four characters of what is random.
func changes(word string) int {
	n := 0
	for i := 1; i < len(word); i++ {
		if digit(word[i]) != digit(word[i-1]) {
			n++
		}
	}
	return n
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

// mixedCase reports whether a word changes between capitals and others more often than
// camel case does.
func mixedCase(word string) bool {
	n := 0
	for i := 1; i < len(word); i++ {
		if unicode.IsUpper(rune(word[i])) != unicode.IsUpper(rune(word[i-1])) {
			n++
		}
	}
	return n > 5 || n > 2 && n > len(word)/4
}

// dnsName reports whether a value is a DNS name with a dot, with or without a port.
func dnsName(value string) bool {
	host, port, _ := strings.Cut(value, ":")
	if strings.Trim(port, "0123456789") != "" || !strings.Contains(host, ".") || len(host) > 253 {
		return false
	}
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || len(label) > 63 || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return false
		}
	}
	return true
}
