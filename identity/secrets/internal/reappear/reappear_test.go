// SPDX-License-Identifier: Apache-2.0

package reappear_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/identity/secrets/internal/reappear"
)

func newSet(t interface{ Fatal(...any) }, values ...string) *reappear.Set {
	s, err := reappear.New()
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range values {
		s.Add(v, i)
	}
	return s
}

func TestWithin(t *testing.T) {
	s := newSet(t, "k3Jx9-Qmz27Lw", "short-11-ch", "another-value-of-length", "another-value-of-lengths")
	for name, tt := range map[string]struct {
		text string
		want []int
	}{
		"in the middle":             {"--password=k3Jx9-Qmz27Lw --verbose", []int{0}},
		"alone":                     {"k3Jx9-Qmz27Lw", []int{0}},
		"at the beginning":          {"k3Jx9-Qmz27Lw.", []int{0}},
		"one character is another":  {"--password=k3Jx9-Qmz27Lv --verbose", nil},
		"cut off":                   {"--password=k3Jx9-Qmz27L", nil},
		"too short to be looked at": {"x short-11-ch x", nil},
		"one value within another":  {"=another-value-of-lengths", []int{2, 3}},
		"a text of nothing":         {"", nil},
	} {
		t.Run(name, func(t *testing.T) {
			if got := s.Within(tt.text); !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestWhole(t *testing.T) {
	s := newSet(t, "k3Jx9-Qm", "7 chars", "k3Jx9-Qm")
	if i, ok := s.Whole("k3Jx9-Qm"); !ok || i != 0 {
		t.Errorf("the value: %d %t, want its first source", i, ok)
	}
	for _, text := range []string{"k3Jx9-Qn", "k3Jx9-Q", "7 chars", ""} {
		if _, ok := s.Whole(text); ok {
			t.Errorf("%q is taken for a value", text)
		}
	}
}

// TestWithinAgreesWithStrings compares the search with the standard library's, on an
// alphabet so small that windows repeat, and over the border of what is read at a time.
func TestWithinAgreesWithStrings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[ab]{0,20}c?[ab]{12,30}`)
		values := rapid.SliceOfNDistinct(word, 1, 12, rapid.ID).Draw(t, "values")
		s := newSet(t, values...)
		text := strings.Repeat("a", rapid.SampledFrom([]int{0, 7, 1<<20 - 9}).Draw(t, "before")) +
			strings.Join(rapid.SliceOfN(rapid.OneOf(word, rapid.SampledFrom(values)), 0, 6).Draw(t, "words"), "b")
		var want []int
		for i, v := range values {
			if strings.Contains(text, v) {
				want = append(want, i)
			}
		}
		if got := s.Within(text); !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

// TestManyValuesOfOneBeginning is the worst that values can do to the search: all begin
// alike, and the text repeats the beginning.
func TestManyValuesOfOneBeginning(t *testing.T) {
	const period = "abcdefgh"
	var values []string
	for i := range 1000 {
		values = append(values, strings.Repeat(period, 40+i/8)+period[:i%8]+"!")
	}
	s := newSet(t, values...)
	text := strings.Repeat(period, 1<<17)
	if got := s.Within(text); got != nil {
		t.Errorf("found %v", got)
	}
}

func BenchmarkWithin(b *testing.B) {
	var values []string
	for i := range 1000 {
		values = append(values, strings.Repeat("x", i%7)+"postgres://u:"+strings.Repeat("q", i%11)+string(rune('a'+i%26))+"@h/"+strings.Repeat("z", i%13))
	}
	s := newSet(b, values...)
	text := strings.Repeat("the quick brown fox jumps over the lazy dog\n", 100)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		s.Within(text)
	}
}
