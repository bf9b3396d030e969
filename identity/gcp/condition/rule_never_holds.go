// SPDX-License-Identifier: Apache-2.0

package condition

import (
	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/gcp"
)

// NeverHolds is a condition that no request from now on meets, most often because it
// has expired.
const NeverHolds = "condition/never-holds"

func (g *grant) neverHolds() bool {
	match := g.evaluator.Holds(g.Condition.Expression, gcp.Request{})
	if match.Answer != identity.No {
		return false
	}
	g.report(NeverHolds, bulkhead.Warning, g.expression(), "remove the binding, or mend the condition",
		"the binding grants nothing: %s", match.Why)
	return true
}
