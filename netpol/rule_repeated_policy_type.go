// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"strings"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// RepeatedPolicyType is a policy whose policyTypes name one direction twice and
// the other not at all.
const RepeatedPolicyType = "netpol/repeated-policy-type"

func repeatedPolicyType(p *bulkhead.Pass) {
	for np := range bulkhead.Each[*networkingv1.NetworkPolicy](p.Objects) {
		if !repeatsType(np) || refusedTypes(np) {
			continue
		}
		types := np.Spec.PolicyTypes
		missing := networkingv1.PolicyTypeIngress
		if types[0] == missing {
			missing = networkingv1.PolicyTypeEgress
		}
		p.Reportf(np, specPath().Child("policyTypes").Index(1), "replace the second by "+string(missing)+", or remove it",
			"%s of %s stays as other policies have it: policyTypes names %s twice", strings.ToLower(string(missing)), subjectWords(np), types[0])
	}
}

// repeatsType reports whether policyTypes name one direction twice. Of the lists
// for the other one [RepeatedPolicyType] speaks alone.
func repeatsType(np *networkingv1.NetworkPolicy) bool {
	types := np.Spec.PolicyTypes
	return len(types) == 2 && types[0] == types[1]
}
