// SPDX-License-Identifier: Apache-2.0

package admit

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/watertight-go/watertight/bulkhead"
)

// Update returns the server's answer to a request that changes an object of one kind
// and name. Quotas look at changes of Services and claims, and at that of a pod which
// comes into the scope Terminating or leaves it; what is charged is the difference.
// Fields that do not change are known of quotas and priority classes, beside what
// [Cluster.Object] validates. Of other objects and mistakes it says nothing.
func (c *Cluster) Update(before, after bulkhead.Object) Result {
	switch o := after.(type) {
	case *corev1.Pod:
		old, ok := before.(*corev1.Pod)
		if !ok || terminating(old) == terminating(o) {
			return Result{Verdict: Admitted}
		}
		return c.changedPod(old, o)
	case *corev1.ResourceQuota, *corev1.LimitRange, *corev1.Namespace, *schedulingv1.PriorityClass:
		for _, r := range []*Result{fixed(before, after), invalidObject(after), c.secondDefault(after)} {
			if r != nil {
				return *r
			}
		}
		return Result{Verdict: Admitted}
	case *corev1.Service, *corev1.PersistentVolumeClaim:
		h := c.at(after.GetNamespace())
		was, had := c.itemOf(before)
		is, has := c.itemOf(after)
		if claim, ok := is.(claimItem); ok {
			if r := h.checkLimits(func(lr *limitRange) []Reason { return lr.checkClaim(claim.claim) }); r != nil {
				return *r
			}
		}
		return c.changed(h, was, had, is, has)
	default:
		return Result{Verdict: Admitted}
	}
}

// Resize returns the server's answer to a request that changes what a running pod
// asks for and may take, by the subresource of that name: LimitRanges and quotas look
// at it, and quotas charge the difference.
func (c *Cluster) Resize(before, after *corev1.Pod) Result {
	h := c.at(after.Namespace)
	pod := c.defaulted(after)
	for _, lr := range h.limits {
		lr.fillIn(pod)
	}
	if r := c.validateResources(pod); r != nil {
		return *r
	}
	sum := sumOf(pod)
	if r := h.checkLimits(func(lr *limitRange) []Reason { return lr.checkPod(pod, sum) }); r != nil {
		return *r
	}
	return c.changedPod(before, pod)
}

// changedPod holds a pod that is there against quotas. Its status, of which a change
// of the pod takes no notice, says what it has been given.
func (c *Cluster) changedPod(before, after *corev1.Pod) Result {
	was, is := c.defaulted(before), c.defaulted(after)
	was.Status, is.Status = before.Status, before.Status
	return c.changed(c.at(after.Namespace), podItem{c, was}, c.podUsage(was, sumOf(was)), podItem{c, is}, c.podUsage(is, sumOf(is)))
}

// changed charges the difference between two states of an object, and the whole of it
// to a quota that did not count it before.
func (c *Cluster) changed(h *home, was item, had corev1.ResourceList, is item, has corev1.ResourceList) Result {
	more := make(corev1.ResourceList, len(has))
	for name, amount := range has {
		amount = amount.DeepCopy()
		amount.Sub(had[name])
		if amount.Sign() < 0 {
			amount = resource.Quantity{}
		}
		more[name] = amount
	}
	return c.counted(h, is, has, func(q *quotaState) corev1.ResourceList {
		if was != nil && q.governs(was) {
			return more
		}
		return has
	})
}

func terminating(pod *corev1.Pod) bool {
	return pod.Spec.ActiveDeadlineSeconds != nil && *pod.Spec.ActiveDeadlineSeconds >= 0
}

// fixed refuses a change of what does not change: the scopes of a quota, though not
// its selector of scopes, and the value and preemption of a class (Kubernetes v1.37,
// pkg/apis/core/validation, ValidateResourceQuotaUpdate, and
// pkg/apis/scheduling/validation, ValidatePriorityClassUpdate).
func fixed(before, after bulkhead.Object) *Result {
	refused := func(field string) *Result {
		return refuse(Validation, Reason{Field: field, Message: fmt.Sprintf("%s: field is immutable", field)})
	}
	switch is := after.(type) {
	case *corev1.ResourceQuota:
		was, ok := before.(*corev1.ResourceQuota)
		if ok && !sameScopes(was.Spec.Scopes, is.Spec.Scopes) {
			return refused("spec.scopes")
		}
	case *schedulingv1.PriorityClass:
		was, ok := before.(*schedulingv1.PriorityClass)
		switch {
		case ok && was.Value != is.Value:
			return refused("value")
		case ok && preemption(was) != preemption(is):
			return refused("preemptionPolicy")
		}
	}
	return nil
}

func sameScopes(a, b []corev1.ResourceQuotaScope) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(slices.Compact(a), slices.Compact(b))
}

// preemption returns what a class says of preemption, or what the server stores where
// it says nothing.
func preemption(class *schedulingv1.PriorityClass) corev1.PreemptionPolicy {
	if class.PreemptionPolicy == nil {
		return corev1.PreemptLowerPriority
	}
	return *class.PreemptionPolicy
}
