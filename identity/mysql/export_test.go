// SPDX-License-Identifier: Apache-2.0

package mysql

// SHA256Crypt lets tests compare the hash with published ones.
func SHA256Crypt(password string, salt []byte) string { return sha256Crypt(password, salt) }

// Quote and Literal let tests read back what is quoted.
func Quote(s string) string   { return quote(s) }
func Literal(s string) string { return literal(s) }

// Like and Escape let tests compare patterns with another matcher.
func Like(pattern, text string) bool { return like(pattern, text) }
func Escape(name string) string      { return escape(name) }
