// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// A selector is a label selector, ready to be matched with labels of which some may
// not be known. The empty selector matches everything.
type selector []requirement

type requirement struct {
	key    string
	op     metav1.LabelSelectorOperator
	values []string
}

// selectorOf reads a selector that the API server accepts; netpol.Invalid and its
// like have judged it. A nil selector here is an empty one.
func selectorOf(s *metav1.LabelSelector) selector {
	if s == nil || len(s.MatchLabels)+len(s.MatchExpressions) == 0 {
		return nil
	}
	out := make(selector, 0, len(s.MatchLabels)+len(s.MatchExpressions))
	for key, value := range s.MatchLabels {
		out = append(out, requirement{key, metav1.LabelSelectorOpIn, []string{value}})
	}
	slices.SortFunc(out, func(a, b requirement) int { return strings.Compare(a.key, b.key) }) // the order decides which labels are shown
	for _, r := range s.MatchExpressions {
		out = append(out, requirement{r.Key, r.Operator, r.Values})
	}
	return out
}

// among reports whether a requirement is met by labels that are all known.
func (r *requirement) among(labels map[string]string) bool {
	value, shown := labels[r.key]
	switch r.op {
	case metav1.LabelSelectorOpIn:
		return shown && slices.Contains(r.values, value)
	case metav1.LabelSelectorOpNotIn: // matches a missing key too
		return !shown || !slices.Contains(r.values, value)
	case metav1.LabelSelectorOpExists:
		return shown
	case metav1.LabelSelectorOpDoesNotExist:
		return !shown
	default:
		return false
	}
}

// pods matches the pods of a class.
func (s selector) pods(c *class) match {
	out := surely
	for i := range s {
		r := &s[i]
		m := never
		switch {
		case c.anyLabels:
			m = maybe
		case c.partial && c.hides(r.key):
			m = c.given(r)
		case r.among(c.labels):
			m = surely
		}
		if out = out.and(m); out == never {
			break
		}
	}
	return out
}

// hides reports whether the pods may have a label beside those that the class shows.
func (c *class) hides(key string) bool {
	if _, shown := c.labels[key]; shown {
		return false
	}
	always, perhaps := c.source.Given(key)
	return always || perhaps
}

// given matches a requirement with a label that the control plane gives, to all
// pods or to some, and whose value is not known.
func (c *class) given(r *requirement) match {
	always, _ := c.source.Given(r.key)
	switch {
	case always && r.op == metav1.LabelSelectorOpExists:
		return surely
	case always && r.op == metav1.LabelSelectorOpDoesNotExist:
		return never
	default:
		return maybe
	}
}

// namespace matches the labels of a namespace. Of one that has no Namespace object
// only the name is known; of one that is yet to be made, only that its name is none
// of those that are taken.
func (s selector) namespace(n *namespace, taken map[string]int32) match {
	out := surely
	for i := range s {
		r := &s[i]
		var m match
		switch {
		case n.fresh && r.key == corev1.LabelMetadataName:
			m = r.freshName(taken)
		case n.known && !n.fresh || r.key == corev1.LabelMetadataName:
			m = matchIf(r.among(n.labels))
		default:
			m = maybe
		}
		if out = out.and(m); out == never {
			break
		}
	}
	return out
}

// freshName matches the name of a namespace that does not exist yet.
func (r *requirement) freshName(taken map[string]int32) match {
	free := slices.ContainsFunc(r.values, func(name string) bool { _, found := taken[name]; return !found })
	switch r.op {
	case metav1.LabelSelectorOpIn:
		if free {
			return maybe
		}
		return never
	case metav1.LabelSelectorOpNotIn:
		if free {
			return maybe
		}
		return surely
	case metav1.LabelSelectorOpExists:
		return surely
	default:
		return never
	}
}

// nodes matches the labels of a node.
func (s selector) nodes(labels map[string]string) match {
	for i := range s {
		if !s[i].among(labels) {
			return never
		}
	}
	return surely
}

// name returns the only namespace that can match, if the selector names one.
func (s selector) name() (string, bool) {
	for _, r := range s {
		if r.key == corev1.LabelMetadataName && r.op == metav1.LabelSelectorOpIn && len(r.values) == 1 {
			return r.values[0], true
		}
	}
	return "", false
}

func matchIf(yes bool) match {
	if yes {
		return surely
	}
	return never
}
