// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// RulesWithoutEffect is a list of rules for a direction that policyTypes leaves
// out.
const RulesWithoutEffect = "netpol/rules-without-effect"

func rulesWithoutEffect(p *bulkhead.Pass) {
	isolated := isolationOf(p.Objects)
	for np := range bulkhead.Each[*networkingv1.NetworkPolicy](p.Objects) {
		if refusedTypes(np) || repeatsType(np) {
			continue
		}
		if np.Spec.Ingress != nil && !governs(np, networkingv1.PolicyTypeIngress) {
			p.Reportf(np, specPath().Child("ingress"), "add Ingress to policyTypes or remove the list",
				"ingress of %s stays as other policies have it: policyTypes leaves Ingress out, so the list has no effect", subjectWords(np))
		}
		if np.Spec.Egress == nil || governs(np, networkingv1.PolicyTypeEgress) || leavesEgressOpen(isolated, np) {
			continue
		}
		why := "policyTypes leaves Egress out"
		if len(np.Spec.PolicyTypes) == 0 {
			why = "without policyTypes an empty list means nothing"
		}
		p.Reportf(np, specPath().Child("egress"), "add Egress to policyTypes or remove the list",
			"egress of %s stays as other policies have it: %s, so the list has no effect", subjectWords(np), why)
	}
}
