// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// A demand is what a restriction asks of a value. It is written down once, and says
// the same to an API server, as an expression of CEL, and to a check of manifests.
type demand interface {
	// cel is an expression that is true if x meets the demand. It cannot fail,
	// whatever is absent.
	cel(x string, of stage) string
	// failures returns where v, which at leads to, does not meet the demand.
	failures(v any, at *field.Path) []*field.Path
}

// A stage is how far an object has come when an API server judges it.
type stage int

const (
	// complete is a pod with all defaults, or any object that nobody completes.
	complete stage = iota
	// template is that of a pod: a LimitRange and a default class may still fill in
	// what it leaves out.
	template
)

// has demands of the value at a path that it passes a test.
type has struct {
	path   path
	test   test
	absent bool // passes
	filled bool // may be filled in between template and pod
}

func (h has) cel(x string, of stage) string {
	absent := "false"
	if h.absent || h.filled && of == template {
		absent = "true"
	}
	return h.path.cel(x) + ".optMap(v, " + h.test.cel("v") + ").orValue(" + absent + ")"
}

func (h has) failures(v any, at *field.Path) []*field.Path {
	value, present := h.path.get(v)
	if present && h.test.passes(value) || !present && h.absent {
		return nil
	}
	return []*field.Path{h.path.under(at)}
}

// lacks demands that there is nothing at a path.
type lacks path

func (l lacks) cel(x string, _ stage) string { return "!" + path(l).cel(x) + ".hasValue()" }

func (l lacks) failures(v any, at *field.Path) []*field.Path {
	if _, present := path(l).get(v); present {
		return []*field.Path{path(l).under(at)}
	}
	return nil
}

// each makes a demand of every item of the lists at some paths.
type each struct {
	lists  []path
	item   string // the name of the variable
	demand demand
}

func (e each) cel(x string, of stage) string {
	return concatenated(x, e.lists) + ".all(" + e.item + ", " + e.demand.cel(e.item, of) + ")"
}

func (e each) failures(v any, at *field.Path) []*field.Path {
	var out []*field.Path
	for _, list := range e.lists {
		for i, item := range list.list(v) {
			out = append(out, e.demand.failures(item, list.under(at).Index(i))...)
		}
	}
	return out
}

// concatenated is an expression of all items of the lists at some paths.
func concatenated(x string, lists []path) string {
	var out []string
	for _, list := range lists {
		out = append(out, list.celList(x))
	}
	if len(out) == 1 {
		return out[0]
	}
	return "(" + strings.Join(out, " + ") + ")"
}

// both makes all of several demands.
type both []demand

func (b both) cel(x string, of stage) string { return joined(b, " && ", x, of) }

func (b both) failures(v any, at *field.Path) []*field.Path {
	var out []*field.Path
	for _, d := range b {
		out = append(out, d.failures(v, at)...)
	}
	return out
}

// either makes one of several demands. What does not meet any fails at a path.
type either struct {
	path    path
	demands []demand
}

func (e either) cel(x string, of stage) string { return joined(e.demands, " || ", x, of) }

func (e either) failures(v any, at *field.Path) []*field.Path {
	for _, d := range e.demands {
		if len(d.failures(v, at)) == 0 {
			return nil
		}
	}
	return []*field.Path{e.path.under(at)}
}

func joined(demands []demand, operator, x string, of stage) string {
	var out []string
	for _, d := range demands {
		out = append(out, d.cel(x, of))
	}
	return "(" + strings.Join(out, operator) + ")"
}
