// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"reflect"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
)

// ServicePort is a policy that allows the port of a Service, where pods only ever
// see the target port.
const ServicePort = "netpol/service-port"

func servicePort(p *bulkhead.Pass) {
	n := neighboursOf(p.Objects)
	fronts := n.fronts(translates)
	for np := range n.eachPolicy() {
		for rule := range effectiveRules(np.obj) {
			receivers, known := n.receivers(np, rule)
			if !known {
				continue
			}
			for i, port := range rule.ports {
				if port.Port == nil || port.Port.Type == intstr.String || port.EndPort != nil ||
					anyListens(receivers, protocolOf(port), port.Port.IntVal) {
					continue
				}
				service, target, ok := translated(np.obj, rule, port, receivers, fronts)
				if !ok {
					continue
				}
				p.Reportf(np.obj, rule.portsPath().Index(i).Child("port"), "allow the target port of the Service",
					"connections to %s port %d arrive at %s %d of its pods, which the policy does not let through; no container declares %[2]d",
					bulkhead.RefTo(service), port.Port.IntVal, protocolOf(port), target)
			}
		}
	}
}

// translated returns a Service in front of the receivers that serves the number of
// a port entry and passes it on as another one, which no rule of the policy lets
// through between the same ends.
func translated(np *networkingv1.NetworkPolicy, rule trafficRule, port networkingv1.NetworkPolicyPort,
	receivers []workload.Workload, fronts map[bulkhead.Object][]*corev1.Service,
) (service *corev1.Service, target int32, ok bool) {
	for _, w := range receivers {
		for _, service := range fronts[w.Object] {
			for _, served := range service.Spec.Ports {
				if served.Port != port.Port.IntVal || serviceProtocol(served) != protocolOf(port) {
					continue
				}
				for _, target := range targets(served, w) {
					if !allowedBetween(np, rule, w, protocolOf(port), target) {
						return service, target, true
					}
				}
			}
		}
	}
	return nil, 0, false
}

// translates reports whether a Service has an address of its own, which is all that
// is translated: the name of a headless one stands for the addresses of its pods.
func translates(service *corev1.Service) bool { return service.Spec.ClusterIP != corev1.ClusterIPNone }

// allowedBetween reports whether the rule, or another of the policy with the same
// peers, lets a number through.
func allowedBetween(np *networkingv1.NetworkPolicy, rule trafficRule, w workload.Workload, protocol corev1.Protocol, number int32) bool {
	for other := range effectiveRules(np) {
		if other.direction == rule.direction && reflect.DeepEqual(other.peers, rule.peers) &&
			allowsOn(other.ports, w, protocol, number) {
			return true
		}
	}
	return false
}

func anyListens(workloads []workload.Workload, protocol corev1.Protocol, number int32) bool {
	for _, w := range workloads {
		for port := range w.Ports() {
			if port.Protocol == protocol && port.ContainerPort == number {
				return true
			}
		}
	}
	return false
}
