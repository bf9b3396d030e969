// SPDX-License-Identifier: Apache-2.0

package condition

import (
	"fmt"
	"slices"

	"cel.dev/cel-go/cel"
	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
)

// names says which attributes made a value unknown.
func (p *program) names(value *types.Unknown) []string {
	var out []string
	for _, id := range value.IDs() {
		trails, _ := value.GetAttributeTrails(id)
		for _, trail := range trails {
			name := trail.String()
			if path, ok := p.paths[id]; ok {
				name = path
			}
			out = append(out, "the value of "+shortened(name))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// pathsIn returns the attributes of an expression, such as request.auth.claims, by the
// IDs of the expressions that they are made of. An unknown value carries one of these,
// and of the attribute the first identifier alone.
func pathsIn(ast *cel.Ast) map[int64]string {
	paths := make(map[int64]string)
	celast.PreOrderVisit(ast.NativeRep().Expr(), celast.NewExprVisitor(func(e celast.Expr) {
		if _, inner := paths[e.ID()]; inner {
			return
		}
		if path, ids, ok := pathOf(e); ok {
			for _, id := range ids {
				paths[id] = path
			}
		}
	}))
	return paths
}

// pathOf reads an attribute: an identifier, and fields and keys behind it.
func pathOf(e celast.Expr) (path string, ids []int64, ok bool) {
	behind := ""
	switch e.Kind() {
	case celast.IdentKind:
		return e.AsIdent(), []int64{e.ID()}, true
	case celast.SelectKind:
		behind = "." + e.AsSelect().FieldName()
		path, ids, ok = pathOf(e.AsSelect().Operand())
	case celast.CallKind:
		call := e.AsCall()
		if call.FunctionName() != operators.Index || call.Args()[1].Kind() != celast.LiteralKind {
			return "", nil, false
		}
		behind = fmt.Sprintf("[%q]", fmt.Sprint(call.Args()[1].AsLiteral().Value()))
		path, ids, ok = pathOf(call.Args()[0])
	default:
	}
	return path + behind, append(ids, e.ID()), ok
}
