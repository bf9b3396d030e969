// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"cmp"
	"slices"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/watertight-go/watertight/internal/workload"
)

// backends returns the workloads behind a Service: none if somebody else writes
// its endpoints.
func (n neighbours) backends(service *corev1.Service) []workload.Workload {
	if !hasBackends(service) {
		return nil
	}
	return n.selected(service.Namespace, labels.SelectorFromSet(service.Spec.Selector))
}

// fronts reports whether connections to a Service may end at pods of w.
func fronts(service *corev1.Service, w workload.Workload) bool {
	return hasBackends(service) && w.Matches(labels.SelectorFromSet(service.Spec.Selector))
}

func hasBackends(service *corev1.Service) bool {
	return len(service.Spec.Selector) > 0 && service.Spec.Type != corev1.ServiceTypeExternalName
}

// targets returns the ports at which connections to a port of a Service arrive on
// pods of w: one, or none if no container declares the name that it goes by, or
// several if containers disagree about the name.
func targets(port corev1.ServicePort, w workload.Workload) []int32 {
	switch {
	case port.TargetPort.Type == intstr.String:
		return w.Numbers(port.TargetPort.StrVal, serviceProtocol(port))
	case port.TargetPort.IntVal == 0: // the API server fills in the same number
		return []int32{port.Port}
	default:
		return []int32{port.TargetPort.IntVal}
	}
}

func serviceProtocol(port corev1.ServicePort) corev1.Protocol {
	return cmp.Or(port.Protocol, corev1.ProtocolTCP)
}

// allowsOn is allows for a receiver that is known, so that named ports count.
func allowsOn(ports []networkingv1.NetworkPolicyPort, w workload.Workload, protocol corev1.Protocol, number int32) bool {
	if allows(ports, protocol, number) {
		return true
	}
	for _, port := range ports {
		if port.Port == nil || port.Port.Type != intstr.String || protocolOf(port) != protocol {
			continue
		}
		if slices.Contains(w.Numbers(port.Port.StrVal, protocol), number) {
			return true
		}
	}
	return false
}
