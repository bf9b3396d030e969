// SPDX-License-Identifier: Apache-2.0

package podpolicy

import (
	"regexp"
	"strconv"
	"strings"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
)

// LeavesPriority reports whether a policy cannot set a priority: nothing that it makes
// names a field of that name. A patch may work its paths out.
func (p Policy) LeavesPriority() bool {
	names := func(s string) bool {
		s = strings.ToLower(s)
		return strings.Contains(s, "priority") || strings.Contains(s, "preemption")
	}
	for _, mutation := range p.mutations {
		if mutation.PatchType != admissionregistrationv1.PatchTypeApplyConfiguration || mutation.ApplyConfiguration == nil ||
			names(mutation.ApplyConfiguration.Expression) {
			return false
		}
	}
	for _, v := range p.Variables {
		if names(v.Expression) {
			return false
		}
	}
	return true
}

// A Gift is the class that a policy gives to pods, with all that goes with it.
type Gift struct {
	Class      string
	Value      int32
	Preemption corev1.PreemptionPolicy
}

// Gives returns the class that a policy gives to pods, if it does that and nothing
// else.
func (p Policy) Gives() (Gift, bool) {
	if p.gift == nil {
		return Gift{}, false
	}
	return *p.gift, true
}

// giftOf reads the one form of mutation that gives a pod a class: all three fields, as
// literals, and nothing else. With fewer admission refuses the pod, or stores it
// without a priority.
func giftOf(form *regexp.Regexp, spec admissionregistrationv1.MutatingAdmissionPolicySpec) *Gift {
	if spec.ParamKind != nil || len(spec.Mutations) != 1 || spec.Mutations[0].ApplyConfiguration == nil {
		return nil
	}
	parts := form.FindStringSubmatch(spec.Mutations[0].ApplyConfiguration.Expression)
	if parts == nil {
		return nil
	}
	value, err := strconv.ParseInt(parts[2], 10, 32)
	if err != nil {
		return nil
	}
	return &Gift{parts[1], int32(value), corev1.PreemptionPolicy(parts[3])}
}

// classGift matches Object{spec: Object.spec{priorityClassName: "low", priority: -10, preemptionPolicy: "Never"}}.
func classGift() *regexp.Regexp {
	return regexp.MustCompile(`^\s*Object\s*\{\s*spec\s*:\s*Object\.spec\s*\{\s*priorityClassName\s*:\s*["']([a-z0-9.-]+)["']\s*,` +
		`\s*priority\s*:\s*(-?[0-9]+)\s*,\s*preemptionPolicy\s*:\s*["'](PreemptLowerPriority|Never)["']\s*\}\s*\}\s*$`)
}
