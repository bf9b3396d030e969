// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"hash/fnv"
	"maps"
	"slices"
	"strings"
)

// names is a set of names in which a misspelled one is looked for.
type names struct {
	present map[string]bool
	// cut holds, once a name is looked for, those of the set by what they are with one
	// letter less, and by themselves, so that a slip is found without comparing all.
	cut map[uint64]string
}

// namesOf returns the keys of a map.
func namesOf[T any](m map[string]T) *names {
	present := make(map[string]bool, len(m))
	for name := range m {
		present[name] = true
	}
	return &names{present: present}
}

// longestName bounds the names that are compared: each has as many entries as letters.
const longestName = 63

// like returns a name of the set from which another differs by one letter that is
// missing, too many or wrong, or only by hyphens and case. It is "" if the name itself
// is in the set, or none is like it. Names with other digits are other names.
func (n *names) like(name string) string {
	if name == "" || n.present[name] || len(n.present) == 0 {
		return ""
	}
	if n.cut == nil {
		n.cut = make(map[uint64]string)
		for _, present := range slices.Sorted(maps.Keys(n.present)) {
			for _, key := range slips(present) {
				if _, taken := n.cut[key]; !taken {
					n.cut[key] = present
				}
			}
		}
	}
	for _, key := range slips(name) {
		if found, ok := n.cut[key]; ok && digitsOf(found) == digitsOf(name) {
			return found
		}
	}
	return ""
}

// slips returns hashes of what names that are alike have in common. Short names have
// none, since many are alike and meant so.
func slips(name string) []uint64 {
	plain := strings.ToLower(strings.NewReplacer("-", "", "_", "").Replace(name))
	if len(name) > longestName || len(plain) < 4 {
		return nil
	}
	out := []uint64{hash(plain, "")}
	for i := range len(plain) {
		out = append(out, hash(plain[:i], plain[i+1:]))
	}
	return out
}

func hash(parts ...string) uint64 {
	h := fnv.New64a()
	for _, part := range parts {
		h.Write([]byte(part)) // never fails
	}
	return h.Sum64()
}

func digitsOf(name string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, name)
}
