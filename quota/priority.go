// SPDX-License-Identifier: Apache-2.0

package quota

import (
	"strconv"

	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// LowestPriority is the smallest value that [LowPriority] takes. Below it the
// cluster autoscaler thinks a pod expendable: it adds no node for it, and removes
// nodes under it (cluster-autoscaler FAQ, --expendable-pods-priority-cutoff).
const LowestPriority int32 = -10

// Priority returns a class of pods that preempt those of a smaller value. Value is
// at most [HighestPriority]. Pods without a class have the value 0, whichever
// namespace they are in.
//
// What kube-apiserver would refuse is an error: all of it, in one
// [*bulkhead.InvalidError].
func Priority(name string, value int32) (*schedulingv1.PriorityClass, error) {
	return newClass(name, value, corev1.PreemptLowerPriority, nil)
}

// LowPriority returns a class of pods that rank below those without a class, and
// that preempt nobody. Value is from [LowestPriority] to -1. Who wants a smaller
// one sets Value of what is returned, and knows that nodes are not added for it.
//
// Another value, and what kube-apiserver would refuse, is an error: all of it, in
// one [*bulkhead.InvalidError].
func LowPriority(name string, value int32) (*schedulingv1.PriorityClass, error) {
	var errs field.ErrorList
	switch at := field.NewPath("value"); {
	case value >= 0:
		errs = append(errs, field.Invalid(at, value, "pods without a class have the value 0; a low priority is below it"))
	case value < LowestPriority:
		errs = append(errs, field.Invalid(at, value, "below "+strconv.Itoa(int(LowestPriority))+" the cluster autoscaler adds no node for a pod"))
	}
	return newClass(name, value, corev1.PreemptNever, errs)
}

func newClass(name string, value int32, preemption corev1.PreemptionPolicy, errs field.ErrorList) (*schedulingv1.PriorityClass, error) {
	class := &schedulingv1.PriorityClass{
		TypeMeta:         metav1.TypeMeta{APIVersion: schedulingv1.SchemeGroupVersion.String(), Kind: "PriorityClass"},
		ObjectMeta:       newMeta("", name),
		Value:            value,
		PreemptionPolicy: &preemption,
	}
	return built(class, append(errs, invalidClass(class)...))
}

func newMeta(namespace, name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{
		Namespace: namespace,
		Name:      name,
		Labels:    map[string]string{bulkhead.ManagedByLabel: bulkhead.ManagedByValue},
	}
}

// built returns an object, or what is wrong with it.
func built[T bulkhead.Object](obj T, errs field.ErrorList) (T, error) {
	if len(errs) > 0 {
		var none T
		return none, &bulkhead.InvalidError{Object: bulkhead.RefTo(obj), Errs: errs}
	}
	return obj, nil
}
