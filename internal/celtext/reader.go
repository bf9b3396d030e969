// SPDX-License-Identifier: Apache-2.0

package celtext

import "slices"

// A reader goes once through the tokens of an expression.
type reader struct {
	tokens    []token
	variables map[string]Value
	// partner is the other bracket of each bracket, or -1.
	partner []int
	// declared are the variables of macros, by the parenthesis that they are valid in.
	declared map[int][]binding
	// bound are those that are valid at the token that is read, the inner ones last.
	bound map[string][]Value
	// ends are the chains found so far, by their first token: where each ends, and
	// what it stands for.
	ends  map[int]chain
	reads []Value
}

// A binding is a variable of a macro.
type binding struct {
	name  string
	value Value
}

// A chain is a name with all that is selected from it.
type chain struct {
	until int
	value Value // empty if a function is the last of it
}

func (r *reader) closers() {
	r.partner = make([]int, len(r.tokens))
	var open []int
	for i, t := range r.tokens {
		r.partner[i] = -1
		switch {
		case opens(t):
			open = append(open, i)
		case closes(t) && len(open) > 0:
			last := open[len(open)-1]
			open = open[:len(open)-1]
			r.partner[i], r.partner[last] = last, i
		}
	}
}

func (r *reader) run() {
	r.ends = make(map[int]chain)
	r.declared, r.bound = make(map[int][]binding), make(map[string][]Value)
	for i, t := range r.tokens {
		if opens(t) {
			for _, b := range r.declared[i] {
				r.bound[b.name] = append(r.bound[b.name], b.value)
			}
		} else if closes(t) && r.partner[i] >= 0 {
			for _, b := range r.declared[r.partner[i]] {
				r.bound[b.name] = r.bound[b.name][:len(r.bound[b.name])-1]
			}
		}
		switch {
		case r.isRoot(i):
			r.follow(i, i+1, r.rootValue(i), true)
		case r.at(i).is(")") && r.at(i+1).is(".") && r.isGroup(r.partner[i]):
			r.follow(r.partner[i], i+1, r.valueOf(r.partner[i]+1, i), false)
		}
	}
}

func (r *reader) at(i int) token {
	if i < 0 || i >= len(r.tokens) {
		return token{}
	}
	return r.tokens[i]
}

// isRoot reports whether a chain of fields begins at a name: it is not itself
// selected, called, or the name of a type or of a type's field.
func (r *reader) isRoot(i int) bool {
	t := r.at(i)
	if t.kind != name || isWord(t.text) || r.at(i+1).is("(") || r.selected(i) || r.isOptionalOf(i+2) {
		return false
	}
	declared := r.declares(i-1, t.text) || r.at(i+1).is(",") && r.declares(i-3, t.text)
	return !declared && !setsField(r.tokens, i) && !r.isType(i)
}

// declares reports whether a macro whose parenthesis is at open has the variable,
// near which it stands itself.
func (r *reader) declares(open int, variable string) bool {
	return slices.ContainsFunc(r.declared[open], func(b binding) bool { return b.name == variable })
}

// isType reports whether a chain of names ends in a brace, as in Object.spec{}.
func (r *reader) isType(i int) bool {
	for r.at(i).kind == name {
		if r.at(i + 1).is("{") {
			return true
		}
		if !r.at(i + 1).is(".") {
			return false
		}
		i += 2
	}
	return false
}

// selected reports whether the token is selected from what stands before it.
func (r *reader) selected(i int) bool {
	return r.at(i-1).is(".") || r.at(i-1).is("?") && r.at(i-2).is(".")
}

// isGroup reports whether a parenthesis encloses an expression, or the argument of a
// function that changes its type alone.
func (r *reader) isGroup(open int) bool {
	if open < 0 || !r.at(open).is("(") {
		return false
	}
	before := r.at(open - 1)
	return before.kind != name || isWord(before.text) || before.text == "dyn" && !r.selected(open-1) || r.isOptionalOf(open-1)
}

// isOptionalOf reports whether the name at i is that of a function optional.of.
func (r *reader) isOptionalOf(i int) bool {
	return (r.at(i).text == "of" || r.at(i).text == "ofNonZeroValue") && r.at(i+1).is("(") &&
		r.at(i-1).is(".") && r.at(i-2).kind == name && r.at(i-2).text == "optional"
}

func (r *reader) rootValue(i int) Value {
	text := r.at(i).text
	if values := r.bound[text]; len(values) > 0 {
		return values[len(values)-1]
	}
	return Value{{text}}
}

// follow goes along a chain from the token at i and records what it reads.
func (r *reader) follow(start, i int, value Value, record bool) {
	defer func() { r.ends[start] = chain{until: i, value: value} }()
	for {
		read := value
		switch {
		case r.at(i).is("."):
			at := i + 1
			if r.at(at).is("?") {
				at++
			}
			field := r.at(at)
			if field.kind != name {
				i, value = at, nil
				return
			}
			if r.at(at + 1).is("(") {
				if record && len(read) > 0 {
					r.reads = append(r.reads, read)
				}
				record = false
				value = r.call(field.text, at+1, value)
				if i = r.partner[at+1] + 1; i == 0 {
					i, value = len(r.tokens), nil
					return
				}
				continue
			}
			value, i, record = r.selectField(value, Unescaped(field.text)), at+1, true
		case r.at(i).is("["):
			end := r.partner[i]
			if end < 0 {
				return
			}
			key := slices.DeleteFunc(slices.Clone(r.tokens[i+1:min(end, i+4)]), func(t token) bool { return t.is("?") })
			step := Element
			if len(key) == 1 && key[0].kind == quoted && end <= i+3 {
				step = key[0].text
			}
			value, i, record = value.step(step), end+1, true
		default:
			if record && len(read) > 0 {
				r.reads = append(r.reads, read)
			}
			return
		}
	}
}

// selectField goes a step on. What variables.NAME stands for takes its place.
func (r *reader) selectField(value Value, field string) Value {
	if len(value) == 1 && len(value[0]) == 1 && value[0][0] == "variables" {
		if known, ok := r.variables[field]; ok {
			return known
		}
	}
	return value.step(field)
}

// valueOf returns what the tokens of a range stand for: the chains in it that are
// not within brackets, all of which must be known.
func (r *reader) valueOf(from, until int) Value {
	var out Value
	for i := from; i < until; i++ {
		if c, ok := r.ends[i]; ok && c.until <= until {
			if len(c.value) == 0 {
				return nil
			}
			if out = out.or(c.value); out == nil {
				return nil
			}
			i = c.until - 1
			continue
		}
		if !opens(r.at(i)) || r.isGroup(i) {
			continue
		}
		if r.partner[i] < 0 || r.partner[i] >= until {
			return nil
		}
		i = r.partner[i]
	}
	return out
}

// isWord reports whether a name is a word of the language.
func isWord(text string) bool {
	switch text {
	case "in", "true", "false", "null":
		return true
	default:
		return false
	}
}
