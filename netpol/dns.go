// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/internal/workload"
)

// allowsDNS reports whether an egress rule of the policy may lead to a resolver.
func (n neighbours) allowsDNS(np *networkingv1.NetworkPolicy) bool {
	return slices.ContainsFunc(np.Spec.Egress, func(rule networkingv1.NetworkPolicyEgressRule) bool {
		return opensDNSPort(rule.Ports) && n.mayResolve(np.Namespace, rule.To)
	})
}

// opensDNSPort reports whether ports let a query out over UDP, which is what
// resolvers of the C library and of Go try first. A port name counts: the pods of
// the resolver may declare it. TCP 53 counts where it is named: another rule says
// what that is short of.
func opensDNSPort(ports []networkingv1.NetworkPolicyPort) bool {
	meant := slices.ContainsFunc(ports, func(port networkingv1.NetworkPolicyPort) bool {
		return port.Port != nil && (port.Port.Type == intstr.String && protocolOf(port) == corev1.ProtocolUDP ||
			*port.Port == intstr.FromInt32(dnsPort))
	})
	return meant || allows(ports, corev1.ProtocolUDP, dnsPort) || allows(ports, corev1.ProtocolUDP, openShiftDNSPort)
}

// mayResolve reports whether a resolver may be among peers: anything outside the
// policy's namespace, and that itself if it holds one.
func (n neighbours) mayResolve(namespace string, peers []networkingv1.NetworkPolicyPeer) bool {
	outside := func(peer networkingv1.NetworkPolicyPeer) bool {
		return peer.NamespaceSelector != nil || peer.IPBlock != nil
	}
	return len(peers) == 0 || slices.ContainsFunc(peers, outside) || n.mayHoldResolver(namespace)
}

func (n neighbours) mayHoldResolver(namespace string) bool {
	return slices.Contains([]string{"", "kube-system", openShiftDNSNamespace}, namespace) ||
		slices.ContainsFunc(n.services[namespace], servesDNS)
}

func servesDNS(service *corev1.Service) bool {
	return slices.ContainsFunc(service.Spec.Ports, func(port corev1.ServicePort) bool { return port.Port == dnsPort })
}

// acceptedByCluster reports whether a ClusterNetworkPolicy that may select the
// pods of w accepts some of their egress ahead of every NetworkPolicy.
func (n neighbours) acceptedByCluster(w workload.Workload) bool {
	return n.decidedByCluster(w, decision{direction: networkingv1.PolicyTypeEgress, action: policyv1alpha2.ClusterNetworkPolicyRuleActionAccept})
}
