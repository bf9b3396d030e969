// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// A labelIndex finds the classes of a label, for selectors about many namespaces.
type labelIndex struct {
	topology *topology
	byKey    map[string][]int32
	byValue  map[[2]string][]int32
	partial  []int32 // classes whose labels are not all known
	anyone   bool    // some of them are of pods that are yet to be made

	mu     sync.Mutex
	cache  map[string]matches
	hidden map[string]bool // whether some class may have a label of a key that it does not show
}

// matches are the classes that something surely matches, and those that it may.
// The second holds the first, and is often the same.
type matches struct{ sure, may set }

func newLabelIndex(t *topology) *labelIndex {
	x := &labelIndex{
		topology: t,
		byKey:    make(map[string][]int32),
		byValue:  make(map[[2]string][]int32),
		cache:    make(map[string]matches),
		hidden:   make(map[string]bool),
	}
	for i := range t.classes[:t.podClasses] {
		c := &t.classes[i]
		if c.partial || c.anyLabels {
			x.partial = append(x.partial, int32(i))
			x.anyone = x.anyone || c.anyLabels
		}
		for key, value := range c.labels {
			x.byKey[key] = append(x.byKey[key], int32(i))
			x.byValue[[2]string{key, value}] = append(x.byValue[[2]string{key, value}], int32(i))
		}
	}
	return x
}

// pods returns the classes that a selector matches, in all namespaces.
func (x *labelIndex) pods(s selector) matches {
	key := s.text()
	x.mu.Lock()
	defer x.mu.Unlock()
	if found, ok := x.cache[key]; ok {
		return found
	}
	sure := allUpTo(x.topology.podClasses)
	for i := range s {
		x.narrow(sure, &s[i])
	}
	var unsure []int32
	for _, c := range x.unsure(s) {
		m := s.pods(&x.topology.classes[c])
		if m == surely {
			sure.add(c)
		} else {
			sure.remove(c)
		}
		if m == maybe {
			unsure = append(unsure, c)
		}
	}
	out := matches{sure, sure}
	if len(unsure) > 0 {
		out.may = set{sure.at, slices.Clone(sure.words)}
		for _, c := range unsure {
			out.may.add(c)
		}
	}
	x.cache[key] = out
	return out
}

// unsure returns the classes about which shown labels alone do not decide.
func (x *labelIndex) unsure(s selector) []int32 {
	if x.anyone {
		return x.partial
	}
	for _, r := range s {
		hidden, known := x.hidden[r.key]
		if !known {
			hidden = slices.ContainsFunc(x.partial, func(c int32) bool { return x.topology.classes[c].hides(r.key) })
			x.hidden[r.key] = hidden
		}
		if hidden {
			return x.partial
		}
	}
	return nil
}

// narrow keeps the classes that meet a requirement, as far as labels are shown.
func (x *labelIndex) narrow(s set, r *requirement) {
	meet := newSet(0, x.topology.podClasses)
	switch r.op {
	case metav1.LabelSelectorOpIn, metav1.LabelSelectorOpNotIn:
		for _, value := range r.values {
			for _, c := range x.byValue[[2]string{r.key, value}] {
				meet.add(c)
			}
		}
	case metav1.LabelSelectorOpExists, metav1.LabelSelectorOpDoesNotExist:
		for _, c := range x.byKey[r.key] {
			meet.add(c)
		}
	}
	if r.op == metav1.LabelSelectorOpNotIn || r.op == metav1.LabelSelectorOpDoesNotExist {
		s.minus(meet)
	} else {
		s.and(meet)
	}
}

// text is the same for equal selectors, and tells all others apart from it that match
// other labels. Policies that the API server refuses are read too, and may hold any
// text, so that each part is quoted.
func (s selector) text() string {
	parts := make([]string, len(s))
	for i, r := range s {
		parts[i] = fmt.Sprintf("%q %q %q", r.key, r.op, r.values)
	}
	slices.Sort(parts)
	return strings.Join(parts, "\n")
}
