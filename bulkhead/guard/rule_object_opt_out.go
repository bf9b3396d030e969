// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"slices"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// ObjectOptOut is a guard that goes by the labels or annotations of the object, which
// whoever creates it chooses.
const ObjectOptOut = "guard/object-opt-out"

func objectOptOut(p *bulkhead.Pass) {
	report := func(obj bulkhead.Object, at *field.Path, selector *metav1.LabelSelector) {
		p.Reportf(obj, at, "select by namespace",
			"who creates the object chooses whether it is judged: by its %s", labelWords(selector))
	}
	for _, policy := range policiesOf(p.Objects) {
		if policy.mutates {
			continue
		}
		if selects(policy.match) {
			report(policy.object, policy.matchAt().Child("objectSelector"), policy.match.ObjectSelector)
		}
		for _, c := range policy.readConditions() {
			if what, ok := c.readsOwnWords(); ok && !c.reads("oldObject") {
				p.Reportf(policy.object, c.at, "judge by what the object does", "who creates the object chooses whether it is judged: by its %s", what)
			}
		}
	}
	for _, b := range bindingsOf(p.Objects) {
		if !b.mutates && selects(b.match) {
			report(b.object, b.matchAt().Child("objectSelector"), b.match.ObjectSelector)
		}
	}
	for _, hook := range guardingWebhooks(p.Objects) {
		// A positive selector is often that of the project's own objects.
		if hook.ObjectSelector != nil && isOptOut(hook.ObjectSelector) {
			report(hook.object, hook.at.Child("objectSelector"), hook.ObjectSelector)
		}
	}
}

func selects(match *admissionregistrationv1.MatchResources) bool {
	return match != nil && len(match.ObjectSelector.MatchLabels)+len(match.ObjectSelector.MatchExpressions) > 0
}

// isOptOut reports whether a label takes an object out of what is selected.
func isOptOut(selector *metav1.LabelSelector) bool {
	return slices.ContainsFunc(selector.MatchExpressions, func(r metav1.LabelSelectorRequirement) bool {
		return r.Operator == metav1.LabelSelectorOpNotIn || r.Operator == metav1.LabelSelectorOpDoesNotExist
	})
}

// readsOwnWords reports whether an expression looks at labels or annotations of the
// object.
func (e expression) readsOwnWords() (string, bool) {
	for _, value := range e.Reads {
		for _, path := range value {
			for _, what := range []string{"labels", "annotations"} {
				if _, ok := path.Under("object", "metadata", what); ok {
					return what, true
				}
			}
		}
	}
	return "", false
}
