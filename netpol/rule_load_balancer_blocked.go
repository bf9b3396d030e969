// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
)

// LoadBalancerBlocked is a Service for clients outside the cluster whose pods
// admit no address.
const LoadBalancerBlocked = "netpol/load-balancer-blocked"

func loadBalancerBlocked(p *bulkhead.Pass) {
	n := neighboursOf(p.Objects)
	for service := range bulkhead.Each[*corev1.Service](p.Objects) {
		// A load balancer of a class may be made of pods, as Tailscale's is.
		if service.Spec.Type != corev1.ServiceTypeLoadBalancer || service.Spec.LoadBalancerClass != nil || !n.podsKnown(service.Namespace) || !n.policiesKnown(service.Namespace) {
			continue
		}
		backends := n.backends(service)
		for i, port := range service.Spec.Ports {
			if len(backends) == 0 || n.anyAdmits(backends, port) {
				continue
			}
			p.Reportf(service, field.NewPath("spec", "ports").Index(i),
				"add an ingress rule with the blocks of the clients or the load balancer",
				"clients outside the cluster do not get through on %s: the policies of %s admit pods only, and no address",
				fmt.Sprintf("%s %d", serviceProtocol(port), port.Port), list(namesOf(backends)))
		}
	}
}

// anyAdmits reports whether a connection from some address outside the cluster to
// a port of a Service may end well.
func (n neighbours) anyAdmits(backends []workload.Workload, port corev1.ServicePort) bool {
	for _, w := range backends {
		numbers := targets(port, w)
		policies := n.governing(w, networkingv1.PolicyTypeIngress)
		if len(numbers) == 0 || len(policies) == 0 {
			return true // what does not arrive is no policy's doing; what is not isolated is open
		}
		for _, number := range numbers {
			for _, np := range policies {
				if admitsAddresses(np.obj, w, serviceProtocol(port), number) {
					return true
				}
			}
		}
	}
	return false
}

// admitsAddresses reports whether an ingress rule admits addresses on a port.
func admitsAddresses(np *networkingv1.NetworkPolicy, w workload.Workload, protocol corev1.Protocol, number int32) bool {
	for i := range np.Spec.Ingress {
		rule := np.Spec.Ingress[i]
		if (len(rule.From) == 0 || hasBlock(rule.From)) && allowsOn(rule.Ports, w, protocol, number) {
			return true
		}
	}
	return false
}

func hasBlock(peers []networkingv1.NetworkPolicyPeer) bool {
	for _, peer := range peers {
		if peer.IPBlock != nil {
			return true
		}
	}
	return false
}
