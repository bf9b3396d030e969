// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
)

// LoadBalancerSource is an ingress rule by client address for pods that see the
// address of a node instead.
const LoadBalancerSource = "netpol/load-balancer-source"

func loadBalancerSource(p *bulkhead.Pass) {
	n := neighboursOf(p.Objects)
	fronts := n.fronts(hidesClients)
	for np := range n.eachPolicy() {
		for rule := range effectiveRules(np.obj) {
			if rule.direction != networkingv1.PolicyTypeIngress || !narrowBlocks(rule.peers) {
				continue
			}
			if service, ok := relayTo(n.selected(np.obj.Namespace, np.subject), rule, fronts); ok {
				p.Reportf(np.obj, rule.peersPath(), "set externalTrafficPolicy: Local on the Service",
					"through %s a connection may arrive with the address of a node instead of the client's: the blocks admit none of the clients they list, or all if they hold the nodes",
					bulkhead.RefTo(service))
			}
		}
	}
}

// narrowBlocks reports whether a list holds blocks and none of them is the whole
// address space, to which the source makes no difference.
func narrowBlocks(peers []networkingv1.NetworkPolicyPeer) bool {
	found := false
	for _, peer := range peers {
		block, ok := blockOf(peer)
		if ok && block.Bits() == 0 {
			return false
		}
		found = found || ok
	}
	return found
}

// relayTo returns the first Service that relays connections from outside to pods of
// the subject and ports of the rule.
func relayTo(subject []workload.Workload, rule trafficRule, fronts map[bulkhead.Object][]*corev1.Service) (*corev1.Service, bool) {
	for _, w := range subject {
		if w.Spec.HostNetwork {
			continue
		}
		for _, service := range fronts[w.Object] {
			if arrivesAt(service, w, rule) {
				return service, true
			}
		}
	}
	return nil, false
}

func arrivesAt(service *corev1.Service, w workload.Workload, rule trafficRule) bool {
	for _, port := range service.Spec.Ports {
		for _, target := range targets(port, w) {
			if allowsOn(rule.ports, w, serviceProtocol(port), target) {
				return true
			}
		}
	}
	return false
}

// hidesClients reports whether kube-proxy replaces the client's address for a
// Service: it takes connections on node ports, and may pass them to another node
// (documentation, "Create an External Load Balancer", "Preserving the client
// source IP"). Load balancers that connect to the pods themselves, known by these
// annotations, do not come through node ports.
func hidesClients(service *corev1.Service) bool {
	if service.Spec.Type != corev1.ServiceTypeLoadBalancer && service.Spec.Type != corev1.ServiceTypeNodePort {
		return false
	}
	_, gke := service.Annotations["cloud.google.com/neg"]
	aws := service.Annotations["service.beta.kubernetes.io/aws-load-balancer-nlb-target-type"] == "ip"
	return !gke && !aws && service.Spec.ExternalTrafficPolicy != corev1.ServiceExternalTrafficPolicyLocal
}
