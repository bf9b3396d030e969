// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// AllowAll is a policy that selects every pod of its namespace and allows
// everything in a direction.
const AllowAll = "netpol/allow-all"

func allowAll(p *bulkhead.Pass) {
	for np := range bulkhead.Each[*networkingv1.NetworkPolicy](p.Objects) {
		for rule := range effectiveRules(np) {
			if allowsAll(np, rule) {
				p.Reportf(np, rule.path, "remove the rule or list the peers that are needed",
					"%s %s, on %s, and no other policy can take that back",
					subjectWords(np), wayWords(rule.direction), portWords(rule.ports))
			}
		}
	}
}

// allowsAll reports whether a rule undoes every denial of its direction in the
// namespace. [OpenToWorld] and [EgressToWorld] leave such a rule to [AllowAll].
func allowsAll(np *networkingv1.NetworkPolicy, rule trafficRule) bool {
	return everyPod(&np.Spec.PodSelector) && len(rule.peers) == 0 && opensEveryPort(rule.ports)
}

func wayWords(direction networkingv1.PolicyType) string {
	if direction == networkingv1.PolicyTypeIngress {
		return "accepts connections from every source"
	}
	return "may open connections to everything"
}
