// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/celtext"
)

// StalePriority is a mutation that gives pods a priority class without the value that
// goes with it.
const StalePriority = "guard/stale-priority"

func stalePriority(p *bulkhead.Pass) {
	for _, policy := range policiesOf(p.Objects) {
		if !policy.mutates || !policy.covers(podRequest()) {
			continue
		}
		class, ok := policy.setting("priorityClassName", false)
		if !ok {
			continue
		}
		_, value := policy.setting("priority", false)
		_, preemption := policy.setting("preemptionPolicy", false)
		removal, removed := policy.setting("priority", true)
		switch {
		case removed && !value && policy.reinvoked:
			p.Reportf(policy.object, removal.at, "set priority and preemptionPolicy with the class, or set reinvocationPolicy to Never",
				"a pod may be stored with the class and without a priority, and counts as one of priority 0: the mutation may run again after the class was resolved")
		case removed && !value:
		case !value:
			p.Reportf(policy.object, class.at, "set priority and preemptionPolicy with the class",
				"the pods are refused: their priority is that of the class they had before")
		case !preemption:
			p.Reportf(policy.object, class.at, "set preemptionPolicy with the class",
				"the pods are refused if the class preempts otherwise than the one they had before")
		}
	}
}

// setting returns the mutation that sets or removes a field of a pod's spec.
func (p policy) setting(name string, remove bool) (text, bool) {
	for _, e := range p.judges {
		if slices.ContainsFunc(celtext.Settings(e.cel), func(s celtext.Setting) bool {
			return s.Remove == remove && slices.Equal(s.Path, celtext.Path{"spec", name})
		}) {
			return e, true
		}
	}
	return text{}, false
}
