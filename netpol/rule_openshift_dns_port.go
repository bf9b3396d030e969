// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol/internal/space"
)

// OpenShiftDNSPort is egress to OpenShift's resolver on port 53, where its pods do
// not listen.
const OpenShiftDNSPort = "netpol/openshift-dns-port"

func openshiftDNSPort(p *bulkhead.Pass) {
	for np := range bulkhead.Each[*networkingv1.NetworkPolicy](p.Objects) {
		for rule := range effectiveRules(np) {
			if rule.direction != networkingv1.PolicyTypeEgress || !slices.ContainsFunc(rule.ports, namesDNSPort) {
				continue
			}
			for i, peer := range rule.peers {
				if isOpenShiftDNS(peer) && !mayReachOpenShiftDNS(np, peer) {
					p.Reportf(np, rule.peersPath().Index(i), "allow UDP and TCP 5353 to it",
						"no name resolves for %s through this peer: the pods of %s listen on %d, which no rule of the policy lets through",
						subjectWords(np), openShiftDNSNamespace, openShiftDNSPort)
				}
			}
		}
	}
}

func namesDNSPort(port networkingv1.NetworkPolicyPort) bool { return names(port, dnsPort) }

// isOpenShiftDNS reports whether a peer is pods of the namespace of OpenShift's
// resolver, by its name.
func isOpenShiftDNS(peer networkingv1.NetworkPolicyPeer) bool {
	namespaces, _ := space.NamespacesOf(peer.NamespaceSelector)
	return homeOf(namespaces) == openShiftDNSNamespace
}

// mayReachOpenShiftDNS reports whether an egress rule may let the port of the
// resolver's pods through to a peer.
func mayReachOpenShiftDNS(np *networkingv1.NetworkPolicy, peer networkingv1.NetworkPolicyPeer) bool {
	for rule := range effectiveRules(np) {
		opens := mayAllow(rule.ports, corev1.ProtocolUDP, openShiftDNSPort) || mayAllow(rule.ports, corev1.ProtocolTCP, openShiftDNSPort)
		if rule.direction == networkingv1.PolicyTypeEgress && opens &&
			mayMeet(np.Namespace, []networkingv1.NetworkPolicyPeer{peer}, rule.peers) {
			return true
		}
	}
	return false
}
