// SPDX-License-Identifier: Apache-2.0

package podexpr

import (
	"slices"
	"strconv"
)

// primary reads a literal, a list, a name, a call of a function, or what stands in
// parentheses.
func (r *reader) primary() value {
	switch t := r.next(); {
	case t.kind == '"':
		return value{kind: text, text: t.text}
	case t.kind == '0':
		n, err := strconv.ParseInt(t.text, 10, 64)
		if err != nil {
			return r.fail()
		}
		return value{kind: number, num: n}
	case t == token{'s', "("}:
		v := r.or()
		r.want(")")
		return v
	case t == token{'s', "["}:
		return listOf(r.arguments("]"))
	case t.kind == 'n':
		return r.name(t.text)
	default:
		return r.fail()
	}
}

// arguments reads what is listed up to a closing sign.
func (r *reader) arguments(closing string) []value {
	var out []value
	for !r.failed {
		if _, ok := r.take(closing); ok {
			return out
		}
		if len(out) > 0 {
			r.want(",")
		}
		out = append(out, r.or())
	}
	return nil
}

func (r *reader) name(name string) value {
	if _, call := r.take("("); call {
		return r.call(name)
	}
	for _, local := range slices.Backward(r.local) {
		if local.name == name {
			return local.value
		}
	}
	switch name {
	case "true", "false":
		return boolean(name == "true")
	case "variables":
		return value{kind: node, text: name}
	}
	v, _ := r.env.field(name)
	return v
}

// call reads the call of a function whose parenthesis is open. Has asks for a field;
// dyn changes no value.
func (r *reader) call(name string) value {
	if name == "has" {
		v := r.has()
		r.want(")")
		return v
	}
	args := r.arguments(")")
	if name == "dyn" && len(args) == 1 {
		return args[0]
	}
	return value{}
}

// has reads the argument of the macro, which is a chain of fields.
func (r *reader) has() value {
	t := r.next()
	if t.kind != 'n' {
		return r.fail()
	}
	v := r.name(t.text)
	for {
		if _, ok := r.take("."); !ok {
			return value{}
		}
		field := r.next()
		if field.kind != 'n' {
			return r.fail()
		}
		if len(r.tokens) > 0 && r.tokens[0] == (token{'s', ")"}) {
			return r.asked(v, field.text)
		}
		v, _ = r.selected(v, field.text)
	}
}

// asked says whether a value has a field. A string that is empty counts as none.
func (r *reader) asked(v value, field string) value {
	got, ok := r.selected(v, field)
	switch {
	case !ok:
		return boolean(false)
	case got.kind == text || got.kind == number:
		return boolean(true)
	default:
		return value{}
	}
}

// selected returns a field of a value; ok is false where it is known to have none.
func (r *reader) selected(v value, field string) (value, bool) {
	if v.kind != node {
		return value{}, true
	}
	if v.text == "variables" {
		return r.env.variables[field], true
	}
	return r.env.field(v.text + "." + field)
}
