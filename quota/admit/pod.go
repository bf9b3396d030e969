// SPDX-License-Identifier: Apache-2.0

package admit

import (
	corev1 "k8s.io/api/core/v1"
)

// Pod returns the server's answer to a request that creates a pod. What the server
// has against it beyond resources, classes and security is not looked for: the pod is
// taken for one that is otherwise valid. Its status is of no account.
//
// A class that is not among the objects of the cluster leaves an otherwise admitted
// pod undetermined; see [Options.Whole]. The pod is not changed.
func (c *Cluster) Pod(pod *corev1.Pod) Result {
	h := c.at(pod.Namespace)
	r, _ := c.pod(h, pod)
	return r
}

// pod also returns what the pod takes, which is nil unless the quotas were reached.
func (c *Cluster) pod(h *home, original *corev1.Pod) (Result, corev1.ResourceList) {
	var usage corev1.ResourceList
	try := func(limits []*limitRange) Result {
		pod := c.defaulted(original)
		for _, lr := range limits {
			lr.fillIn(pod)
		}
		r, used := c.review(h, pod)
		usage = used
		return r
	}
	if len(h.limits) > 1 && h.disputed.concern(c.defaulted(original)) {
		r := h.inAnyOrder(original, try)
		if r.Verdict == Undetermined {
			usage = nil
		}
		return r, usage
	}
	return try(h.limits), usage
}

// review takes a pod, to which LimitRanges have given their defaults, through the
// stages that follow.
func (c *Cluster) review(h *home, pod *corev1.Pod) (Result, corev1.ResourceList) {
	refusal, missing := c.setPriority(pod)
	if refusal == nil {
		var more []Problem
		refusal, more = c.setOverhead(pod)
		missing = append(missing, more...)
	}
	var usage corev1.ResourceList
	var charges []Charge
	if refusal == nil {
		if c.options.podLevelLate() {
			fillPodLevel(pod)
		}
		refusal = c.validateResources(pod)
	}
	if refusal == nil {
		refusal = h.checkLimits(func(lr *limitRange) []Reason { return lr.checkPod(pod) })
	}
	if refusal == nil {
		refusal = c.checkSecurity(h, pod)
	}
	if refusal == nil {
		refusal = c.checkOverhead(pod)
	}
	if refusal == nil {
		usage = c.podUsage(pod)
		refusal, charges = c.checkQuotas(h, podItem{c, pod}, usage, nil)
	}
	switch {
	case refusal != nil:
		refusal.Missing = missing
		return *refusal, usage
	case len(missing) > 0:
		return Result{Missing: missing, Charges: charges}, usage
	default:
		return Result{Verdict: Admitted, Charges: charges}, usage
	}
}
