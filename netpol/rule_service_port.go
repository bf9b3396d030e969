// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"slices"

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
			if !slices.ContainsFunc(rule.ports, isOneNumber) {
				continue
			}
			receivers, known := n.receivers(np, rule)
			if !known {
				continue
			}
			for i, port := range rule.ports {
				if !isOneNumber(port) || anyListens(receivers, protocolOf(port), port.Port.IntVal) {
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

func isOneNumber(port networkingv1.NetworkPolicyPort) bool {
	return port.Port != nil && port.Port.Type == intstr.Int && port.EndPort == nil
}

// translated returns a Service in front of the receivers that serves the number of
// a port entry and passes it on as another one, which no rule of the policy lets
// through between the same ends.
func translated(np *networkingv1.NetworkPolicy, rule trafficRule, port networkingv1.NetworkPolicyPort,
	receivers []workload.Workload, fronts map[bulkhead.Object][]*corev1.Service,
) (service *corev1.Service, target int32, ok bool) {
	var around []trafficRule
	for _, w := range receivers {
		for _, service := range fronts[w.Object] {
			for _, served := range service.Spec.Ports {
				if served.Port != port.Port.IntVal || serviceProtocol(served) != protocolOf(port) {
					continue
				}
				if around == nil {
					around = rulesAround(np, rule)
				}
				for _, target := range targets(served, w) {
					if !anyAllowsOn(around, w, protocolOf(port), target) {
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

// rulesAround returns the rules of a policy that let a rule's peers through, itself
// among them. Of very many peers it compares none, and takes all rules to do so.
func rulesAround(np *networkingv1.NetworkPolicy, rule trafficRule) []trafficRule {
	var same []trafficRule
	var peers int
	for other := range effectiveRules(np) {
		if other.direction == rule.direction {
			same = append(same, other)
			peers += len(other.peers)
		}
	}
	if peers > maxCompared {
		return same
	}
	inner := peerEntries(np.Namespace, rule.peers)
	return slices.DeleteFunc(same, func(other trafficRule) bool {
		return !eachCovered(peerEntries(np.Namespace, other.peers), inner)
	})
}

func anyAllowsOn(rules []trafficRule, w workload.Workload, protocol corev1.Protocol, number int32) bool {
	return slices.ContainsFunc(rules, func(rule trafficRule) bool { return allowsOn(rule.ports, w, protocol, number) })
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
