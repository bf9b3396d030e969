// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"slices"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/internal/celtext"
)

// An expression is what was read from a text, with its place.
type expression struct {
	celtext.Expression

	at *field.Path
}

// Expressions are those of a policy, by their part in it.
type expressions struct {
	conditions, deciding, others []expression
}

// read reads the expressions of a policy, which takes its time.
func (p policy) read() expressions {
	var out expressions
	known := make(map[string]celtext.Value)
	for i, v := range p.variables { // each sees those before it
		read := celtext.Read(v.Expression, known)
		known[v.Name] = read.Value
		out.deciding = append(out.deciding, expression{read, field.NewPath("spec", "variables").Index(i).Child("expression")})
	}
	readAll := func(texts []text, variables map[string]celtext.Value) []expression {
		var read []expression
		for _, t := range texts {
			read = append(read, expression{celtext.Read(t.cel, variables), t.at})
		}
		return read
	}
	out.conditions = readAll(p.conditions, nil) // which see no variables
	out.deciding = append(out.deciding, readAll(p.judges, known)...)
	out.others = readAll(p.others, known)
	return out
}

// deciding returns the expressions that what becomes of a matched request rests on.
func (p policy) deciding() []expression {
	p.conditions, p.others = nil, nil
	return p.read().deciding
}

// readConditions returns the match conditions.
func (p policy) readConditions() []expression {
	return policy{conditions: p.conditions}.read().conditions
}

// all returns every expression of the policy.
func (p policy) all() []expression {
	read := p.read()
	return slices.Concat(read.conditions, read.deciding, read.others)
}
