// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"maps"
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/celtext"
)

// MutationOrder is a field that two policies set, in an order that nobody knows.
const MutationOrder = "guard/mutation-order"

// A writer is a mutation that sets a field in some namespaces, or in all.
type writer struct {
	policy policy
	names  map[string]bool // nil means all
}

func mutationOrder(p *bulkhead.Pass) {
	everywhere := make(map[string][]writer) // by field
	byName := make(map[[2]string][]writer)  // by field and namespace
	confined := make(map[string][]writer)   // by field
	for _, policy := range boundOf(p.Objects) {
		// Conditions may keep two policies apart, and so may the objects' labels.
		if !policy.mutates || len(policy.bindings) == 0 || len(policy.conditions) > 0 || selects(policy.match) ||
			slices.ContainsFunc(policy.bindings, func(b binding) bool { return selects(b.match) }) {
			continue
		}
		types := typesOf(policy.match)
		for field, e := range policy.sets(types) {
			w := writer{policy: policy.policy, names: policy.namespaces()}
			if other, ok := earlier(w, everywhere[field], confined[field], byName, field); ok {
				p.Reportf(policy.object, e.at, "set it in one policy",
					"the value of %s is up to chance: %s sets it as well, and nothing orders the two", field, other.policy.object.GetName())
			}
			if w.names == nil {
				everywhere[field] = append(everywhere[field], w)
				continue
			}
			confined[field] = append(confined[field], w)
			for name := range w.names {
				byName[[2]string{field, name}] = append(byName[[2]string{field, name}], w)
			}
		}
	}
}

// earlier returns a writer that is in the way of another.
func earlier(w writer, everywhere, confined []writer, byName map[[2]string][]writer, field string) (writer, bool) {
	lists := [][]writer{everywhere}
	if w.names == nil {
		lists = append(lists, confined)
	}
	for _, name := range slices.Sorted(maps.Keys(w.names)) {
		lists = append(lists, byName[[2]string{field, name}])
	}
	for _, list := range lists {
		for _, other := range list {
			if anyMeets(other.policy.match.ResourceRules, w.policy.match.ResourceRules) {
				return other, true
			}
		}
	}
	return writer{}, false
}

// sets returns the fields that the mutations of a policy set, with the place: those
// that are there once, and not in each element of a list.
func (p policy) sets(types []served) map[string]text {
	out := make(map[string]text)
	for _, e := range p.judges {
		for _, s := range celtext.Settings(e.cel) {
			for _, r := range types {
				if at := walk(r.object, s.Path); at.missing == "" && !at.list {
					if _, ok := out[s.Path.String()]; !ok && !s.Remove {
						out[s.Path.String()] = e
					}
				}
			}
		}
	}
	return out
}

// namespaces returns the namespaces to which the bindings confine a policy, or nil.
func (p bound) namespaces() map[string]bool {
	out := make(map[string]bool)
	for _, b := range p.bindings {
		names, ok := namesAskedFor(p.policy, b)
		if !ok {
			return nil
		}
		for name := range names {
			out[name] = true
		}
	}
	return out
}
