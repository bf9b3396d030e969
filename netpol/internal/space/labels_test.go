// SPDX-License-Identifier: Apache-2.0

package space_test

import (
	"reflect"
	"slices"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/netpol/internal/space"
)

// selectors draws selectors over some keys, of the values a and b. They contradict
// themselves now and then.
func selectors(keys ...string) *rapid.Generator[*metav1.LabelSelector] {
	return rapid.Custom(func(t *rapid.T) *metav1.LabelSelector {
		out := &metav1.LabelSelector{}
		key, value := rapid.SampledFrom(keys), rapid.SampledFrom([]string{"a", "b"})
		if rapid.Bool().Draw(t, "matchLabels") {
			out.MatchLabels = map[string]string{key.Draw(t, "key"): value.Draw(t, "value")}
		}
		for range rapid.IntRange(0, 3).Draw(t, "expressions") {
			r := metav1.LabelSelectorRequirement{Key: key.Draw(t, "key"), Operator: rapid.SampledFrom([]metav1.LabelSelectorOperator{
				metav1.LabelSelectorOpIn, metav1.LabelSelectorOpNotIn, metav1.LabelSelectorOpExists, metav1.LabelSelectorOpDoesNotExist,
			}).Draw(t, "operator")}
			if r.Operator == metav1.LabelSelectorOpIn || r.Operator == metav1.LabelSelectorOpNotIn {
				r.Values = rapid.SliceOfN(value, 1, 3).Draw(t, "values")
			}
			out.MatchExpressions = append(out.MatchExpressions, r)
		}
		return out
	})
}

// labelMaps are all ways to label two keys with a, b, a value that no selector
// names, or nothing. No selector over the keys tells more apart.
func labelMaps(first, second string) []labels.Set {
	var out []labels.Set
	values := []string{"", "a", "b", "other"}
	for _, x := range values {
		for _, y := range values {
			set := labels.Set{}
			if x != "" {
				set[first] = x
			}
			if y != "" {
				set[second] = y
			}
			out = append(out, set)
		}
	}
	return out
}

func matches(t *rapid.T, selector *metav1.LabelSelector, set labels.Set) bool {
	compiled, err := metav1.LabelSelectorAsSelector(selector)
	if err != nil {
		t.Fatal(err)
	}
	return compiled.Matches(set)
}

func labelsOf(t *rapid.T, selector *metav1.LabelSelector) space.Labels {
	out, ok := space.LabelsOf(selector)
	if !ok {
		t.Fatalf("%v does not compile", selector)
	}
	return out
}

// only returns the set of the label maps that have these labels, of the keys.
func only(t *rapid.T, set labels.Set, keys ...string) space.Labels {
	selector := &metav1.LabelSelector{MatchLabels: set}
	for _, key := range keys {
		if !set.Has(key) {
			selector.MatchExpressions = append(selector.MatchExpressions, metav1.LabelSelectorRequirement{Key: key, Operator: metav1.LabelSelectorOpDoesNotExist})
		}
	}
	return labelsOf(t, selector)
}

func TestLabelsAreWhatTheirSelectorsMatch(t *testing.T) {
	all := labelMaps("app", "tier")
	rapid.Check(t, func(t *rapid.T) {
		s, other := selectors("app", "tier").Draw(t, "selector"), selectors("app", "tier").Draw(t, "other")
		l, m := labelsOf(t, s), labelsOf(t, other)
		both := l.Intersect(m)
		covers, overlaps, some := true, false, false
		required := map[string]bool{"app": true, "tier": true}
		for _, set := range all {
			inL, inM := matches(t, s, set), matches(t, other, set)
			covers, overlaps, some = covers && (inL || !inM), overlaps || inL && inM, some || inM
			if got := both.Overlaps(only(t, set, "app", "tier")); got != (inL && inM) {
				t.Errorf("%v in the intersection: %t, in both: %t", set, got, inL && inM)
			}
			for key := range required {
				required[key] = required[key] && (set.Has(key) || !inM)
			}
		}
		if got := m.Empty(); got == some {
			t.Errorf("empty %t, matches some label map %t", got, some)
		}
		if _, got := m.Contradiction(); got == some {
			t.Errorf("contradictory %t, matches some label map %t", got, some)
		}
		if got := l.Overlaps(m); got != overlaps {
			t.Errorf("overlaps %t, some label map is in both %t", got, overlaps)
		}
		if got := l.Covers(m); got != covers && (some || got) {
			t.Errorf("covers %t, every label map is in it %t", got, covers)
		}
		for key, want := range required {
			if got := slices.Contains(m.Required(), key); some && got != want {
				t.Errorf("requires %s %t, every label map has it %t", key, got, want)
			}
		}
	})
}

func TestLawsOfLabels(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) space.Labels {
			if rapid.IntRange(0, 9).Draw(t, "none") == 0 {
				return space.Labels{}
			}
			return labelsOf(t, selectors("app", "env", "tier").Draw(t, name))
		}
		laws(t, draw("a"), draw("b"), draw("c"), space.AllLabels())
	})
}

