// SPDX-License-Identifier: Apache-2.0

package condition

import (
	"fmt"
	"iter"

	"cel.dev/cel-go/cel"
	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/overloads"
	"cel.dev/cel-go/common/types"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/gcp"
)

// Lint returns what is wrong with the conditions of an allow policy, sorted. Of names
// the policy in the findings, whose fields are as in bindings[2].condition.expression.
//
// It judges conditions that somebody wrote, and proves nothing: another policy above
// or below may grant what this one takes care not to.
func (e *Evaluator) Lint(of bulkhead.Ref, policy gcp.Policy) bulkhead.Findings {
	grants := make([]*grant, len(policy.Bindings))
	for i, binding := range policy.Bindings {
		grants[i] = e.grant(binding, field.NewPath("bindings").Index(i), of)
	}
	always := unlimited(grants)
	var findings bulkhead.Findings
	for _, g := range grants {
		g.judge(always)
		findings = append(findings, g.findings...)
	}
	return findings.Sorted()
}

// A grant is a binding that is judged.
type grant struct {
	gcp.Binding
	evaluator *Evaluator
	ast       *cel.Ast // of its condition; nil if it has none that can be read
	wrong     string   // why it cannot be read
	worth     worth    // of the parts of its condition, whatever the request
	at        *field.Path
	of        bulkhead.Ref
	findings  bulkhead.Findings
}

func (e *Evaluator) grant(binding gcp.Binding, at *field.Path, of bulkhead.Ref) *grant {
	g := &grant{Binding: binding, evaluator: e, at: at, of: of}
	if binding.Condition != nil {
		if g.ast, g.wrong = parse(e.env, binding.Condition.Expression); g.wrong == "" {
			g.worth = e.worthOf(g.ast)
		}
	}
	return g
}

func (g *grant) judge(always map[given]*grant) {
	g.hidden()
	if g.Condition == nil {
		return
	}
	g.refused()
	g.decorative(always)
	if g.wrong != "" {
		g.invalid()
		return
	}
	g.neverMatches()
	g.openEnded()
	if !g.neverHolds() && !g.alwaysHolds() {
		g.opensTheRest()
	}
}

func (g *grant) condition() *field.Path  { return g.at.Child("condition") }
func (g *grant) expression() *field.Path { return g.condition().Child("expression") }

func (g *grant) report(rule string, severity bulkhead.Severity, at *field.Path, fix, format string, args ...any) {
	g.findings = append(g.findings, bulkhead.Finding{
		Rule: rule, Severity: severity, Object: g.of, Field: at.String(), Message: fmt.Sprintf(format, args...), Fix: fix,
	})
}

// A comparison is one of the resource's name with a text, by a function such as
// startsWith.
type comparison struct{ function, text string }

// comparisons yields what the name of the resource is compared with.
func comparisons(ast *cel.Ast) iter.Seq[comparison] {
	return func(yield func(comparison) bool) {
		more := true
		celast.PreOrderVisit(ast.NativeRep().Expr(), celast.NewExprVisitor(func(e celast.Expr) {
			if !more || e.Kind() != celast.CallKind {
				return
			}
			for _, c := range comparisonsOf(e.AsCall()) {
				more = more && yield(c)
			}
		}))
	}
}

func comparisonsOf(call celast.CallExpr) []comparison {
	operands := call.Args()
	if call.IsMemberFunction() {
		operands = append([]celast.Expr{call.Target()}, operands...)
	}
	if len(operands) != 2 {
		return nil
	}
	a, b := operands[0], operands[1]
	switch function := call.FunctionName(); function {
	case operators.Equals:
		if isName(b) {
			a, b = b, a
		}
		return compared(function, a, b)
	case overloads.StartsWith, overloads.EndsWith, overloads.Contains, overloads.Matches:
		return compared(function, a, b)
	case operators.In:
		var out []comparison
		if b.Kind() == celast.ListKind {
			for _, element := range b.AsList().Elements() {
				out = append(out, compared(operators.Equals, a, element)...)
			}
		}
		return out
	default:
		return nil
	}
}

func compared(function string, name, text celast.Expr) []comparison {
	if !isName(name) || text.Kind() != celast.LiteralKind {
		return nil
	}
	literal, ok := text.AsLiteral().(types.String)
	if !ok {
		return nil
	}
	return []comparison{{function, string(literal)}}
}

func isName(e celast.Expr) bool { return e.Kind() == celast.IdentKind && e.AsIdent() == resourceName }
