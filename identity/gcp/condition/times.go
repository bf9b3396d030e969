// SPDX-License-Identifier: Apache-2.0

package condition

import (
	"slices"
	"time"

	"cel.dev/cel-go/cel"
	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/overloads"
	"cel.dev/cel-go/common/types"

	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/gcp"
)

// times is what an expression does with the time of a request.
type times struct {
	// fixed are the times that are written in the expression, in order.
	fixed []time.Time
	// compared is whether the time of the request is only compared with those. Then
	// the expression changes its value at them and nowhere else.
	compared bool
}

// holdsSometime answers for a request that may come at any time from now on.
func (e *Evaluator) holdsSometime(p *program, about gcp.Request) identity.Match {
	if e.now.IsZero() {
		return p.eval(about, time.Time{}).match("")
	}
	never, all := outcome{answer: identity.No}, p.times.compared
	for at := range p.times.after(e.now) {
		out := p.eval(about, at)
		if never.cost += out.cost; never.cost > mostCostInAll {
			all = false
			break
		}
		if out.answer == identity.Yes {
			return out.match(" at " + at.Format(time.RFC3339))
		}
		if out.answer == identity.Unknown {
			never.answer, never.missing = identity.Unknown, append(never.missing, out.missing...)
		}
	}
	if !all {
		never.answer, never.missing = identity.Unknown, append(never.missing, "whether "+requestTime+" is ever what the condition asks")
	}
	slices.Sort(never.missing)
	never.missing = slices.Compact(never.missing)
	return never.match(" from " + e.now.Format(time.RFC3339) + " on")
}

// after yields times from now on. If the time is only compared, there is one of each
// stretch in which the expression has one value; otherwise they are a sample of hours
// and days.
func (t times) after(now time.Time) func(yield func(time.Time) bool) {
	starts := []time.Time{now, now.Add(1)}
	for _, at := range t.fixed {
		if at.After(now) {
			starts = append(starts, at, at.Add(1))
		}
	}
	return func(yield func(time.Time) bool) {
		for _, at := range starts {
			if !yield(at) {
				return
			}
		}
		if t.compared {
			return
		}
		for _, start := range starts[:min(len(starts), mostSampled)] {
			for hour := range hoursSampled {
				if !yield(start.Add(time.Duration(hour) * time.Hour)) {
					return
				}
			}
			for day := range daysSampled {
				if !yield(start.AddDate(0, 0, day)) {
					return
				}
			}
		}
	}
}

// What is sampled: all hours of a week, and all days of a year, from the first times on.
const (
	mostSampled  = 8
	hoursSampled = 7*24 + 1
	daysSampled  = 366
)

// timesIn finds the times in an expression.
func timesIn(ast *cel.Ast) times {
	var out times
	mentions, compared := 0, 0
	celast.PreOrderVisit(ast.NativeRep().Expr(), celast.NewExprVisitor(func(e celast.Expr) {
		if isTime(e) {
			mentions++
		}
		if e.Kind() != celast.CallKind {
			return
		}
		if at, ok := fixedTime(e); ok {
			out.fixed = append(out.fixed, at)
		}
		if args := e.AsCall().Args(); isComparison(e.AsCall().FunctionName()) && len(args) == 2 {
			for i := range args {
				if _, ok := fixedTime(args[1-i]); ok && isTime(args[i]) {
					compared++
				}
			}
		}
	}))
	slices.SortFunc(out.fixed, time.Time.Compare)
	out.fixed = slices.CompactFunc(out.fixed, time.Time.Equal)
	out.compared = mentions == compared
	return out
}

func isTime(e celast.Expr) bool { return e.Kind() == celast.IdentKind && e.AsIdent() == requestTime }

func isComparison(function string) bool {
	switch function {
	case operators.Equals, operators.NotEquals, operators.Less, operators.LessEquals, operators.Greater, operators.GreaterEquals:
		return true
	default:
		return false
	}
}

// fixedTime returns the time that an expression is: timestamp("..."), also with a
// duration("...") added or taken away.
func fixedTime(e celast.Expr) (time.Time, bool) {
	if at, ok := converted(e, overloads.TypeConvertTimestamp, types.TimestampType).(types.Timestamp); ok {
		return at.Time, true
	}
	if e.Kind() != celast.CallKind || len(e.AsCall().Args()) != 2 {
		return time.Time{}, false
	}
	by, ok := converted(e.AsCall().Args()[1], overloads.TypeConvertDuration, types.DurationType).(types.Duration)
	if !ok {
		return time.Time{}, false
	}
	at, ok := fixedTime(e.AsCall().Args()[0])
	switch e.AsCall().FunctionName() {
	case operators.Add:
		return at.Add(by.Duration), ok
	case operators.Subtract:
		return at.Add(-by.Duration), ok
	default:
		return time.Time{}, false
	}
}

// converted returns what a call of a conversion makes of a literal, or nil.
func converted(e celast.Expr, function string, to *types.Type) any {
	if e.Kind() != celast.CallKind {
		return nil
	}
	call := e.AsCall()
	if call.FunctionName() != function || len(call.Args()) != 1 || call.Args()[0].Kind() != celast.LiteralKind {
		return nil
	}
	return call.Args()[0].AsLiteral().ConvertToType(to)
}
