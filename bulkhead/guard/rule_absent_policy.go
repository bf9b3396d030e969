// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/spelling"
)

// AbsentPolicy is a binding of a policy that is not there, while one of its kind has
// no binding.
const AbsentPolicy = "guard/absent-policy"

func absentPolicy(p *bulkhead.Pass) {
	names := map[bool]map[string]bool{false: {}, true: {}} // by whether the policies mutate
	for _, policy := range policiesOf(p.Objects) {
		names[policy.mutates][policy.object.GetName()] = true
	}
	alone, close := make(map[bool]string), map[bool]spelling.Index{false: spelling.NewIndex(), true: spelling.NewIndex()}
	for _, policy := range unboundOf(p.Objects) {
		name := policy.object.GetName()
		if alone[policy.mutates] == "" {
			alone[policy.mutates] = name
		}
		close[policy.mutates].Add(name)
	}
	at := field.NewPath("spec", "policyName")
	for _, b := range bindingsOf(p.Objects) {
		if b.policy == "" || names[b.mutates][b.policy] {
			continue
		}
		meant, ok := close[b.mutates].CloseTo(b.policy)
		switch {
		case ok:
			p.Reportf(b.object, at, "write "+meant, "the binding does nothing: no policy is named %s, and %s has no binding", b.policy, meant)
		case names[!b.mutates][b.policy]:
			p.Reportf(b.object, at, "bind it by the other kind", "the binding does nothing: %s is a policy of the other kind", b.policy)
		case alone[b.mutates] != "":
			p.Reportf(b.object, at, "name a policy that is there", "the binding does nothing: no policy is named %s, while %s has no binding", b.policy, alone[b.mutates])
		}
	}
}
