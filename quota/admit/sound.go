// SPDX-License-Identifier: Apache-2.0

package admit

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	apiequality "k8s.io/apimachinery/pkg/api/equality"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota"
)

// doubts are objects that are left out, and why: what they would hold or run is not
// known.
type doubts map[bulkhead.Ref][]Problem

// of returns those in a namespace, or with an empty one in none.
func (d doubts) of(namespace string) []Problem {
	var out []Problem
	for ref, problems := range d {
		if ref.Namespace == namespace {
			out = append(out, problems...)
		}
	}
	slices.SortFunc(out, compareProblems)
	return out
}

// sound leaves out what a server cannot hold: objects of one name that differ, and
// quotas, LimitRanges and priority classes that it refuses. Of equal ones it keeps one.
func sound(objs []bulkhead.Object) ([]bulkhead.Object, doubts) {
	out := make(doubts)
	noteRefused(out, objs)
	first := make(map[bulkhead.Ref]bulkhead.Object, len(objs))
	kept := make([]bulkhead.Object, 0, len(objs))
	for obj := range bulkhead.Each[bulkhead.Object](objs) {
		ref := bulkhead.RefTo(obj)
		before, there := first[ref]
		switch {
		case !there:
			first[ref] = obj
			kept = append(kept, obj)
		case apiequality.Semantic.DeepEqual(before, obj):
		case len(out[ref]) == 0:
			out[ref] = []Problem{{Object: ref, Message: "several objects have this name and differ, so that it is not known which of them there is"}}
		}
	}
	return slices.DeleteFunc(kept, func(obj bulkhead.Object) bool { return len(out[bulkhead.RefTo(obj)]) > 0 }), out
}

// noteRefused notes what the server refuses.
func noteRefused(out doubts, objs []bulkhead.Object) {
	var judged []bulkhead.Object
	for obj := range bulkhead.Each[bulkhead.Object](objs) {
		switch obj.(type) {
		case *corev1.ResourceQuota, *corev1.LimitRange, *schedulingv1.PriorityClass:
			judged = append(judged, obj)
		}
	}
	rules := slices.DeleteFunc(quota.Rules(), func(r bulkhead.Rule) bool { return r.ID != quota.Invalid })
	for _, found := range bulkhead.Check(judged, rules...) {
		out[found.Object] = append(out[found.Object], Problem{found.Object, found.Field, "refused by the server: " + found.Message})
	}
}
