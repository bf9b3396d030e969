// SPDX-License-Identifier: Apache-2.0

// Package reappear finds values of one side in the texts of another, without keeping
// the values: it keeps their length and fingerprints, which are HMAC-SHA256 under a key
// that is random for each [Set] and never leaves it.
//
// [Set.Whole] tells whether a text is one of the values. [Set.Within] finds values in the
// middle of a long text, in time linear in the text whatever the values are: each window
// of twelve bytes is hashed, and only where a window of a value seems to stand is the rest
// of it compared, by hash first and by fingerprint then.
package reappear

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash/maphash"
	"math"
)

// Shortest is the length of the shortest value that is kept, and Window that of the
// shortest that is found in the middle of a text.
const (
	Shortest = 8
	Window   = 12
)

// presentWords is the size of the table of windows; 32 kB of it stay in the cache of a processor.
const presentWords = 1 << 12

// A Set is values, each with the number of where it is from.
type Set struct {
	key     [32]byte
	seed    maphash.Seed
	base    uint64    // of the hash of values
	keys    [2]uint64 // of the hash of windows
	longest int       // value that is searched for
	whole   map[uint64]print
	lengths map[int]bool
	windows map[uint64][]pattern
	crowded map[uint64]int       // how many patterns a window has, for new ones to choose another
	present [presentWords]uint64 // a bit for each window, so that most windows of a text cost no look-up
}

type print struct {
	mac    [sha256.Size]byte
	source int
}

// A pattern is a value that may stand in a text: a window of it at offset, its length,
// and the hash of the whole.
type pattern struct {
	offset, length int
	hash, power    uint64 // of the value, and the base to its length
	mac            [sha256.Size]byte
	source         int
}

// New returns an empty set. The error says that the system has no random numbers.
func New() (*Set, error) {
	s := &Set{
		seed: maphash.MakeSeed(), whole: make(map[uint64]print), lengths: make(map[int]bool),
		windows: make(map[uint64][]pattern), crowded: make(map[uint64]int),
	}
	if _, err := rand.Read(s.key[:]); err != nil {
		return nil, fmt.Errorf("random key for fingerprints: %w", err)
	}
	var random [24]byte
	if _, err := rand.Read(random[:]); err != nil {
		return nil, fmt.Errorf("random keys for hashes: %w", err)
	}
	s.base = binary.LittleEndian.Uint64(random[:])%(prime-1000) + 500
	s.keys = [2]uint64{binary.LittleEndian.Uint64(random[8:]), binary.LittleEndian.Uint64(random[16:])}
	return s, nil
}

// Empty reports whether there is no value.
func (s *Set) Empty() bool { return len(s.whole) == 0 }

func (s *Set) mac(text string) [sha256.Size]byte {
	h := hmac.New(sha256.New, s.key[:])
	h.Write([]byte(text))
	return [sha256.Size]byte(h.Sum(nil))
}

// Add adds a value. Of one that is there already the first source stays. Values shorter
// than [Shortest] are passed over.
func (s *Set) Add(value string, source int) {
	if len(value) < Shortest {
		return
	}
	quick := maphash.String(s.seed, value)
	if _, there := s.whole[quick]; there {
		return
	}
	mac := s.mac(value)
	s.whole[quick] = print{mac, source}
	s.lengths[len(value)] = true
	if len(value) >= Window {
		s.addPattern(value, mac, source)
	}
}

// addPattern chooses the window of the value that the fewest others have, so that values
// with the same beginning do not crowd.
func (s *Set) addPattern(value string, mac [sha256.Size]byte, source int) {
	const tries = 256
	best, fewest, at := 0, math.MaxInt, uint64(0)
	for i := range min(len(value)-Window+1, tries) {
		window := s.window(value, i)
		if n := s.crowded[window]; n < fewest {
			best, fewest, at = i, n, window
		}
		if fewest == 0 {
			break
		}
	}
	s.crowded[at]++
	s.windows[at] = append(s.windows[at], pattern{best, len(value), s.sum(value), s.power(len(value)), mac, source})
	s.longest = max(s.longest, len(value))
	word, mask := bit(at)
	s.present[word] |= mask
}

// Whole returns the source of the value that text is.
func (s *Set) Whole(text string) (source int, ok bool) {
	if !s.lengths[len(text)] {
		return 0, false
	}
	found, ok := s.whole[maphash.String(s.seed, text)]
	if !ok || !s.is(text, found.mac) {
		return 0, false
	}
	return found.source, true
}

// is compares by fingerprint.
func (s *Set) is(text string, mac [sha256.Size]byte) bool {
	got := s.mac(text)
	return hmac.Equal(got[:], mac[:])
}
