// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// EgressNotDenied is an empty egress list in a policy without policyTypes, which
// reads like a denial and is none, where no other policy isolates the pods.
const EgressNotDenied = "netpol/egress-not-denied"

func egressNotDenied(p *bulkhead.Pass) {
	isolated := isolationOf(p.Objects)
	for np := range bulkhead.Each[*networkingv1.NetworkPolicy](p.Objects) {
		if leavesEgressOpen(isolated, np) {
			p.Reportf(np, specPath().Child("policyTypes"), "add Egress to policyTypes",
				"egress of %s stays open unless another policy isolates it, and none here does: without policyTypes the policy governs ingress only, so the empty egress list denies nothing",
				subjectWords(np))
		}
	}
}

// leavesEgressOpen reports whether a policy without policyTypes lists no egress
// rule, and nothing else denies egress to its pods. [RulesWithoutEffect] leaves
// such a list to [EgressNotDenied].
func leavesEgressOpen(isolated isolation, np *networkingv1.NetworkPolicy) bool {
	return len(np.Spec.PolicyTypes) == 0 && np.Spec.Egress != nil && len(np.Spec.Egress) == 0 &&
		!isolated.holds(np, networkingv1.PolicyTypeEgress)
}
