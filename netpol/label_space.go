// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// A labelSpace is the set of label maps that a selector matches, written as what
// it asks of each key. Keys do not depend on each other, so that one selector is
// inside another, or apart from it, exactly if their keys say so.
type labelSpace map[string]labelValues

// labelValues are the values that a key may have.
type labelValues struct {
	absent bool     // the key may be missing
	all    bool     // every value but those listed, instead of those listed
	listed []string // sorted, without repetition
}

// spaceOf returns the space of a selector, and false for one that does not
// compile. The selector {} matches every label map, and so does nil here.
func spaceOf(selector *metav1.LabelSelector) (labelSpace, bool) {
	space := labelSpace{}
	if selector == nil {
		return space, true
	}
	if compile(selector) == nil {
		return nil, false
	}
	for key, value := range selector.MatchLabels {
		space.narrow(key, labelValues{listed: []string{value}})
	}
	for _, r := range selector.MatchExpressions {
		values := slices.Compact(slices.Sorted(slices.Values(r.Values)))
		switch r.Operator {
		case metav1.LabelSelectorOpIn:
			space.narrow(r.Key, labelValues{listed: values})
		case metav1.LabelSelectorOpNotIn: // matches a missing key too
			space.narrow(r.Key, labelValues{absent: true, all: true, listed: values})
		case metav1.LabelSelectorOpExists:
			space.narrow(r.Key, labelValues{all: true})
		case metav1.LabelSelectorOpDoesNotExist:
			space.narrow(r.Key, labelValues{absent: true})
		}
	}
	return space, true
}

// narrow asks more of a key.
func (s labelSpace) narrow(key string, more labelValues) { s[key] = s.at(key).and(more) }

// at returns what may stand under a key: anything, if the selector does not speak
// of it.
func (s labelSpace) at(key string) labelValues {
	if values, ok := s[key]; ok {
		return values
	}
	return labelValues{absent: true, all: true}
}

// within reports whether every label map that matches s matches wider as well. Of
// a space without any label map it may say no.
func (s labelSpace) within(wider labelSpace) bool {
	for key, values := range wider {
		if !s.at(key).within(values) {
			return false
		}
	}
	return true
}

// apart reports whether no label map matches both.
func (s labelSpace) apart(other labelSpace) bool {
	for key, values := range s {
		if values.and(other.at(key)).none() {
			return true
		}
	}
	for _, values := range other {
		if values.none() {
			return true
		}
	}
	return false
}

func (v labelValues) none() bool { return !v.absent && !v.all && len(v.listed) == 0 }

func (v labelValues) and(w labelValues) labelValues {
	out := labelValues{absent: v.absent && w.absent}
	switch {
	case v.all && w.all:
		out.all = true
		out.listed = slices.Compact(slices.Sorted(slices.Values(slices.Concat(v.listed, w.listed))))
	case v.all:
		out.listed = without(w.listed, v.listed)
	case w.all:
		out.listed = without(v.listed, w.listed)
	default:
		out.listed = without(v.listed, without(v.listed, w.listed))
	}
	return out
}

func (v labelValues) within(wider labelValues) bool {
	if v.absent && !wider.absent {
		return false
	}
	switch {
	case v.all && !wider.all:
		return false // the values that v leaves open have no end
	case v.all:
		return len(without(wider.listed, v.listed)) == 0
	case wider.all:
		return len(without(v.listed, wider.listed)) == len(v.listed)
	default:
		return len(without(v.listed, wider.listed)) == 0
	}
}

// without returns the strings of a that are not in b, both sorted.
func without(a, b []string) []string {
	var out []string
	for _, s := range a {
		if _, found := slices.BinarySearch(b, s); !found {
			out = append(out, s)
		}
	}
	return out
}
