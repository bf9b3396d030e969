// SPDX-License-Identifier: Apache-2.0

package dataclone

import (
	"cmp"
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/dataclone/viewsql"
)

// A definition is a view or a routine that is made again, with its references
// rewritten.
type definition struct {
	step   Step
	object bulkhead.Ref
	// field is where its text is.
	field string
	// refused says that a finding keeps it from being made.
	refused bool
	// needs are the indexes of the definitions that it names, and base the last stage of
	// what else it needs.
	needs []int
	base  int
	// depth is how many views are read below it, without other definitions.
	depth int
}

// references are those of a text, and those of one definition's texts.
type references struct {
	definition *definition
	found      []viewsql.Reference
}

// definitions adds the steps that make external tables, routines and views again, in
// stages in which each finds what it names. Models are left out, since nothing makes
// one again but its training.
func (d *draft) definitions() {
	d.externalTables()
	r, ok := d.newRewriter()
	if !ok {
		return
	}
	var all []references
	for _, m := range d.mappings {
		from := d.datasets[m.From]
		if from == nil {
			continue
		}
		for _, model := range slices.Sorted(slices.Values(from.Models)) {
			d.skip(m.From.Table(model), "it is a model, and models are not cloned")
		}
		texts := r.in(d, m)
		all = append(all, d.viewsOf(texts, m, from)...)
		all = append(all, d.routinesOf(texts, m, from)...)
	}
	slices.SortStableFunc(all, func(a, b references) int { return compareSteps(a.definition.step, b.definition.step) })
	d.order(all)
}

func compareSteps(a, b Step) int {
	return cmp.Or(a.Destination.Compare(b.Destination), cmp.Compare(a.Kind, b.Kind), a.Source.Compare(b.Source))
}

// selected reports whether the request's patterns select a view, a routine or an
// external table. What they leave out is said in the plan.
func (d *draft) selected(t TableRef) bool {
	switch included, excluded := d.request.Select.selects(t.Table, map[string]bool{}); {
	case !included:
		d.skip(t, "it is not among what the request includes")
	case excluded:
		d.skip(t, "the request excludes it")
	default:
		return true
	}
	return false
}

// skipsDefinitions reports whether the request leaves out views and routines.
func (d *draft) skipsDefinitions(t TableRef) bool {
	if d.request.Definitions.Skip {
		d.skip(t, "the request leaves out views and routines")
	}
	return d.request.Definitions.Skip
}