// A set is what all sets that are ordered by inclusion have in common.
type set[S any] interface {
	Intersect(S) S
	Covers(S) bool
	Overlaps(S) bool
	Empty() bool
}

// laws holds three sets, and the one of everything, against the laws that need no
// look inside.
func laws[S set[S]](t *rapid.T, a, b, c, all S) {
	equal := func(law string, x, y S) {
		t.Helper()
		if !reflect.DeepEqual(x, y) {
			t.Errorf("%s: %v and %v", law, x, y)
		}
	}
	var none S
	equal("a with itself", a.Intersect(a), a)
	equal("a with b, and b with a", a.Intersect(b), b.Intersect(a))
	equal("(a with b) with c, and a with (b with c)", a.Intersect(b).Intersect(c), a.Intersect(b.Intersect(c)))
	equal("a with everything", a.Intersect(all), a)
	equal("a with nothing", a.Intersect(none), none)
	for law, holds := range map[string]bool{
		"the zero value is empty":                        none.Empty(),
		"everything covers a":                            all.Covers(a),
		"a covers itself":                                a.Covers(a),
		"a covers nothing":                               a.Covers(none),
		"nothing covers no more than the empty":          !none.Covers(a) || a.Empty(),
		"a covers what it has in common with b":          a.Covers(a.Intersect(b)),
		"a covers b iff b is what they have in common":   a.Covers(b) == reflect.DeepEqual(a.Intersect(b), b),
		"what covers what covers it does too":            !a.Covers(b) || !b.Covers(c) || a.Covers(c),
		"sets that cover each other are equal":           !a.Covers(b) || !b.Covers(a) || reflect.DeepEqual(a, b),
		"a overlaps b iff they have something in common": a.Overlaps(b) == !a.Intersect(b).Empty(),
		"b overlaps a iff a overlaps b":                  a.Overlaps(b) == b.Overlaps(a),
		"a overlaps itself unless it is empty":           a.Overlaps(a) != a.Empty(),
		"what covers an overlapping set overlaps too":    !a.Covers(b) || !b.Overlaps(c) || a.Overlaps(c),
	} {
		if !holds {
			t.Errorf("not true: %s (a %v, b %v, c %v)", law, a, b, c)
		}
	}
}

func TestSelectorsThatAreNoSet(t *testing.T) {
	t.Run("nil matches nothing, as in the API", func(t *testing.T) {
		if l, ok := space.LabelsOf(nil); !ok || !l.Empty() {
			t.Errorf("%v, %t", l, ok)
		}
	})
	t.Run("one that does not compile is refused and matches nothing", func(t *testing.T) {
		l, ok := space.LabelsOf(&metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{{Key: "app", Operator: "Near"}}})
		if ok || !l.Empty() {
			t.Errorf("%v, %t", l, ok)
		}
	})
}

func TestContradictionNamesTheKey(t *testing.T) {
	l, _ := space.LabelsOf(&metav1.LabelSelector{
		MatchLabels:      map[string]string{"app": "a", "tier": "a"},
		MatchExpressions: []metav1.LabelSelectorRequirement{{Key: "tier", Operator: metav1.LabelSelectorOpDoesNotExist}},
	})
	if key, found := l.Contradiction(); !found || key != "tier" {
		t.Errorf("%q, %t", key, found)
	}
}

func TestExclusionsAddUp(t *testing.T) {
	not := func(value string) metav1.LabelSelectorRequirement {
		return metav1.LabelSelectorRequirement{Key: "app", Operator: metav1.LabelSelectorOpNotIn, Values: []string{value}}
	}
	l, _ := space.LabelsOf(&metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{not("a"), not("b")}})
	for _, value := range []string{"a", "b"} {
		if m, _ := space.LabelsOf(&metav1.LabelSelector{MatchLabels: map[string]string{"app": value}}); l.Overlaps(m) {
			t.Errorf("app=%s is not left out", value)
		}
	}
}

func TestSizeCountsKeysAndValues(t *testing.T) {
	l, _ := space.LabelsOf(&metav1.LabelSelector{
		MatchLabels: map[string]string{"app": "a"},
		MatchExpressions: []metav1.LabelSelectorRequirement{
			{Key: "tier", Operator: metav1.LabelSelectorOpNotIn, Values: []string{"a", "b", "a"}},
			{Key: "env", Operator: metav1.LabelSelectorOpExists},
		},
	})
	if got := l.Size(); got != 6 { // app a, tier a b, env
		t.Errorf("size %d", got)
	}
}

// What a caller does with a selector afterwards is no concern of the set.
func TestLabelsDoNotShareTheSelector(t *testing.T) {
	selector := &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{
		{Key: "tier", Operator: metav1.LabelSelectorOpExists},
		{Key: "app", Operator: metav1.LabelSelectorOpIn, Values: []string{"b", "a"}},
	}}
	before := selector.DeepCopy()
	l, _ := space.LabelsOf(selector)
	if !reflect.DeepEqual(selector, before) {
		t.Errorf("the selector became %v", selector)
	}
	selector.MatchExpressions[1].Values[0] = "z"
	if again, _ := space.LabelsOf(before); !reflect.DeepEqual(l, again) {
		t.Errorf("the set became %v", l)
	}
}
