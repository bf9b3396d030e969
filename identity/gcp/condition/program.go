// SPDX-License-Identifier: Apache-2.0

package condition

import (
	"fmt"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/gcp"
)

// What an expression may have and cost. IAM takes twelve logical operators at most
// (IAM documentation, "Quotas and limits"), which need far less.
const (
	mostCharacters = 8 << 10
	mostCost       = 100_000   // of one evaluation; about 10 ms
	mostCostInAll  = 1_000_000 // of one question
)

const missingTime = "the value of " + requestTime

// A program is an expression that can be evaluated, or what is wrong with it.
type program struct {
	cel   cel.Program
	paths map[int64]string // the attributes in it, by the ID of their first identifier
	times times
	wrong string // what is missing if nothing can be evaluated
}

func compile(env *cel.Env, expression string) *program {
	ast, wrong := parse(env, expression)
	if wrong != "" {
		return &program{wrong: wrong}
	}
	p, err := env.Program(ast, cel.EvalOptions(cel.OptPartialEval), cel.CostLimit(mostCost))
	if err != nil {
		return &program{wrong: doesNotCompile(err.Error())}
	}
	return &program{cel: p, paths: pathsIn(ast), times: timesIn(ast)}
}

// parse returns a checked expression, or why there is none.
func parse(env *cel.Env, expression string) (ast *cel.Ast, wrong string) {
	if len(expression) > mostCharacters {
		return nil, fmt.Sprintf("what IAM makes of the condition, which is longer than the %d characters that are read here", mostCharacters)
	}
	ast, issues := env.Compile(expression)
	if issues.Err() != nil {
		first := issues.Errors()[0]
		return nil, doesNotCompile(fmt.Sprintf("%d:%d: %s", first.Location.Line(), first.Location.Column()+1, first.Message))
	}
	if result := ast.OutputType(); result != cel.BoolType && result != cel.DynType {
		return nil, "what IAM makes of the condition, which is no bool: it gives a " + result.String()
	}
	return ast, ""
}

func doesNotCompile(why string) string {
	return "what IAM makes of the condition, which does not compile here: " + shortened(why)
}

// An outcome is what one evaluation gave.
type outcome struct {
	answer  identity.Answer
	missing []string
	cost    uint64
}

// eval evaluates with what is known of a request. Its time is at, or unknown if that
// is zero.
func (p *program) eval(about gcp.Request, at time.Time) outcome {
	vars, err := activation(about, at)
	if err != nil {
		return outcome{missing: []string{fails(err)}}
	}
	value, details, err := p.cel.Eval(vars)
	if err != nil {
		return outcome{missing: []string{fails(err)}, cost: mostCost}
	}
	out := p.outcomeOf(value)
	if cost := details.ActualCost(); cost != nil {
		out.cost = *cost
	}
	return out
}

func (p *program) outcomeOf(value ref.Val) outcome {
	switch value := value.(type) {
	case types.Bool:
		if value {
			return outcome{answer: identity.Yes}
		}
		return outcome{answer: identity.No}
	case *types.Unknown:
		return outcome{missing: p.names(value)}
	default:
		return outcome{missing: []string{"what IAM makes of the condition, which is no bool for this request"}}
	}
}

func fails(err error) string {
	return "what IAM makes of the condition, which fails for this request: " + shortened(err.Error())
}

// activation gives the attributes that are known, and says of all others that they are
// not.
func activation(about gcp.Request, at time.Time) (cel.PartialActivation, error) {
	known := make(map[string]any, 4)
	var unknown []*cel.AttributePatternType
	for _, name := range others() {
		unknown = append(unknown, cel.AttributePattern(name))
	}
	for _, attribute := range []struct {
		name  string
		known bool
		value any
	}{
		{resourceName, about.ResourceName != "", about.ResourceName},
		{resourceType, about.ResourceType != "", about.ResourceType},
		{resourceService, about.ResourceService != "", about.ResourceService},
		{requestTime, !at.IsZero(), at},
	} {
		if attribute.known {
			known[attribute.name] = attribute.value
		} else {
			unknown = append(unknown, cel.AttributePattern(attribute.name))
		}
	}
	return cel.PartialVars(known, unknown...)
}

// shortened keeps what an expression says from filling a report.
func shortened(text string) string {
	const most = 200
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return string(runes[:most]) + "..."
}
