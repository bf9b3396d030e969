// SPDX-License-Identifier: Apache-2.0

package space

import (
	"cmp"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Labels is a set of label maps: those of pods, or of nodes, that a selector
// matches. It is stored as what it asks of each key. Keys do not depend on each
// other, so that one set is inside another, or apart from it, exactly if their keys
// say so.
type Labels struct {
	some bool  // false in the zero value, which holds no label map whatever it asks
	keys []key // in order; of any other key nothing is asked
}

type key struct {
	name string
	values
}

// AllLabels returns every label map.
func AllLabels() Labels { return Labels{some: true} }

// LabelsOf returns the label maps that a selector matches, or none and false if it
// does not compile. As in the API, the selector {} matches every map, and nil none.
func LabelsOf(selector *metav1.LabelSelector) (Labels, bool) {
	if selector == nil {
		return Labels{}, true
	}
	if _, err := metav1.LabelSelectorAsSelector(selector); err != nil {
		return Labels{}, false
	}
	asked := slices.Clone(selector.MatchExpressions)
	for key, value := range selector.MatchLabels {
		asked = append(asked, metav1.LabelSelectorRequirement{Key: key, Operator: metav1.LabelSelectorOpIn, Values: []string{value}})
	}
	slices.SortFunc(asked, func(a, b metav1.LabelSelectorRequirement) int { return cmp.Compare(a.Key, b.Key) })
	out := AllLabels()
	for len(asked) > 0 {
		name, end := asked[0].Key, 1
		for end < len(asked) && asked[end].Key == name {
			end++
		}
		out.keys = append(out.keys, key{name, valuesOf(asked[:end])})
		asked = asked[end:]
	}
	return out, true
}

// valuesOf returns what may stand under a key by all that is asked of it.
func valuesOf(asked []metav1.LabelSelectorRequirement) values {
	out := anything()
	var excluded []string
	for _, r := range asked {
		switch r.Operator {
		case metav1.LabelSelectorOpIn:
			out = out.intersect(values{listed: sortedSet(r.Values)})
		case metav1.LabelSelectorOpNotIn: // matches a missing key too
			excluded = append(excluded, r.Values...)
		case metav1.LabelSelectorOpExists:
			out = out.intersect(values{others: true})
		case metav1.LabelSelectorOpDoesNotExist:
			out = out.intersect(values{absent: true})
		}
	}
	return out.intersect(values{absent: true, others: true, listed: sortedSet(excluded)})
}

// each calls yield with what l and m ask of each key that one of them speaks of, in
// order, as long as it returns true.
func (l Labels) each(m Labels, yield func(name string, ofL, ofM values) bool) {
	a, b := l.keys, m.keys
	for len(a)+len(b) > 0 {
		var more bool
		switch {
		case len(b) == 0 || len(a) > 0 && a[0].name < b[0].name:
			more = yield(a[0].name, a[0].values, anything())
			a = a[1:]
		case len(a) == 0 || b[0].name < a[0].name:
			more = yield(b[0].name, anything(), b[0].values)
			b = b[1:]
		default:
			more = yield(a[0].name, a[0].values, b[0].values)
			a, b = a[1:], b[1:]
		}
		if !more {
			return
		}
	}
}

// Intersect returns the label maps that are in both sets.
func (l Labels) Intersect(m Labels) Labels {
	if !l.some || !m.some {
		return Labels{}
	}
	out := AllLabels()
	l.each(m, func(name string, ofL, ofM values) bool {
		out.keys = append(out.keys, key{name, ofL.intersect(ofM)})
		return true
	})
	return out
}

// Covers reports whether l asks no more than m of any key. Then every label map of m
// is in l. The reverse holds too, unless m is [Labels.Empty].
func (l Labels) Covers(m Labels) bool {
	if !l.some || !m.some {
		return !m.some
	}
	covers := true
	l.each(m, func(_ string, ofL, ofM values) bool {
		covers = ofL.covers(ofM)
		return covers
	})
	return covers
}

// Overlaps reports whether a label map is in both sets.
func (l Labels) Overlaps(m Labels) bool {
	overlaps := l.some && m.some
	if overlaps {
		l.each(m, func(_ string, ofL, ofM values) bool {
			overlaps = ofL.overlaps(ofM)
			return overlaps
		})
	}
	return overlaps
}

// Empty reports whether there is no label map in the set.
func (l Labels) Empty() bool {
	_, found := l.Contradiction()
	return !l.some || found
}

// Contradiction returns the first key of which more is asked than any value, or its
// absence, can meet.
func (l Labels) Contradiction() (key string, found bool) {
	for _, k := range l.keys {
		if k.empty() {
			return k.name, true
		}
	}
	return "", false
}

// Required returns the keys, in order, that are in every label map of the set:
// somebody has to set each of them.
func (l Labels) Required() []string {
	var out []string
	for _, k := range l.keys {
		if !k.absent {
			out = append(out, k.name)
		}
	}
	return out
}

// at returns what may stand under a key.
func (l Labels) at(name string) values {
	i, found := slices.BinarySearchFunc(l.keys, name, func(k key, name string) int { return cmp.Compare(k.name, name) })
	if !found {
		return anything()
	}
	return l.keys[i].values
}

// Size is the number of keys and values that the set is stored as.
func (l Labels) Size() int {
	sum := len(l.keys)
	for _, k := range l.keys {
		sum += len(k.listed)
	}
	return sum
}
