// SPDX-License-Identifier: Apache-2.0

package condition

import (
	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"

	"github.com/watertight-go/watertight/bulkhead"
)

// AlwaysHolds is a condition, or an alternative in one, that every request meets.
const AlwaysHolds = "condition/always-holds"

func (g *grant) alwaysHolds() bool {
	root := g.ast.NativeRep().Expr()
	if g.worth.always(root) {
		g.report(AlwaysHolds, bulkhead.Warning, g.expression(), "mend the condition, or remove it", "every request meets the condition, so it limits nothing")
		return true
	}
	celast.PreOrderVisit(root, celast.NewExprVisitor(func(e celast.Expr) {
		if e.Kind() == celast.CallKind && e.AsCall().FunctionName() == operators.LogicalOr && g.worth.always(e) {
			g.report(AlwaysHolds, bulkhead.Warning, g.expression(), "remove the alternative that always holds",
				"a part of the condition has an alternative that every request meets, so the others of it limit nothing")
		}
	}))
	return false
}
