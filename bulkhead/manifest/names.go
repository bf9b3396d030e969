// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
)

// names finds entries by the names of their objects.
type names struct {
	entries map[bulkhead.Ref][]*entry // that differ, in the order of the input
	noted   map[fieldOfRef][]*entry   // those of one name that have a note about the field
}

// A fieldOfRef is a field of all objects of one name.
type fieldOfRef struct {
	ref   bulkhead.Ref
	field string
}

// indexOf finds the names of all entries.
func indexOf(entries []entry) names {
	all := make(map[bulkhead.Ref][]*entry, len(entries))
	for i := range entries {
		ref := bulkhead.RefTo(entries[i].object)
		all[ref] = append(all[ref], &entries[i])
	}
	out := names{entries: all, noted: make(map[fieldOfRef][]*entry)}
	for ref, alike := range all {
		if len(alike) == 1 {
			continue
		}
		all[ref] = differing(alike)
		for _, e := range all[ref] {
			for _, n := range e.notes {
				at := fieldOfRef{ref, n.field}
				if !slices.Contains(out.noted[at], e) {
					out.noted[at] = append(out.noted[at], e)
				}
			}
		}
	}
	return out
}

// differing returns the first of those entries that are written alike.
func differing(entries []*entry) []*entry {
	var out []*entry
	seen := make(map[string]bool, len(entries))
	for _, e := range entries {
		text, err := json.Marshal(e.object)
		content := fmt.Sprint(string(text), e.notes)
		if err != nil || !seen[content] {
			out = append(out, e)
		}
		seen[content] = true
	}
	return out
}
