// SPDX-License-Identifier: Apache-2.0

package guard

import (
	corev1 "k8s.io/api/core/v1"
)

// Rules about what bounds the containers of a pod.
const (
	// NoMemoryLimit is a container that [MemoryLimits] refuses.
	NoMemoryLimit = "guard/no-memory-limit"
	// NoCPULimit is a container that [CPULimits] refuses.
	NoCPULimit = "guard/no-cpu-limit"
	// PodLevelBypass is a pod that [NoPodLevelBypass] refuses.
	PodLevelBypass = "guard/pod-level-bypass"
)

// MemoryLimits refuses pods with a container, or an init container, that has no
// memory limit above zero. A limit of "0" passes the bounds of a quota and of a
// LimitRange, and is no limit on the node. What the pod says of its memory as a whole
// does not count.
func MemoryLimits() Restriction { return limits(NoMemoryLimit, corev1.ResourceMemory) }

// CPULimits refuses pods with a container, or an init container, that has no CPU
// limit above zero.
func CPULimits() Restriction { return limits(NoCPULimit, corev1.ResourceCPU) }

func limits(id string, name corev1.ResourceName) Restriction {
	return Restriction{id: id, about: pods, statements: []statement{{
		items:   containers(),
		demand:  limited(name),
		problem: "no " + string(name) + " limit above zero",
		fix:     "set resources.limits." + string(name),
	}}}
}

// limited demands a limit of a container. A LimitRange may set it.
func limited(name corev1.ResourceName) demand {
	return has{path: fields("resources", "limits").entry(string(name)), test: positive(), filled: true}
}

// NoPodLevelBypass refuses pods that have resources of their own, spec.resources,
// and are bound in memory neither by these nor by a limit of every container. With
// any such resource, if only a request for CPU, a quota does not ask for the limits
// of the containers, and charges none (Kubernetes v1.37,
// pkg/quota/v1/evaluator/core/pods.go, Constraints).
//
// [MemoryLimits] refuses these pods too, and more.
func NoPodLevelBypass() Restriction {
	resources := fields("resources")
	var nobody demand = both{
		has{path: fields("resources", "requests"), test: empty(), absent: true},
		has{path: fields("resources", "limits"), test: empty(), absent: true},
	}
	pod := has{path: fields("resources", "limits").entry(string(corev1.ResourceMemory)), test: positive()}
	all := each{lists: containers().lists, item: "c", demand: limited(corev1.ResourceMemory)}
	return Restriction{id: PodLevelBypass, about: pods, statements: []statement{{
		demand:  either{resources, []demand{nobody, pod, all}},
		problem: "with resources for the pod as a whole, a quota charges no memory for containers without a limit",
		fix:     "set spec.resources.limits.memory, or a memory limit of every container",
	}}}
}
