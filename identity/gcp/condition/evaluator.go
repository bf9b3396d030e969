// SPDX-License-Identifier: Apache-2.0

package condition

import (
	"slices"
	"sync"
	"time"

	"cel.dev/cel-go/cel"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/gcp"
)

// An Evaluator decides conditions. It may be used by several goroutines at once, and
// keeps the expressions that it has compiled.
type Evaluator struct {
	now time.Time
	env *cel.Env

	mu       sync.Mutex
	programs map[string]*program
	size     int // of the expressions in programs, in bytes
}

// mostCached is how many bytes of expressions an Evaluator keeps compiled, so that
// hostile policies cannot fill the memory.
const mostCached = 1 << 20

var _ gcp.Conditions = (*Evaluator)(nil)

// New returns an Evaluator for requests that are made at now or later. If now is the
// zero time, requests without a time of their own may come at any time, and conditions
// that depend on it are Unknown.
func New(now time.Time) *Evaluator {
	return &Evaluator{now: now, env: bulkhead.Must(cel.NewEnv(vocabulary()...)), programs: make(map[string]*program)}
}

// Holds says whether an expression may hold for a request: Yes if it holds whatever
// is not known, No if it does not whatever is not known. For a request without a time
// it is Yes if there is a time from now on at which it holds, and No if there is none.
// Unknown names the attributes that are missing, or what is wrong with the expression.
func (e *Evaluator) Holds(expression string, about gcp.Request) identity.Match {
	p := e.program(expression)
	if p.wrong != "" {
		return identity.Match{Missing: []string{p.wrong}}
	}
	first := p.eval(about, about.Time)
	if !about.Time.IsZero() || first.answer != identity.Unknown || !slices.Contains(first.missing, missingTime) {
		return first.match("")
	}
	return e.holdsSometime(p, about)
}

// program returns the expression compiled.
func (e *Evaluator) program(expression string) *program {
	e.mu.Lock()
	p := e.programs[expression]
	e.mu.Unlock()
	if p != nil {
		return p
	}
	p = compile(e.env, expression)
	if len(expression) > mostCharacters {
		return p // as cheap again as it was now
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if kept := e.programs[expression]; kept != nil {
		return kept // another goroutine was faster
	}
	if e.size += len(expression); e.size > mostCached {
		clear(e.programs)
		e.size = len(expression)
	}
	e.programs[expression] = p
	return p
}

func (o outcome) match(when string) identity.Match {
	switch o.answer {
	case identity.Yes:
		return identity.Match{Answer: identity.Yes, Why: "the condition holds" + when}
	case identity.No:
		return identity.Match{Answer: identity.No, Why: "the condition does not hold" + when}
	default:
		return identity.Match{Missing: o.missing}
	}
}
