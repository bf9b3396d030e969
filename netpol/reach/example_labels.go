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
	needs := make(map[string]*labelNeed)
	for _, r := range s {
		if needs[r.key] == nil {
			needs[r.key] = &labelNeed{}
		}
		needs[r.key].add(r)
	}
	out := make(map[string]string)
	for key, need := range needs {
		value, shown, ok := need.value()
		if !ok {
			return nil, false
		}
		if shown {
			out[key] = value
		}
	}
	return out, true
}

// A labelNeed is what requirements say about one label.
type labelNeed struct {
	present, absent bool
	in              []string // among these, if one was asked for
	narrowed        bool     // whether one was
	notIn           []string
}

func (n *labelNeed) add(r requirement) {
	switch r.op {
	case metav1.LabelSelectorOpIn:
		n.present = true
		if !n.narrowed {
			n.in, n.narrowed = slices.Sorted(slices.Values(r.values)), true
			return
		}
		n.in = slices.DeleteFunc(n.in, func(v string) bool { return !slices.Contains(r.values, v) })
	case metav1.LabelSelectorOpNotIn:
		n.notIn = append(n.notIn, r.values...)
	case metav1.LabelSelectorOpExists:
		n.present = true
	case metav1.LabelSelectorOpDoesNotExist:
		n.absent = true
	}
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
			if !slices.Contains(n.notIn, v) {
				return v, true, true
			}
		}
		return "", false, false
	}
	for i := 0; ; i++ { // it ends, since finitely many are excluded
		if v := "x" + strconv.Itoa(i); !slices.Contains(n.notIn, v) {
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

// enoughSteps bounds the search for labels that selectors do not match, which may
// take exponential time. Selectors of policies are hardly more than a label or two.
const enoughSteps = 10_000

// escape returns labels that none of the selectors matches, or nil. Done is false if
// the search ended early, so that there may be some all the same.
func escape(selectors []selector) (labels map[string]string, done bool) {
	steps := 0
	var search func(chosen selector, rest []selector)
	search = func(chosen selector, rest []selector) {
		steps++
		found, possible := chosen.example()
		switch {
		case !possible || steps > enoughSteps:
			return
		case len(rest) == 0:
			labels = found
			return
		}
		for _, r := range rest[0] {
			if search(append(slices.Clip(chosen), r.negated()), rest[1:]); labels != nil {
				return
			}
		}
	}
	search(nil, selectors)
	return labels, labels != nil || steps <= enoughSteps
}
