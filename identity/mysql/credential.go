// SPDX-License-Identifier: Apache-2.0

package mysql

import (
	"crypto/rand"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// A Credential is what an account of staging logs in with. Neither a password nor a hash
// of one comes out of it, but to the server. The zero value says that the account is made
// elsewhere, as users of IAM are.
type Credential struct {
	plugin string
	hash   *string // as a literal; behind a pointer, which no verb of fmt follows
}

// String says what it is for, and not what it is.
func (c Credential) String() string {
	if c.plugin == "" {
		return "made elsewhere"
	}
	return "a hash for " + c.plugin
}

const (
	cachingSHA2 = "caching_sha2_password"
	native      = "mysql_native_password"
	// longestPassword is how many bytes caching_sha2_password takes (MAX_PLAINTEXT_LENGTH
	// of MySQL 8.0).
	longestPassword = 256
)

var errPassword = errors.New("a password has 1 to 256 bytes, and no NUL")

// CachingSHA2 makes the credential of a password for MySQL, with a salt of its own. The
// server gets the hash alone. A password of staging that is one of production's is a leak
// that no server sees.
func CachingSHA2(password string) (Credential, error) {
	if password == "" || len(password) > longestPassword || strings.ContainsRune(password, 0) {
		return Credential{}, errPassword
	}
	salt := make([]byte, saltLength)
	if _, err := rand.Read(salt); err != nil {
		return Credential{}, fmt.Errorf("making a salt: %w", err)
	}
	for i, b := range salt {
		salt[i] = cryptAlphabet[b&63] // the server stores it as text, and $ would end it
	}
	hash := "0x" + strings.ToUpper(hex.EncodeToString([]byte("$A$005$"+string(salt)+sha256Crypt(password, salt))))
	return Credential{plugin: cachingSHA2, hash: &hash}, nil
}

// NativePassword makes the credential of a password for MariaDB. The hash has no salt: a
// guessable password is guessed from it, so make a long random one.
func NativePassword(password string) (Credential, error) {
	if password == "" || len(password) > longestPassword || strings.ContainsRune(password, 0) {
		return Credential{}, errPassword
	}
	once := sha1.Sum([]byte(password))
	twice := sha1.Sum(once[:])
	hash := "'*" + strings.ToUpper(hex.EncodeToString(twice[:])) + "'"
	return Credential{plugin: native, hash: &hash}, nil
}

// Hashed makes a credential of a hash that another tool made for a plugin, as SHOW CREATE
// USER prints it: printable ASCII.
func Hashed(plugin, hash string) (Credential, error) {
	for _, r := range hash {
		if r <= ' ' || r > '~' || r == '\'' || r == '\\' {
			return Credential{}, errors.New("a hash is printable ASCII without quotes and backslashes")
		}
	}
	if hash == "" {
		return Credential{}, errors.New("no hash")
	}
	for _, r := range plugin {
		if r != '_' && (r < 'a' || r > 'z') && (r < '0' || r > '9') {
			return Credential{}, errors.New("the name of a plugin is of lower-case letters, digits and _")
		}
	}
	if plugin == "" {
		return Credential{}, errors.New("no plugin")
	}
	quoted := "'" + hash + "'"
	return Credential{plugin: plugin, hash: &quoted}, nil
}
