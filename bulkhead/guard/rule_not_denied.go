// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"slices"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// NotDenied is a binding by which a request that the policy refuses is let in.
const NotDenied = "guard/not-denied"

func notDenied(p *bulkhead.Pass) {
	denies := make(map[string]bool)
	for _, b := range bindingsOf(p.Objects) {
		denies[b.policy] = denies[b.policy] || slices.Contains(b.actions, admissionregistrationv1.Deny)
	}
	for _, policy := range policiesOf(p.Objects) {
		if !policy.mutates && len(policy.judges) == 0 { // it only writes to the audit log
			denies[policy.object.GetName()] = true
		}
	}
	for _, b := range bindingsOf(p.Objects) {
		if b.mutates || len(b.actions) == 0 || denies[b.policy] {
			continue
		}
		p.Reportf(b.object, field.NewPath("spec", "validationActions"), "add Deny in place of Warn",
			"a request that %s refuses is let in: no binding of it denies", b.policy)
	}
}
