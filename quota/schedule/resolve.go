// SPDX-License-Identifier: Apache-2.0

package schedule

import (
	"regexp"
	"strconv"
	"strings"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/internal/workload"
	"github.com/watertight-go/watertight/quota/internal/podexpr"
	"github.com/watertight-go/watertight/quota/internal/priority"
)

// resolve returns the priority that the pods of a workload get: from their class, and
// from what changes them on their way in. What changes pods and is not among the
// objects is taken to leave the priority alone.
func (c *Cluster) resolve(w workload.Workload) priority.Priority {
	p := c.classes.Of(w.Object, w.Spec)
	if priority.Stored(w.Object) {
		return p
	}
	h := c.home(w.Object.GetNamespace())
	for _, m := range c.policies {
		if m.mutates && p.State != priority.Refused {
			p = c.changed(p, w.Spec, m, h)
		}
	}
	if p.State == priority.Unknown {
		p.Missing = strings.Join(append([]string{p.Missing}, c.unread...), "; ")
	}
	return p
}

// changed returns what a mutating policy makes of a priority. It sees the pod with the
// class and the value that admission has already given it, and admission then looks
// once more whether class, value and policy go together (Kubernetes v1.37,
// plugin/pkg/admission/priority, and pkg/kubeapiserver/options/plugins.go).
func (c *Cluster) changed(p priority.Priority, spec *corev1.PodSpec, m policy, h *home) priority.Priority {
	pod := podexpr.Pod{Namespace: h.name, Class: p.Class, Priority: &p.Value}
	if p.State == priority.Unknown {
		pod.Class, pod.Priority = spec.PriorityClassName, nil
		if pod.Class == "" {
			return p // whether there is a class decides what the policy sees
		}
	}
	looks := m.looksAt(h, podexpr.NewEnv(pod, m.variables))
	if looks == podexpr.False || !m.webhook && !m.params && leavesAlone(m) {
		return p
	}
	given, readable := gives(m)
	if looks != podexpr.True || !readable {
		p.State, p.Why, p.Missing = priority.Unknown, "", m.is("what")
		return p
	}
	out := c.classes.Admitted(given.class, &given.value, &given.policy)
	if out.State == priority.Known {
		out.Why += ", which " + m.object.GetName() + " gives it"
	}
	return out
}

// leavesAlone reports whether a policy cannot set a priority: nothing that it makes
// names a field of that name. A patch may work its paths out.
func leavesAlone(m policy) bool {
	names := func(s string) bool {
		s = strings.ToLower(s)
		return strings.Contains(s, "priority") || strings.Contains(s, "preemption")
	}
	for _, mutation := range m.mutations {
		if mutation.PatchType != admissionregistrationv1.PatchTypeApplyConfiguration || mutation.ApplyConfiguration == nil ||
			names(mutation.ApplyConfiguration.Expression) {
			return false
		}
	}
	for _, v := range m.variables {
		if names(v.Expression) {
			return false
		}
	}
	return true
}

type gift struct {
	class  string
	value  int32
	policy corev1.PreemptionPolicy
}

// gives reads the one form of mutation that gives a pod a class: all three fields, as
// literals, and nothing else. With fewer admission refuses the pod, or stores it
// without a priority.
func gives(m policy) (gift, bool) {
	if m.webhook || m.params || len(m.mutations) != 1 || m.mutations[0].ApplyConfiguration == nil {
		return gift{}, false
	}
	parts := classGift().FindStringSubmatch(m.mutations[0].ApplyConfiguration.Expression)
	if parts == nil {
		return gift{}, false
	}
	value, err := strconv.ParseInt(parts[2], 10, 32)
	return gift{parts[1], int32(value), corev1.PreemptionPolicy(parts[3])}, err == nil
}

// classGift matches Object{spec: Object.spec{priorityClassName: "low", priority: -10, preemptionPolicy: "Never"}}.
func classGift() *regexp.Regexp {
	return regexp.MustCompile(`^\s*Object\s*\{\s*spec\s*:\s*Object\.spec\s*\{\s*priorityClassName\s*:\s*["']([a-z0-9.-]+)["']\s*,` +
		`\s*priority\s*:\s*(-?[0-9]+)\s*,\s*preemptionPolicy\s*:\s*["'](PreemptLowerPriority|Never)["']\s*\}\s*\}\s*$`)
}
