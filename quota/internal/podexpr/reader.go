// SPDX-License-Identifier: Apache-2.0

package podexpr

import (
	"slices"
	"strconv"
)

// maxDepth is how deep an expression may nest before it counts as not understood.
const maxDepth = 100

// A reader works out an expression while it reads it.
type reader struct {
	env    Env
	tokens []token
	local  []binding // variables of macros, innermost last
	depth  int
	failed bool
}

type binding struct {
	name string
	value
}

func (r *reader) fail() value {
	r.failed, r.tokens = true, nil
	return value{}
}

func (r *reader) next() token {
	if len(r.tokens) == 0 {
		r.fail()
		return token{}
	}
	t := r.tokens[0]
	r.tokens = r.tokens[1:]
	return t
}

// take takes a sign, if it is the next token.
func (r *reader) take(signs ...string) (string, bool) {
	if len(r.tokens) == 0 || r.tokens[0].kind != 's' || !slices.Contains(signs, r.tokens[0].text) {
		return "", false
	}
	return r.next().text, true
}

func (r *reader) want(sign string) {
	if _, ok := r.take(sign); !ok {
		r.fail()
	}
}

func (r *reader) or() value {
	r.depth++
	defer func() { r.depth-- }()
	if r.depth > maxDepth {
		return r.fail()
	}
	v := r.and()
	for {
		if _, ok := r.take("||"); !ok {
			return v
		}
		v = v.or(r.and())
	}
}

func (r *reader) and() value {
	v := r.relation()
	for {
		if _, ok := r.take("&&"); !ok {
			return v
		}
		v = v.and(r.relation())
	}
}

// relation reads a comparison. Of a chain of them, which CEL has, nothing is known.
func (r *reader) relation() value {
	v := r.unary()
	for n := 0; ; n++ {
		op, ok := r.take("==", "!=", "<", "<=", ">", ">=")
		if !ok && len(r.tokens) > 0 && r.tokens[0] == (token{'n', "in"}) {
			op, ok = r.next().text, true
		}
		if !ok {
			return v
		}
		v = compare(op, v, r.unary())
		if n > 0 {
			v = value{}
		}
	}
}

// unary reads an operand with the signs before it.
func (r *reader) unary() value {
	negated, signed := false, false
	for {
		if _, ok := r.take("!"); !ok {
			break
		}
		negated, signed = !negated, true
	}
	v := r.operand()
	if signed && v.kind != truth {
		return value{}
	}
	if negated {
		return v.not()
	}
	return v
}

func (r *reader) operand() value {
	if _, ok := r.take("-"); !ok {
		return r.selections(r.primary())
	}
	t := r.next()
	n, err := strconv.ParseInt(t.text, 10, 64)
	if t.kind != '0' || err != nil {
		return r.fail()
	}
	return value{kind: number, num: -n}
}
