// SPDX-License-Identifier: Apache-2.0

package podexpr

// selections reads the fields, indexes and methods that follow a value.
func (r *reader) selections(v value) value {
	for !r.failed {
		switch sign, _ := r.take(".", "["); sign {
		case ".":
			v = r.selection(v)
		case "[":
			r.take("?")
			r.or()
			r.want("]")
			v = value{}
		default:
			return v
		}
	}
	return value{}
}

func (r *reader) selection(v value) value {
	_, optional := r.take("?")
	t := r.next()
	if t.kind != 'n' {
		return r.fail()
	}
	if _, call := r.take("("); call {
		if optional {
			return r.fail()
		}
		return r.method(v, t.text)
	}
	switch v.kind { // fields of an optional are optional too
	case absent:
		return v
	case present:
		v, optional = v.items[0], true
	default:
	}
	got, ok := r.selected(v, t.text)
	switch {
	case !optional && !ok:
		return value{} // an error
	case !optional || got.kind == unknown:
		return got
	case !ok:
		return value{kind: absent}
	default:
		return value{kind: present, items: []value{got}}
	}
}

// method reads the call of a method whose parenthesis is open.
func (r *reader) method(v value, name string) value {
	switch name {
	case "orValue":
		args := r.arguments(")")
		switch {
		case len(args) == 1 && v.kind == present:
			return v.items[0]
		case len(args) == 1 && v.kind == absent:
			return args[0]
		}
	case "hasValue":
		if args := r.arguments(")"); len(args) == 0 && (v.kind == present || v.kind == absent) {
			return boolean(v.kind == present)
		}
	case "optMap":
		return r.optMap(v)
	default:
		r.macro()
	}
	return value{}
}

// optMap reads a name and what is made of an optional's value under that name.
func (r *reader) optMap(v value) value {
	var inner value
	if v.kind == present {
		inner = v.items[0]
	}
	body := r.body(inner)
	r.want(")")
	switch {
	case v.kind == absent:
		return v
	case v.kind == present && body.kind != unknown:
		return value{kind: present, items: []value{body}}
	default:
		return value{}
	}
}

// body reads a name, a comma and an expression over the name.
func (r *reader) body(v value) value {
	name := r.next()
	r.want(",")
	if name.kind != 'n' {
		return r.fail()
	}
	r.local = append(r.local, binding{name.text, v})
	defer func() { r.local = r.local[:len(r.local)-1] }()
	return r.or()
}

// macro reads the arguments of any other method, of which nothing is known. The first
// may be a name for the rest.
func (r *reader) macro() {
	if len(r.tokens) > 1 && r.tokens[0].kind == 'n' && r.tokens[1] == (token{'s', ","}) {
		r.body(value{})
		if _, more := r.take(","); !more {
			r.want(")")
			return
		}
	}
	r.arguments(")")
}
