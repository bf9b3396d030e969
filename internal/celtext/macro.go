// SPDX-License-Identifier: Apache-2.0

package celtext

// call returns what a method with its parenthesis at open gives when it is called on
// a value, and binds the variables of macros.
func (r *reader) call(method string, open int, value Value) Value {
	switch method {
	case "orValue", "value", "or":
		return value
	case "first", "last":
		return value.step(Element)
	case "all", "exists", "exists_one", "existsOne":
		r.bind(open, value, true)
		return nil
	case "transformList", "transformMap", "transformMapEntry":
		r.bind(open, value, true)
		return nil
	case "map", "sortBy":
		r.bind(open, value, false)
		return nil
	case "filter":
		r.bind(open, value, false)
		return value
	case "optMap", "optFlatMap":
		if first := r.at(open + 1); first.kind == name && r.at(open+2).is(",") {
			r.declare(first.text, open, value)
		}
		return nil
	default:
		return nil
	}
}

// bind declares the variable of a macro, or its two, of which the second is the
// element: with two, the macro has an argument more.
func (r *reader) bind(open int, value Value, two bool) {
	first, second := r.at(open+1), r.at(open+3)
	if first.kind != name || !r.at(open+2).is(",") {
		return
	}
	if two && second.kind == name && r.at(open+4).is(",") {
		r.declare(first.text, open, nil)
		r.declare(second.text, open, value.step(Element))
		return
	}
	r.declare(first.text, open, value.step(Element))
}

// declare makes a variable known within a parenthesis. One that does not close is a
// mistake, and declares nothing.
func (r *reader) declare(variable string, open int, value Value) {
	if r.partner[open] >= 0 {
		r.declared[open] = append(r.declared[open], binding{name: variable, value: value})
	}
}
