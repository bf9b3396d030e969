// SPDX-License-Identifier: Apache-2.0

package admit

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// disputes are the amounts that several LimitRanges of a namespace fill in and
// disagree about. Which of them comes first is the server's chance (the order of its
// cache), so a pod that leaves one open may be answered in several ways.
type disputes struct {
	limits, requests map[corev1.ResourceName]bool
	between          string // names of LimitRanges
}

func disputesOf(limits []*limitRange) disputes {
	var d disputes
	if len(limits) < 2 {
		return d
	}
	names := make(map[string]bool)
	find := func(of func(*limitRange) corev1.ResourceList) map[corev1.ResourceName]bool {
		found := make(map[corev1.ResourceName]bool)
		first := make(map[corev1.ResourceName]*limitRange)
		for _, lr := range limits {
			for name, amount := range of(lr) {
				before, ok := first[name]
				if !ok {
					first[name] = lr
				} else if earlier := of(before)[name]; earlier.Cmp(amount) != 0 {
					found[name], names[before.object.Name], names[lr.object.Name] = true, true, true
				}
			}
		}
		return found
	}
	d.limits = find(func(lr *limitRange) corev1.ResourceList { return lr.limits })
	d.requests = find(func(lr *limitRange) corev1.ResourceList { return lr.requests })
	d.between = strings.Join(sortedKeys(names), " and ")
	return d
}

// concern reports whether a pod leaves open what is disputed.
func (d disputes) concern(pod *corev1.Pod) bool {
	if len(d.limits)+len(d.requests) == 0 {
		return false
	}
	open := func(c corev1.Container) bool {
		return lacks(c.Resources.Limits, d.limits) || lacks(c.Resources.Requests, d.requests)
	}
	return slices.ContainsFunc(pod.Spec.Containers, open) || slices.ContainsFunc(pod.Spec.InitContainers, open)
}

func lacks(list corev1.ResourceList, names map[corev1.ResourceName]bool) bool {
	for name := range names {
		if _, ok := list[name]; !ok {
			return true
		}
	}
	return false
}

// mostOrders is how many LimitRanges have all their orders tried: more than a
// handful in one namespace, in dispute, are called undetermined at once.
const mostOrders = 4

// orders yields the orders in which the server may come to some LimitRanges.
func orders(limits []*limitRange) [][]*limitRange {
	if len(limits) <= 1 {
		return [][]*limitRange{limits}
	}
	var out [][]*limitRange
	for i := range limits {
		rest := slices.Delete(slices.Clone(limits), i, i+1)
		for _, order := range orders(rest) {
			out = append(out, append([]*limitRange{limits[i]}, order...))
		}
	}
	return out
}

// inAnyOrder returns the result that all orders of LimitRanges give, or says that
// they differ.
func (h *home) inAnyOrder(pod *corev1.Pod, try func([]*limitRange) Result) Result {
	disagree := Result{Missing: []Problem{{
		Object: bulkhead.RefTo(pod), Field: "spec.containers",
		Message: "LimitRanges " + h.disputed.between + " give different defaults, and which of them the server takes is chance",
	}}}
	if len(h.limits) > mostOrders {
		return disagree
	}
	var first *Result
	for _, order := range orders(h.limits) {
		r := try(order)
		if first == nil {
			first = &r
		} else if !sameAnswer(*first, r) {
			disagree.Missing = append(disagree.Missing, r.Missing...)
			return disagree
		}
	}
	return *first
}

func sameAnswer(a, b Result) bool {
	return a.Verdict == b.Verdict && a.Stage == b.Stage &&
		slices.EqualFunc(a.Charges, b.Charges, func(x, y Charge) bool { return x.Quota == y.Quota && sameAmounts(x.Amount, y.Amount) })
}
