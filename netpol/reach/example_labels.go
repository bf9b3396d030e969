// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"slices"
	"strconv"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// example returns labels that a selector matches, as few as it takes, and false if
// there are none.
func (s selector) example() (map[string]string, bool) {
	needs := labelNeeds{byKey: make(map[string]*labelNeed)}
	for i := range s {
		if _, possible := needs.add(&s[i]); !possible {
			return nil, false
		}
	}
	return needs.example(), true
}

// labelNeeds is what requirements say about labels, by their keys.
type labelNeeds struct {
	byKey  map[string]*labelNeed
	looked int // how many values were looked at, which is what takes time
}

// A labelNeed is what requirements say about one label.
type labelNeed struct {
	present, absent bool
	in              []string // among these, if one was asked for
	narrowed        bool     // whether one was
	notIn           map[string]int
}

// add asks for one more requirement, and returns what takes it back. It is not possible
// if no value of the label meets all of them.
func (n *labelNeeds) add(r *requirement) (undo func(), possible bool) {
	need := n.byKey[r.key]
	if need == nil {
		need = &labelNeed{notIn: make(map[string]int)}
		n.byKey[r.key] = need
	}
	n.looked += len(r.values) + len(need.in)
	old := *need
	undo = func() { *need = old }
	switch r.op {
	case metav1.LabelSelectorOpIn:
		need.present = true
		if need.narrowed {
			need.in = commonValues(need.in, r.values)
		} else {
			need.in, need.narrowed = slices.Sorted(slices.Values(r.values)), true
		}
	case metav1.LabelSelectorOpNotIn:
		for _, v := range r.values {
			need.notIn[v]++
		}
		undo = func() {
			for _, v := range r.values {
				need.notIn[v]--
			}
		}
	case metav1.LabelSelectorOpExists:
		need.present = true
	case metav1.LabelSelectorOpDoesNotExist:
		need.absent = true
	}
	_, _, possible = need.value()
	return undo, possible
}

// commonValues returns the values that are in two lists, in the order of the first.
func commonValues(a, b []string) []string {
	among := make(map[string]bool, len(b))
	for _, v := range b {
		among[v] = true
	}
	return slices.DeleteFunc(slices.Clone(a), func(v string) bool { return !among[v] })
}

// example returns labels that meet the requirements.
func (n *labelNeeds) example() map[string]string {
	out := make(map[string]string)
	for key, need := range n.byKey {
		if value, shown, _ := need.value(); shown {
			out[key] = value
		}
	}
	return out
}

// value returns a value that the label may have, or that it is left out.
func (n *labelNeed) value() (value string, shown, ok bool) {
	switch {
	case n.present && n.absent:
		return "", false, false
	case !n.present:
		return "", false, true
	case n.narrowed:
		for _, v := range n.in {
			if n.notIn[v] == 0 {
				return v, true, true
			}
		}
		return "", false, false
	}
	for i := 0; ; i++ { // it ends, since finitely many are excluded
		if v := "x" + strconv.Itoa(i); n.notIn[v] == 0 {
			return v, true, true
		}
	}
}

// negated is what does not meet the requirement.
func (r requirement) negated() requirement {
	opposite := map[metav1.LabelSelectorOperator]metav1.LabelSelectorOperator{
		metav1.LabelSelectorOpIn: metav1.LabelSelectorOpNotIn, metav1.LabelSelectorOpNotIn: metav1.LabelSelectorOpIn,
		metav1.LabelSelectorOpExists: metav1.LabelSelectorOpDoesNotExist, metav1.LabelSelectorOpDoesNotExist: metav1.LabelSelectorOpExists,
	}
	return requirement{r.key, opposite[r.op], r.values}
}

// Selectors of policies are hardly more than a label or two. The search for labels that
// they do not match may take exponential time, and is given up after so many steps, or
// when so many values have been looked at.
const (
	enoughSteps  = 10_000
	enoughValues = 10_000_000
)

// escape returns labels that none of the selectors matches, or nil. Done is false if
// the search ended early, so that there may be some all the same.
func escape(selectors []selector) (labels map[string]string, done bool) {
	steps, needs := 0, labelNeeds{byKey: make(map[string]*labelNeed)}
	givenUp := func() bool { return steps > enoughSteps || needs.looked > enoughValues }
	var search func(rest []selector)
	search = func(rest []selector) {
		if len(rest) == 0 {
			labels = needs.example()
			return
		}
		for i := range rest[0] {
			if steps++; givenUp() {
				return
			}
			r := rest[0][i].negated()
			undo, possible := needs.add(&r)
			if possible {
				search(rest[1:])
			}
			undo()
			if labels != nil {
				return
			}
		}
	}
	search(selectors)
	return labels, labels != nil || !givenUp()
}
