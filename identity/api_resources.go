// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"slices"
	"strings"

	"github.com/watertight-go/watertight/identity/internal/served"
	"github.com/watertight-go/watertight/internal/spelling"
)

// homeOf returns the group of Kubernetes that has a resource, and whether one has.
func homeOf(resource string) (string, bool) {
	for _, group := range served.Groups() {
		if there, _ := served.Has(group, resource); there {
			return group, true
		}
	}
	return "", false
}

// meantBy returns the resource of a group that a word resembles: a kind, a singular
// or a slip of the pen. It is "" if there is none.
func meantBy(group, word string) string {
	if len(word) > longestResource {
		return ""
	}
	lower := strings.ToLower(word)
	cluster, namespaced := served.Resources(group)
	for _, resource := range slices.Concat(namespaced, cluster) {
		if lower == resource || lower+"s" == resource || lower+"es" == resource || strings.TrimSuffix(lower, "y")+"ies" == resource ||
			len(resource) > 4 && near(lower, resource, 2) {
			return resource
		}
	}
	return ""
}

// near reports whether some letters make one word of another. Words of other lengths
// are not compared, since that takes time.
func near(a, b string, letters int) bool {
	return max(len(a), len(b))-min(len(a), len(b)) <= letters && spelling.Distance(a, b) <= letters
}

// longestResource bounds the words that are compared letter by letter.
const longestResource = 64
