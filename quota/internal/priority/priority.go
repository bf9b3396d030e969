// SPDX-License-Identifier: Apache-2.0

// Package priority resolves which priority the pods of a workload get, as the
// admission plugin Priority of kube-apiserver does (Kubernetes v1.37,
// plugin/pkg/admission/priority/admission.go).
package priority

import (
	"strconv"

	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// A State says what became of a pod on its way through admission.
type State int

const (
	// Unknown means that the objects do not tell; Missing of the priority names
	// what would.
	Unknown State = iota
	// Known means that the pod is admitted with the value.
	Known
	// Refused means that kube-apiserver refuses the pod for what it says of its
	// priority.
	Refused
)

// A Priority is what admission writes into a pod.
type Priority struct {
	State State
	Class string // empty without one
	Value int32
	Never bool // preempts nobody
	// Absent says that the pod is stored without a value, which most take for 0.
	Absent bool
	// Any says of an unknown value that it may be that of any class. Otherwise it is
	// that of a class which the objects lack, and so of none of Kubernetes' own.
	Any bool
	// Field is where it comes from, below the pod's spec; Why says it in words.
	Field, Why string
	Missing    string
}

// Of resolves the priority of the pods of an object with the given spec. A pod that
// was read from a cluster keeps what is stored, whatever became of its class.
func (cs Classes) Of(obj bulkhead.Object, spec *corev1.PodSpec) Priority {
	if Stored(obj) {
		return stored(spec)
	}
	return cs.Admitted(spec.PriorityClassName, spec.Priority, spec.PreemptionPolicy)
}

// Stored reports whether an object is a pod that an API server has stored.
func Stored(obj bulkhead.Object) bool {
	_, pod := obj.(*corev1.Pod)
	return pod && obj.GetUID() != ""
}

// stored reads the priority of a pod of a cluster. Without one the scheduler and the
// kubelet take 0 (k8s.io/component-helpers v0.37, scheduling/corev1, PodPriority).
func stored(spec *corev1.PodSpec) Priority {
	p := Priority{State: Known, Class: spec.PriorityClassName, Never: never(spec.PreemptionPolicy), Field: "priority"}
	if spec.Priority == nil {
		p.Absent, p.Why = true, "it is stored without a priority, which counts as 0"
		return p
	}
	p.Value, p.Why = *spec.Priority, "it is stored with the value "+strconv.Itoa(int(*spec.Priority))
	return p
}

// Admitted resolves what a new pod asks for: a class by name, or none, and perhaps the
// value and the policy, which must then be those of the class.
func (cs Classes) Admitted(name string, value *int32, policy *corev1.PreemptionPolicy) Priority {
	class, answer := cs.named(name)
	if name == "" {
		class, answer = cs.inherited()
	}
	answer.Field = "priorityClassName"
	if answer.State != Known {
		return answer
	}
	answer.Class, answer.Value, answer.Never = class.Name, class.Value, class.Never
	answer.Why = words(name, class)
	switch {
	case value != nil && *value != class.Value:
		answer.State, answer.Field = Refused, "priority"
		answer.Why = "the priority is " + strconv.Itoa(int(*value)) + ", and " + answer.Why
	case policy != nil && never(policy) != class.Never:
		answer.State, answer.Field = Refused, "preemptionPolicy"
		answer.Why = "the policy " + string(*policy) + " is not that of its class"
	}
	return answer
}

func words(asked string, class Class) string {
	value := strconv.Itoa(int(class.Value))
	switch {
	case asked != "":
		return "its class " + class.Name + " has the value " + value
	case class.Name != "":
		return "it names no class, and the global default " + class.Name + " has the value " + value
	default:
		return "it names no class, which is the value 0"
	}
}

func never(policy *corev1.PreemptionPolicy) bool {
	return policy != nil && *policy == corev1.PreemptNever
}
