// SPDX-License-Identifier: Apache-2.0

package postgres

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"regexp"
	"strings"
)

// A Verifier is what a server keeps of a password, so that the password itself never
// reaches it. The zero value is none: nobody logs in with a password. Nothing that prints
// a Verifier prints what is in it.
type Verifier struct {
	text *string // behind a pointer, which no verb of fmt follows here
}

// iterations is SCRAM_SHA_256_DEFAULT_ITERATIONS (PostgreSQL 18, src/include/common/scram-common.h).
const iterations = 4096

// Scram returns the SCRAM-SHA-256 verifier of a password, with a salt of its own (RFC
// 5802, section 3; RFC 7677; PostgreSQL 18, src/common/scram-common.c,
// scram_build_secret).
//
// The password has to be of printable ASCII: others are prepared before they are used
// (RFC 4013), which not all clients do alike. The error does not repeat it.
func Scram(password string) (Verifier, error) {
	var salt [16]byte
	_, _ = rand.Read(salt[:]) // it never fails: crypto/rand, Read
	return scram(password, salt[:], iterations)
}

func scram(password string, salt []byte, iterations int) (Verifier, error) {
	if password == "" {
		return Verifier{}, errors.New("an empty password, with which PostgreSQL lets nobody in")
	}
	if strings.ContainsFunc(password, func(r rune) bool { return r < ' ' || r > '~' }) {
		return Verifier{}, errors.New("a password with other characters than printable ASCII")
	}
	salted, err := pbkdf2.Key(sha256.New, password, salt, iterations, sha256.Size)
	if err != nil {
		return Verifier{}, err
	}
	stored := sha256.Sum256(mac(salted, "Client Key"))
	encode := base64.StdEncoding.EncodeToString
	return ParseVerifier("SCRAM-SHA-256$4096:" + encode(salt) + "$" + encode(stored[:]) + ":" + encode(mac(salted, "Server Key")))
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

// ParseVerifier takes a verifier that was made elsewhere, in the form that PostgreSQL
// keeps: SCRAM-SHA-256$ITERATIONS:SALT$STOREDKEY:SERVERKEY. The error does not repeat it.
func ParseVerifier(text string) (Verifier, error) {
	wrong := errors.New("no verifier of the form SCRAM-SHA-256$ITERATIONS:SALT$STOREDKEY:SERVERKEY")
	parts := regexp.MustCompile(`^SCRAM-SHA-256\$[1-9][0-9]{0,8}:([A-Za-z0-9+/]+=*)\$([A-Za-z0-9+/]+=*):([A-Za-z0-9+/]+=*)$`).FindStringSubmatch(text)
	if parts == nil {
		return Verifier{}, wrong
	}
	for i, length := range []int{0, sha256.Size, sha256.Size} {
		decoded, err := base64.StdEncoding.Strict().DecodeString(parts[i+1])
		if err != nil || length > 0 && len(decoded) != length {
			return Verifier{}, wrong
		}
	}
	return Verifier{text: &text}, nil
}

// String says whether there is one.
func (v Verifier) String() string {
	if v.text == nil {
		return "none"
	}
	return "a verifier"
}
