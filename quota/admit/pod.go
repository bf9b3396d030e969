// SPDX-License-Identifier: Apache-2.0

package admit

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/internal/podlevel"
)

// Pod returns the server's answer to a request that creates a pod. What the server
// has against it beyond resources, classes and security is not looked for: the pod is
// taken for one that is otherwise valid. Its status is of no account.
//
// A class that is not among the objects of the cluster leaves an otherwise admitted
// pod undetermined; see [Options.Whole]. The pod is not changed.
func (c *Cluster) Pod(pod *corev1.Pod) Result {
	r, _, _ := c.pod(c.at(pod.Namespace), pod)
	return r
}

// pod also returns the pod as the server completes it, and what it takes, which is nil
// unless it came as far as the quotas.
func (c *Cluster) pod(h *home, original *corev1.Pod) (r Result, made *corev1.Pod, usage corev1.ResourceList) {
	try := func(limits []*limitRange) Result {
		made = c.defaulted(original)
		for _, lr := range limits {
			lr.fillIn(made)
		}
		var r Result
		r, usage = c.review(h, made)
		return r
	}
	if len(h.limits) > 1 && h.disputed.concern(c.defaulted(original)) {
		if r = h.inAnyOrder(original, try); r.Verdict == Undetermined && r.Charges == nil {
			usage = nil
		}
		return r, made, usage
	}
	return try(h.limits), made, usage
}

// review takes a pod, to which LimitRanges have given their defaults, through the
// stages that follow.
func (c *Cluster) review(h *home, pod *corev1.Pod) (Result, corev1.ResourceList) {
	refusal, missing := c.setPriority(pod)
	missing = append(missing, h.doubts...)
	if refusal == nil {
		var more []Problem
		refusal, more = c.setOverhead(pod)
		missing = append(missing, more...)
	}
	var unknown []Problem // changes of the pod
	if refusal == nil {
		var more []Problem
		refusal, unknown, more = c.mutate(h, pod)
		unknown = append(unknown, c.perhapsClassed(h, pod)...)
		missing = append(append(missing, unknown...), more...)
	}
	var usage corev1.ResourceList
	var charges []Charge
	if refusal == nil {
		if c.options.podLevelLate() {
			podlevel.Fill(pod)
		}
		refusal = c.validateResources(pod)
	}
	var sum podSum
	if refusal == nil {
		sum = sumOf(pod)
		refusal = h.checkLimits(func(lr *limitRange) []Reason { return lr.checkPod(pod, sum) })
	}
	if refusal == nil {
		refusal = c.checkSecurity(h, pod)
	}
	if refusal == nil {
		refusal = c.checkOverhead(pod)
	}
	if refusal == nil {
		usage = c.podUsage(pod, sum)
		refusal, charges = c.checkQuotas(h, podItem{c, pod}, usage, nil)
	}
	switch {
	case refusal != nil && len(unknown) > 0: // as it is now
		return Result{Missing: append(missing, Problem{bulkhead.RefTo(pod), "spec", "what is made of it: as it is, it is refused: " + refusal.Message})}, usage
	case refusal != nil:
		refusal.Missing = missing
		return *refusal, usage
	case len(missing) > 0:
		return Result{Missing: missing, Charges: charges}, usage
	default:
		return Result{Verdict: Admitted, Charges: charges}, usage
	}
}
