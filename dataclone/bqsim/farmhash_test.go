// SPDX-License-Identifier: Apache-2.0

package bqsim

import "testing"

// The texts are those of the page "Hash functions"; the other values are those
// of github.com/dgryski/go-farm, one at each border between ranges of lengths.
func TestFingerprintIsFarmHash(t *testing.T) {
	for text, want := range map[string]int64{
		"1footrue": -1541654101129638711, "2applefalse": 2794438866806483259, "3true": -4880158226897771312,
	} {
		if got := fingerprint([]byte(text)); got != want {
			t.Errorf("fingerprint of %q: %d, want %d", text, got, want)
		}
	}
	bytes := make([]byte, 300)
	for i := range bytes {
		bytes[i] = byte(i*7 + 3)
	}
	for n, want := range map[int]int64{
		0: -7286425919675154353, 1: -4701585644151464565, 3: 4662423180930907492, 4: -880473496457938030, 7: 5759834791111993764,
		8: 907454142650066470, 16: 9140634717936656744, 17: -3940209979914493657, 32: -6539366919091055384, 33: -4445161147390955287,
		64: 389040666157116578, 65: 8638051931306504420, 127: -3845623201339589762, 128: 7379187116787024497, 129: -7484864359672536957,
		192: 4590343427702585127, 300: -2324722648741204205,
	} {
		if got := fingerprint(bytes[:n]); got != want {
			t.Errorf("fingerprint of %d bytes: %d, want %d", n, got, want)
		}
	}
}
