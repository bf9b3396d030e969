// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"cmp"
	"slices"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
	"github.com/watertight-go/watertight/netpol/internal/space"
)

// backends returns the workloads behind a Service: none if somebody else writes
// its endpoints.
func (n neighbours) backends(service *corev1.Service) []workload.Workload {
	if !hasBackends(service) {
		return nil
	}
	return n.selected(service.Namespace, labels.SelectorFromSet(service.Spec.Selector))
}

// fronts returns, for each workload, the Services whose connections may end at its
// pods and that are asked for, in order. Found once, it spares a rule from asking
// every Service about every workload for every policy.
func (n neighbours) fronts(asked func(*corev1.Service) bool) map[bulkhead.Object][]*corev1.Service {
	out := make(map[bulkhead.Object][]*corev1.Service)
	for _, services := range n.services {
		for _, service := range services {
			if !asked(service) {
				continue
			}
			for _, w := range n.backends(service) {
				out[w.Object] = append(out[w.Object], service)
			}
		}
	}
	return out
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
	return len(ports) == 0 || slices.ContainsFunc(ports, func(port networkingv1.NetworkPolicyPort) bool {
		return space.PortOf(port).Resolve(w.Numbers).Has(protocol, number)
	})
}
