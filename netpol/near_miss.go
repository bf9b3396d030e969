// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/labels"

	"github.com/watertight-go/watertight/internal/spelling"
)

// nearlyRuns reports whether a label value that a selector asks for looks like a
// misspelling of one that a workload of the namespaces has under the key.
func (n neighbours) nearlyRuns(namespaces []string, selector labels.Selector) bool {
	requirements, _ := selector.Requirements()
	return slices.ContainsFunc(requirements, func(r labels.Requirement) bool {
		if !asksForValue(r) || len(r.ValuesUnsorted()) != 1 {
			return false
		}
		asked := r.ValuesUnsorted()[0]
		seen := make(map[string]bool)
		for _, namespace := range namespaces {
			for _, w := range n.workloads[namespace] {
				value, ok := w.Labels[r.Key()]
				if ok && !seen[value] && misspelt(asked, value) {
					return true
				}
				seen[value] = true
			}
		}
		return false
	})
}

// misspelt reports whether two different values are so much alike that one is
// meant to be the other: two neighbouring letters change places, or one letter in
// five or two in eight are wrong, missing or too many. Numbers tell things apart:
// shard-1 is not shard-2.
func misspelt(a, b string) bool {
	letters := func(s string) string { return strings.Trim(s, "0123456789") }
	if a == b || len(a) > 63 || len(b) > 63 || letters(a) == letters(b) {
		return false
	}
	if swapped(a, b) {
		return true
	}
	longer := max(len(a), len(b))
	edits := spelling.Distance(a, b)
	return longer >= 5 && edits == 1 || longer >= 8 && edits == 2
}

// swapped reports whether a and b differ by two neighbouring bytes in each other's
// place.
func swapped(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
