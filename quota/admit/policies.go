// SPDX-License-Identifier: Apache-2.0

package admit

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/internal/podexpr"
	"github.com/watertight-go/watertight/quota/internal/podpolicy"
)

// served leaves the policies that a server of a version has: those that change objects
// are v1 since 1.36.
func served(policies []podpolicy.Policy, options Options) []podpolicy.Policy {
	if options.Minor >= 36 {
		return policies
	}
	return slices.DeleteFunc(policies, func(p podpolicy.Policy) bool { return p.Mutates && !p.Webhook })
}

// forPods leaves of policies and webhooks those that may look at new pods of a
// namespace.
func (h *home) forPods(policies []podpolicy.Policy) []podpolicy.Policy {
	var out []podpolicy.Policy
	for i := range policies {
		if p, may := policies[i].In(podpolicy.Home{Name: h.name, Object: h.object}); may {
			out = append(out, p)
		}
	}
	return out
}

// mutate gives a pod the class that an admission policy gives it, and returns which
// other policies and webhooks change it, into what is not known. They see the pod
// with what Priority has given it, which then looks at it once more (Kubernetes v1.37,
// pkg/kubeapiserver/options/plugins.go).
func (c *Cluster) mutate(h *home, pod *corev1.Pod) (refusal *Result, unknown, missing []Problem) {
	for i := range h.policies {
		p := &h.policies[i]
		if !p.Mutates {
			continue
		}
		labels := pod.Labels
		if labels == nil {
			labels = map[string]string{} // none, and not any
		}
		env := podexpr.NewEnv(c.seen(pod), p.Variables)
		looks := p.LooksAt(podpolicy.Home{Name: h.name, Object: h.object, Labels: labels}, env)
		if looks == podexpr.False {
			continue
		}
		gift, readable := p.Gives()
		if looks != podexpr.True || !readable {
			unknown = append(unknown, Problem{Object: bulkhead.RefTo(p.Object), Field: p.At.String(), Message: "what it makes of the pod is not known"})
			continue
		}
		pod.Spec.PriorityClassName, pod.Spec.Priority, pod.Spec.PreemptionPolicy = gift.Class, &gift.Value, &gift.Preemption
		again, more := c.setPriority(pod)
		if missing = append(missing, more...); again != nil {
			return again, unknown, missing
		}
	}
	return nil, unknown, missing
}

// seen is a pod as policies see it, with the value of its class.
func (c *Cluster) seen(pod *corev1.Pod) podexpr.Pod {
	out := podexpr.Pod{Namespace: pod.Namespace, Class: pod.Spec.PriorityClassName}
	if class, known := c.priorityClass(out.Class); known || out.Class == "" {
		out.Priority = &class.Value
	}
	return out
}

// givesClass reports whether a policy gives pods of a namespace a class.
func (h *home) givesClass() bool {
	return slices.ContainsFunc(h.policies, func(p podpolicy.Policy) bool {
		_, gives := p.Gives()
		return gives
	})
}

// unjudged names the policies and webhooks that may refuse pods of a namespace: they
// are not evaluated.
func (h *home) unjudged() string {
	var names []string
	for _, p := range h.policies {
		if !p.Mutates {
			names = append(names, bulkhead.RefTo(p.Object).String())
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	const some = 3
	switch n := len(names); {
	case n == 0:
		return ""
	case n > some+1: // and not of one, whose name says more
		return fmt.Sprintf("%s and %d others refuse no pod", strings.Join(names[:some], ", "), n-some)
	default:
		return strings.Join(names, ", ") + " refuse no pod"
	}
}
