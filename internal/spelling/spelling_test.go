// SPDX-License-Identifier: Apache-2.0

package spelling_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/internal/spelling"
)

func TestDistance(t *testing.T) {
	for name, tt := range map[string]struct {
		a, b string
		want int
	}{
		"nothing and nothing":     {"", "", 0},
		"nothing and a word":      {"", "web", 3},
		"one word twice":          {"staging", "staging", 0},
		"a letter replaced":       {"stagimg", "staging", 1},
		"a letter missing":        {"stagin", "staging", 1},
		"a letter too many":       {"staaging", "staging", 1},
		"two letters swapped":     {"satging", "staging", 2},
		"three edits of a kind":   {"kitten", "sitting", 3},
		"words with no letter in": {"abc", "xyz", 3},
	} {
		t.Run(name, func(t *testing.T) {
			if got := spelling.Distance(tt.a, tt.b); got != tt.want {
				t.Errorf("%d, want %d", got, tt.want)
			}
		})
	}
}

func TestDistanceIsAMetric(t *testing.T) {
	word := rapid.StringMatching(`[ab]{0,6}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := word.Draw(t, "a"), word.Draw(t, "b"), word.Draw(t, "c")
		ab, bc := spelling.Distance(a, b), spelling.Distance(b, c)
		if (ab == 0) != (a == b) || ab != spelling.Distance(b, a) || spelling.Distance(a, c) > ab+bc {
			t.Errorf("%q %q %q: %d and %d", a, b, c, ab, bc)
		}
	})
}
