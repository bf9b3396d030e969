// SPDX-License-Identifier: Apache-2.0

package mysql

import "crypto/sha256"

// What MySQL makes hashes with (mysys/crypt_genhash_impl.cc of MySQL 8.0): the crypt of
// SHA-256 with 5000 rounds, as U. Drepper described it ("Unix crypt using SHA-256 and
// SHA-512"), but for a salt of 20 bytes.
const (
	saltLength    = 20
	cryptRounds   = 5000
	cryptAlphabet = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

// sha256Crypt returns the 43 characters of a password's hash.
func sha256Crypt(password string, salt []byte) string {
	key := []byte(password)
	repeat := func(block [sha256.Size]byte, n int) []byte {
		out := make([]byte, n)
		for i := range out {
			out[i] = block[i%sha256.Size]
		}
		return out
	}

	alternate := sha256.Sum256(append(append(append([]byte(nil), key...), salt...), key...))
	first := append(append([]byte(nil), key...), salt...)
	first = append(first, repeat(alternate, len(key))...)
	for n := len(key); n > 0; n >>= 1 {
		if n&1 == 1 {
			first = append(first, alternate[:]...)
		} else {
			first = append(first, key...)
		}
	}
	sum := sha256.Sum256(first)

	var keys, salts []byte
	for range len(key) {
		keys = append(keys, key...)
	}
	for range 16 + int(sum[0]) {
		salts = append(salts, salt...)
	}
	p, s := repeat(sha256.Sum256(keys), len(key)), repeat(sha256.Sum256(salts), len(salt))
	for i := range cryptRounds {
		var round []byte
		odd := i&1 == 1
		if odd {
			round = append(round, p...)
		} else {
			round = append(round, sum[:]...)
		}
		if i%3 != 0 {
			round = append(round, s...)
		}
		if i%7 != 0 {
			round = append(round, p...)
		}
		if odd {
			round = append(round, sum[:]...)
		} else {
			round = append(round, p...)
		}
		sum = sha256.Sum256(round)
	}
	return cryptText(sum)
}

// cryptText writes a sum in the order and the alphabet of crypt.
func cryptText(sum [sha256.Size]byte) string {
	var out []byte
	write := func(a, b, c byte, n int) {
		w := uint(a)<<16 | uint(b)<<8 | uint(c)
		for range n {
			out = append(out, cryptAlphabet[w&63])
			w >>= 6
		}
	}
	a, b, c := 0, 10, 20
	for range 10 {
		write(sum[a], sum[b], sum[c], 4)
		a, b, c = c+1, a+1, b+1
	}
	write(0, sum[31], sum[30], 3)
	return string(out)
}
