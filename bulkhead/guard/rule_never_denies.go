// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/celtext"
)

// NeverDenies is a validation that is always true, or a condition that is never met.
const NeverDenies = "guard/never-denies"

func neverDenies(p *bulkhead.Pass) {
	for _, policy := range policiesOf(p.Objects) {
		for _, e := range policy.judges {
			if value, known := celtext.Constant(e.cel); known && value && !policy.mutates {
				p.Reportf(policy.object, e.at, "say what must hold", "the validation refuses nothing: it is always true")
			}
		}
		for _, e := range policy.conditions {
			if value, known := celtext.Constant(e.cel); known && !value {
				p.Reportf(policy.object, e.at, "say when the policy applies", "the policy applies to nothing: the condition is never true")
			}
		}
	}
}
