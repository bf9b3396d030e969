// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol/internal/space"
)

// AllowAll is a policy that selects every pod of its namespace and allows
// everything in a direction, beside another that isolates pods in it.
const AllowAll = "netpol/allow-all"

func allowAll(p *bulkhead.Pass) {
	isolated := isolationOf(p.Objects)
	for np := range bulkhead.Each[*networkingv1.NetworkPolicy](p.Objects) {
		for rule := range effectiveRules(np) {
			if undoesDenial(isolated, np, rule) {
				p.Reportf(np, rule.path, "remove the rule or list the peers that are needed",
					"%s %s, on %s, whatever the policies beside it deny: no other NetworkPolicy can take that back",
					subjectWords(np), wayWords(rule.direction), portWords(rule.ports))
			}
		}
	}
}

// undoesDenial reports whether a rule undoes what other policies of the namespace
// deny. [OpenToWorld] and [EgressToWorld] leave such a rule to [AllowAll].
func undoesDenial(isolated isolation, np *networkingv1.NetworkPolicy, rule trafficRule) bool {
	return allowsAll(np, rule) && isolated.denies(np.Namespace, rule.direction)
}

// allowsAll reports whether a rule allows everything in its direction to every pod
// of the namespace.
func allowsAll(np *networkingv1.NetworkPolicy, rule trafficRule) bool {
	return everyPod(&np.Spec.PodSelector) && len(rule.peers) == 0 && opensEveryPort(rule.ports)
}

// allowsEverything reports whether a rule of a policy does so in a direction.
func allowsEverything(np *networkingv1.NetworkPolicy, direction networkingv1.PolicyType) bool {
	for rule := range effectiveRules(np) {
		if rule.direction == direction && allowsAll(np, rule) {
			return true
		}
	}
	return false
}

// opensEveryPort reports whether ports let every TCP and every UDP port through:
// by having no entry, or entries that make up both. What is left out then, SCTP and
// protocols without ports, is next to nothing.
func opensEveryPort(ports []networkingv1.NetworkPolicyPort) bool {
	all := space.AllNumbers(corev1.ProtocolTCP).Union(space.AllNumbers(corev1.ProtocolUDP))
	return space.PortsOf(ports).Covers(all)
}

func wayWords(direction networkingv1.PolicyType) string {
	if direction == networkingv1.PolicyTypeIngress {
		return "accepts connections from every source"
	}
	return "may open connections to everything"
}
