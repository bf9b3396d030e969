// SPDX-License-Identifier: Apache-2.0

package celtext

// An Expression is what was read from a text.
type Expression struct {
	// Reads lists the values that the expression looks at, in the order of the text.
	// Each is a chain of fields from a name that the expression does not declare
	// itself, or one of some chains.
	Reads []Value
	// Value is what the whole expression stands for, where it stands for a field.
	Value Value

	tokens []token
}

// Read reads a text. Variables are what variables.NAME stands for; one that is not
// among them is read as a field like any other.
func Read(text string, variables map[string]Value) Expression {
	r := &reader{tokens: tokens(text), variables: variables}
	r.closers()
	r.run()
	return Expression{Reads: r.reads, Value: r.valueOf(0, len(r.tokens)), tokens: r.tokens}
}

// Mentions reports whether the expression has the name anywhere outside strings and
// comments, or a string that is the name, as in object[?"name"].
func (e Expression) Mentions(text string) bool {
	for _, t := range e.tokens {
		if (t.kind == name || t.kind == quoted) && Unescaped(t.text) == text {
			return true
		}
	}
	return false
}

// Constant returns the value of an expression that is plainly true or false: the
// word, in parentheses or not, or an alternative with the word true, or a condition
// with the word false.
func Constant(text string) (value, known bool) { return constant(tokens(text), 0) }

// nested bounds how deep in parentheses a constant is looked for, since each level
// costs a look at all that is in it.
const nested = 16

func constant(ts []token, depth int) (value, known bool) {
	switch {
	case depth > nested:
		return false, false
	case len(ts) > 2 && ts[0].is("(") && enclosed(ts):
		return constant(ts[1:len(ts)-1], depth+1)
	case len(ts) == 1 && ts[0].kind == name && (ts[0].text == "true" || ts[0].text == "false"):
		return ts[0].text == "true", true
	case len(split(ts, "?")) > 1:
		return false, false
	}
	// Alternatives bind less than conditions.
	for _, by := range []string{"||", "&&"} {
		parts := split(ts, by)
		if len(parts) == 1 {
			continue
		}
		decides, all := by == "||", true
		for _, part := range parts {
			v, ok := constant(part, depth+1)
			if ok && v == decides {
				return v, true
			}
			all = all && ok
		}
		return !decides, all
	}
	return false, false
}

// enclosed reports whether the first token is closed by the last.
func enclosed(ts []token) bool {
	depth := 0
	for i, t := range ts {
		depth += turn(t)
		if depth == 0 {
			return i == len(ts)-1
		}
	}
	return false
}

// split cuts tokens at a symbol outside brackets.
func split(ts []token, by string) [][]token {
	var out [][]token
	depth, from := 0, 0
	for i, t := range ts {
		depth += turn(t)
		optional := by == "?" && i > 0 && ts[i-1].is(".") // a selection, not a choice
		if depth == 0 && t.is(by) && !optional {
			out = append(out, ts[from:i])
			from = i + 1
		}
	}
	return append(out, ts[from:])
}

// turn is how a token changes the depth of brackets.
func turn(t token) int {
	switch {
	case opens(t):
		return 1
	case closes(t):
		return -1
	default:
		return 0
	}
}

func opens(t token) bool { return t.is("(") || t.is("[") || t.is("{") }

func closes(t token) bool { return t.is(")") || t.is("]") || t.is("}") }
