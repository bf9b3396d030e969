// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// EgressNotDenied is an empty egress list in a policy that does not govern egress,
// which reads like a denial and is none.
const EgressNotDenied = "netpol/egress-not-denied"

func egressNotDenied(p *bulkhead.Pass) {
	for np := range bulkhead.Each[*networkingv1.NetworkPolicy](p.Objects) {
		isEmptyList := np.Spec.Egress != nil && len(np.Spec.Egress) == 0
		if !isEmptyList || governs(np, networkingv1.PolicyTypeEgress) || refusedTypes(np) {
			continue
		}
		why := "policyTypes leaves Egress out"
		if len(np.Spec.PolicyTypes) == 0 {
			why = "without policyTypes it governs ingress only"
		}
		p.Reportf(np, specPath().Child("policyTypes"), "add Egress to policyTypes",
			"egress of %s stays open: the empty egress list denies nothing, since %s", subjectWords(np), why)
	}
}
