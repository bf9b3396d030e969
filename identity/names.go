// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"slices"
	"strings"
)

// names is a set of names in which a misspelled one is looked for.
type names struct {
	present map[string]bool
	// cut holds the names by what is left of them when one letter is dropped, and by
	// themselves, so that a slip is found without comparing all names.
	cut map[string]string
}

// longestName bounds the names that are looked for by their slips: each has as many
// entries as letters.
const longestName = 64

func newNames(all []string) names {
	n := names{present: make(map[string]bool), cut: make(map[string]string)}
	slices.Sort(all)
	for _, name := range all {
		n.present[name] = true
		for _, key := range slips(name) {
			if _, taken := n.cut[key]; !taken {
				n.cut[key] = name
			}
		}
	}
	return n
}

// like returns a name of the set from which another differs by one letter that is
// missing, too many or wrong, or only by hyphens and case. It is "" if the name itself
// is in the set, or none is like it. Names with other digits are other names.
func (n names) like(name string) string {
	if name == "" || n.present[name] {
		return ""
	}
	for _, key := range slips(name) {
		if found, ok := n.cut[key]; ok && digitsOf(found) == digitsOf(name) {
			return found
		}
	}
	return ""
}

func digitsOf(name string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, name)
}

// slips returns what names that are alike have in common.
func slips(name string) []string {
	plain := strings.ToLower(strings.NewReplacer("-", "", "_", "").Replace(name))
	if len(name) > longestName || len(plain) < 4 {
		return []string{name}
	}
	out := []string{plain}
	for i := range len(plain) {
		out = append(out, plain[:i]+plain[i+1:])
	}
	return out
}
