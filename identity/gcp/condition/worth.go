// SPDX-License-Identifier: Apache-2.0

package condition

import (
	"time"

	"cel.dev/cel-go/cel"
	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/interpreter"

	"github.com/watertight-go/watertight/identity/gcp"
)

// worth is what the parts of an expression are worth if nothing is known of the request.
type worth struct{ state interpreter.EvalState }

// worthOf evaluates all parts of an expression. It knows nothing of one that cannot be
// evaluated.
func (e *Evaluator) worthOf(ast *cel.Ast) worth {
	vars, err := activation(gcp.Request{}, time.Time{})
	if err != nil {
		return worth{}
	}
	p, err := e.env.Program(ast, cel.EvalOptions(cel.OptPartialEval|cel.OptExhaustiveEval|cel.OptTrackState), cel.CostLimit(mostCost))
	if err != nil {
		return worth{}
	}
	if _, details, err := p.Eval(vars); err == nil {
		return worth{details.State()}
	}
	return worth{}
}

// always reports whether a part is true for every request.
func (w worth) always(part celast.Expr) bool {
	if part.Kind() == celast.LiteralKind {
		return part.AsLiteral() == types.True
	}
	if w.state == nil {
		return false
	}
	value, known := w.state.Value(part.ID())
	return known && value == types.True
}
