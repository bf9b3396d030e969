// SPDX-License-Identifier: Apache-2.0

package podexpr

import "slices"

// A kind is what is known of a value.
type kind int

const (
	unknown kind = iota
	truth
	text
	number
	list
	node    // a field of the request, by its path
	present // an optional that holds something
	absent  // an optional that holds nothing
)

// A value is what a part of an expression comes to. The zero value is unknown.
type value struct {
	kind  kind
	truth bool
	text  string // of a node its path
	num   int64
	items []value // of an optional the one that it holds
}

// listOf is not known where one of its items is not: if that is an error, so is the list,
// whatever stands beside it.
func listOf(items []value) value {
	if slices.ContainsFunc(items, func(item value) bool { return item.kind == unknown }) {
		return value{}
	}
	return value{kind: list, items: items}
}

func boolean(b bool) value { return value{kind: truth, truth: b} }

// not negates what is known.
func (v value) not() value {
	if v.kind != truth {
		return value{}
	}
	return boolean(!v.truth)
}

// and and or are those of CEL: what decides the outcome does so whatever the other
// side is, an error included (CEL specification, "Logical Operators").
func (v value) and(w value) value {
	switch {
	case v.is(false) || w.is(false):
		return boolean(false)
	case v.is(true) && w.is(true):
		return boolean(true)
	default:
		return value{}
	}
}

func (v value) or(w value) value { return v.not().and(w.not()).not() }

func (v value) is(b bool) bool { return v.kind == truth && v.truth == b }

// compare works out a comparison of two scalars of one kind.
func compare(op string, v, w value) value {
	if op == "in" {
		return among(v, w)
	}
	if v.kind != w.kind || v.kind != truth && v.kind != text && v.kind != number {
		return value{}
	}
	switch op {
	case "==":
		return boolean(v.equal(w))
	case "!=":
		return boolean(!v.equal(w))
	}
	if v.kind != number {
		return value{}
	}
	return boolean(map[string]bool{"<": v.num < w.num, "<=": v.num <= w.num, ">": v.num > w.num, ">=": v.num >= w.num}[op])
}

// among works out whether a value is in a list.
func among(v, w value) value {
	if w.kind != list || v.kind != text && v.kind != number {
		return value{}
	}
	if slices.ContainsFunc(w.items, v.equal) {
		return boolean(true)
	}
	if slices.ContainsFunc(w.items, func(item value) bool { return item.kind != v.kind }) {
		return value{}
	}
	return boolean(false)
}

func (v value) equal(w value) bool {
	return v.kind == w.kind && v.truth == w.truth && v.text == w.text && v.num == w.num
}
