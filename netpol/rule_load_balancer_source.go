// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"slices"

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
	relays := n.relays()
	for np := range n.eachPolicy() {
		for rule := range effectiveRules(np.obj) {
			if rule.direction != networkingv1.PolicyTypeIngress || !narrowBlocks(rule.peers) {
				continue
			}
			if service, ok := relayTo(n.selected(np.obj.Namespace, np.subject), rule, relays); ok {
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

// A relay is a port of a workload at which connections from outside arrive through
// a Service that hides who opened them.
type relay struct {
	service  *corev1.Service
	protocol corev1.Protocol
	number   int32
}

// relays returns the relays to each workload, without those of ports that some
// policy opens to every source.
func (n neighbours) relays() map[bulkhead.Object][]relay {
	fronts := n.fronts(hidesClients)
	out := make(map[bulkhead.Object][]relay)
	for _, workloads := range n.workloads {
		for _, w := range workloads {
			if w.Spec.HostNetwork {
				continue
			}
			for _, service := range fronts[w.Object] {
				for _, port := range service.Spec.Ports {
					for _, number := range targets(port, w) {
						if protocol := serviceProtocol(port); !n.admitsEveryone(w, protocol, number) {
							out[w.Object] = append(out[w.Object], relay{service, protocol, number})
						}
					}
				}
			}
		}
	}
	return out
}

// relayTo returns the first Service that relays connections to pods of the subject
// and ports of the rule.
func relayTo(subject []workload.Workload, rule trafficRule, relays map[bulkhead.Object][]relay) (*corev1.Service, bool) {
	for _, w := range subject {
		for _, r := range relays[w.Object] {
			if allowsOn(rule.ports, w, r.protocol, r.number) {
				return r.service, true
			}
		}
	}
	return nil, false
}

// admitsEveryone reports whether some policy opens a port of a workload to every
// source, so that the address of a client makes no difference.
func (n neighbours) admitsEveryone(w workload.Workload, protocol corev1.Protocol, number int32) bool {
	isWhole := func(peer networkingv1.NetworkPolicyPeer) bool {
		block, ok := blockOf(peer)
		return ok && block.Bits() == 0
	}
	for _, np := range n.governing(w, networkingv1.PolicyTypeIngress) {
		for _, rule := range np.obj.Spec.Ingress {
			if (len(rule.From) == 0 || slices.ContainsFunc(rule.From, isWhole)) && allowsOn(rule.Ports, w, protocol, number) {
				return true
			}
		}
	}
	return false
}

// hidesClients reports whether kube-proxy replaces the client's address for a
// Service: it takes connections on node ports, and may pass them to another node
// (documentation, "Create an External Load Balancer", "Preserving the client
// source IP"). Load balancers that connect to the pods themselves do not come
// through node ports.
func hidesClients(service *corev1.Service) bool {
	if service.Spec.Type != corev1.ServiceTypeLoadBalancer && service.Spec.Type != corev1.ServiceTypeNodePort {
		return false
	}
	return !connectsToPods(service) && service.Spec.ExternalTrafficPolicy != corev1.ServiceExternalTrafficPolicyLocal
}

// connectsToPods reports whether a load balancer may connect to the pods of a
// Service itself. Annotations say so for those of Google Cloud (GKE documentation,
// "Container-native load balancing") and AWS (AWS Load Balancer Controller,
// "Network Load Balancer"); one of another class may do anything.
func connectsToPods(service *corev1.Service) bool {
	const aws = "service.beta.kubernetes.io/aws-load-balancer-"
	_, gke := service.Annotations["cloud.google.com/neg"]
	return gke || service.Annotations[aws+"nlb-target-type"] == "ip" || service.Annotations[aws+"type"] == "nlb-ip" ||
		service.Spec.LoadBalancerClass != nil
}
