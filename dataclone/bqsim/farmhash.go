// SPDX-License-Identifier: Apache-2.0

package bqsim

import (
	"encoding/binary"
	"math/bits"
)

// The constants of FarmHash: primes between 2^63 and 2^64.
const (
	farmK0 uint64 = 0xc3a5c85c97cb3127
	farmK1 uint64 = 0xb492b66fbe98f273
	farmK2 uint64 = 0x9ae16a3b2f90404f
)

// fingerprint is Fingerprint64 of FarmHash, which FARM_FINGERPRINT is (page
// "Hash functions"). It has a way of its own for each range of lengths.
func fingerprint(s []byte) int64 {
	switch n := len(s); {
	case n <= 16:
		return int64(farmShort(s))
	case n <= 32:
		return int64(farm32(s))
	case n <= 64:
		return int64(farm64(s))
	default:
		return int64(farmLong(s))
	}
}

func fetch(s []byte, at int) uint64 { return binary.LittleEndian.Uint64(s[at:]) }

func rotate(v uint64, right int) uint64 { return bits.RotateLeft64(v, -right) }

func shiftMix(v uint64) uint64 { return v ^ v>>47 }

// farmMix hashes 16 bytes to 8.
func farmMix(u, v, mul uint64) uint64 {
	a := shiftMix((u ^ v) * mul)
	return shiftMix((v^a)*mul) * mul
}

func farmShort(s []byte) uint64 {
	n := len(s)
	mul := farmK2 + uint64(n)*2
	switch {
	case n >= 8:
		a, b := fetch(s, 0)+farmK2, fetch(s, n-8)
		return farmMix(rotate(b, 37)*mul+a, (rotate(a, 25)+b)*mul, mul)
	case n >= 4:
		first, last := uint64(binary.LittleEndian.Uint32(s)), uint64(binary.LittleEndian.Uint32(s[n-4:]))
		return farmMix(uint64(n)+first<<3, last, mul)
	case n > 0:
		y := uint64(s[0]) + uint64(s[n>>1])<<8
		z := uint64(n) + uint64(s[n-1])<<2
		return shiftMix(y*farmK2^z*farmK0) * farmK2
	default:
		return farmK2
	}
}

func farm32(s []byte) uint64 {
	n := len(s)
	mul := farmK2 + uint64(n)*2
	a, b := fetch(s, 0)*farmK1, fetch(s, 8)
	c, d := fetch(s, n-8)*mul, fetch(s, n-16)*farmK2
	return farmMix(rotate(a+b, 43)+rotate(c, 30)+d, a+rotate(b+farmK2, 18)+c, mul)
}

func farm64(s []byte) uint64 {
	n := len(s)
	mul := farmK2 + uint64(n)*2
	a, b := fetch(s, 0)*farmK2, fetch(s, 8)
	c, d := fetch(s, n-8)*mul, fetch(s, n-16)*farmK2
	y := rotate(a+b, 43) + rotate(c, 30) + d
	z := farmMix(y, a+rotate(b+farmK2, 18)+c, mul)
	e, f := fetch(s, 16)*mul, fetch(s, 24)
	g, h := (y+fetch(s, n-32))*mul, (z+fetch(s, n-24))*mul
	return farmMix(rotate(e+f, 43)+rotate(g, 30)+h, e+rotate(f+a, 18)+g, mul)
}

// farmWeak hashes 32 bytes and two seeds to 16 bytes.
func farmWeak(s []byte, a, b uint64) (uint64, uint64) {
	w, x, y, z := fetch(s, 0), fetch(s, 8), fetch(s, 16), fetch(s, 24)
	a += w
	b = rotate(b+a+z, 21)
	c := a
	a += x + y
	b += rotate(a, 44)
	return a + z, b + c
}

func farmLong(s []byte) uint64 {
	seed := uint64(81)
	n := len(s)
	x, y := seed*farmK2+fetch(s, 0), seed*farmK1+113
	z := shiftMix(y*farmK2+113) * farmK2
	var v1, v2, w1, w2 uint64
	end, last := (n-1)/64*64, n-64
	for at := 0; at < end; at += 64 {
		b := s[at:]
		x = rotate(x+y+v1+fetch(b, 8), 37) * farmK1
		y = rotate(y+v2+fetch(b, 48), 42) * farmK1
		x ^= w2
		y += v1 + fetch(b, 40)
		z = rotate(z+w1, 33) * farmK1
		v1, v2 = farmWeak(b, v2*farmK1, x+w1)
		w1, w2 = farmWeak(b[32:], z+w2, y+fetch(b, 16))
		z, x = x, z
	}
	mul := farmK1 + (z&0xff)<<1
	b := s[last:]
	w1 += uint64((n - 1) & 63)
	v1 += w1
	w1 += v1
	x = rotate(x+y+v1+fetch(b, 8), 37) * mul
	y = rotate(y+v2+fetch(b, 48), 42) * mul
	x ^= w2 * 9
	y += v1*9 + fetch(b, 40)
	z = rotate(z+w1, 33) * mul
	v1, v2 = farmWeak(b, v2*mul, x+w1)
	w1, w2 = farmWeak(b[32:], z+w2, y+fetch(b, 16))
	z, x = x, z
	return farmMix(farmMix(v1, w1, mul)+shiftMix(y)*farmK0+z, farmMix(v2, w2, mul)+x, mul)
}
