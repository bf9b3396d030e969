// SPDX-License-Identifier: Apache-2.0

package workload

import (
	"cmp"
	"iter"
	"slices"

	corev1 "k8s.io/api/core/v1"
)

// Ports yields the ports that the pods declare, with protocol TCP where the
// manifest names none: those of the containers and of the restartable init
// containers, which run beside them (sidecars). An ordinary init container has
// ended before the pod takes connections.
//
// A container may listen on ports that it does not declare; only names need it.
func (w Workload) Ports() iter.Seq[corev1.ContainerPort] {
	return func(yield func(corev1.ContainerPort) bool) {
		for _, container := range slices.Concat(w.sidecars(), w.Spec.Containers) {
			for _, port := range container.Ports {
				port.Protocol = cmp.Or(port.Protocol, corev1.ProtocolTCP)
				if !yield(port) {
					return
				}
			}
		}
	}
}

// Numbers returns what a port name stands for under a protocol, in ascending
// order: nothing if no container declares it, several if containers disagree.
func (w Workload) Numbers(name string, protocol corev1.Protocol) []int32 {
	var out []int32
	for port := range w.Ports() {
		if port.Name == name && port.Protocol == protocol {
			out = append(out, port.ContainerPort)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (w Workload) sidecars() []corev1.Container {
	var out []corev1.Container
	for _, container := range w.Spec.InitContainers {
		if container.RestartPolicy != nil && *container.RestartPolicy == corev1.ContainerRestartPolicyAlways {
			out = append(out, container)
		}
	}
	return out
}

// Number returns the port that a Service means by a name and a protocol: the first
// that a container declares or, if none does, a sidecar (kubernetes 1.37,
// pkg/api/v1/pod, FindPort).
func (w Workload) Number(name string, protocol corev1.Protocol) (int32, bool) {
	for _, container := range slices.Concat(w.Spec.Containers, w.sidecars()) {
		for _, port := range container.Ports {
			if port.Name == name && cmp.Or(port.Protocol, corev1.ProtocolTCP) == protocol {
				return port.ContainerPort, true
			}
		}
	}
	return 0, false
}
