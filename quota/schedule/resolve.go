// SPDX-License-Identifier: Apache-2.0

package schedule

import (
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/internal/workload"
	"github.com/watertight-go/watertight/quota/internal/podexpr"
	"github.com/watertight-go/watertight/quota/internal/podpolicy"
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
		if m.Mutates && p.State != priority.Refused {
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
func (c *Cluster) changed(p priority.Priority, spec *corev1.PodSpec, m podpolicy.Policy, h *home) priority.Priority {
	pod := podexpr.Pod{Namespace: h.name, Class: p.Class, Priority: &p.Value}
	if p.State == priority.Unknown {
		pod.Class, pod.Priority = spec.PriorityClassName, nil
		if pod.Class == "" { // whether there is one decides what the policy sees
			if m.Webhook || m.Params || !m.LeavesPriority() {
				p.Any, p.Missing = true, p.Missing+"; "+m.Is("what")
			}
			return p
		}
	}
	looks := m.LooksAt(h.forPolicies(), podexpr.NewEnv(pod, m.Variables))
	if looks == podexpr.False || !m.Webhook && !m.Params && m.LeavesPriority() {
		return p
	}
	given, readable := m.Gives()
	if looks != podexpr.True || !readable {
		p.State, p.Any, p.Why, p.Missing = priority.Unknown, true, "", m.Is("what")
		return p
	}
	out := c.classes.Admitted(given.Class, &given.Value, &given.Preemption)
	if out.State == priority.Known {
		out.Why += ", which " + m.Object.GetName() + " gives it"
	}
	return out
}

// forPolicies is a namespace as admission policies look at it, for pods with any
// labels.
func (h *home) forPolicies() podpolicy.Home { return podpolicy.Home{Name: h.name, Object: h.namespace} }
