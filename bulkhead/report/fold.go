// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"maps"
	"slices"
)

// A fan is the edges of one sort between a row and the workloads of a compartment.
type fan struct {
	sort     edgeSort
	row, box int
}

// folded returns edges with one in the place of those from every workload of a
// compartment to a row, and then one in the place of those from a row to every
// workload: what all may do is one line, and what few may do stands out. A workload may
// be missing if it is the row itself, since an edge says nothing of a row and itself.
func (s *scene) folded(edges []edge) []edge {
	edges = s.foldEnds(edges, func(e *edge) (*int, *int) { return &e.from, &e.to })
	return s.foldEnds(edges, func(e *edge) (*int, *int) { return &e.to, &e.from })
}

// foldEnds folds one end of edges.
func (s *scene) foldEnds(edges []edge, ends func(*edge) (end, other *int)) []edge {
	fans := make(map[fan]map[int]edge)
	for _, e := range edges {
		end, other := ends(&e)
		key := fan{e.sort, *other, s.rows[*end].box}
		if fans[key] == nil {
			fans[key] = make(map[int]edge)
		}
		e.flows += fans[key][*end].flows
		fans[key][*end] = e
	}
	var out []edge
	for key, spread := range fans {
		b := s.boxes[key.box]
		need := b.rows - 1 // the first row is for all of them
		if s.rows[key.row].box == key.box && !s.rows[key.row].all {
			need--
		}
		if !s.rows[b.first].all || need < 2 || len(spread) < need {
			out = slices.AppendSeq(out, maps.Values(spread))
			continue
		}
		var all edge
		for _, e := range spread {
			e.flows += all.flows
			all = e
		}
		end, _ := ends(&all)
		*end = b.first
		out = append(out, all)
	}
	slices.SortFunc(out, func(a, b edge) int {
		return cmp.Or(a.sort.compare(b.sort), cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	return out
}

// used returns the rows that are drawn: all but those for all workloads of a
// compartment at which nothing ends.
func (s *scene) used() []bool {
	keep := make([]bool, len(s.rows))
	for i, r := range s.rows {
		keep[i] = !r.all
	}
	for _, r := range s.rails {
		for _, i := range slices.Concat(r.from, r.to) {
			keep[i] = true
		}
	}
	return keep
}

// only returns a scene of some rows, which are all that the given rails end at, and of
// the compartments that have one.
func (s *scene) only(keep []bool, rails []rail) *scene {
	out := &scene{}
	at, boxAt := make([]int, len(s.rows)), make([]int, len(s.boxes))
	for i, b := range s.boxes {
		first := len(out.rows)
		for r := b.first; r < b.first+b.rows; r++ {
			if keep[r] {
				at[r] = len(out.rows)
				moved := s.rows[r]
				moved.box = len(out.boxes)
				out.rows = append(out.rows, moved)
			}
		}
		if b.first, b.rows = first, len(out.rows)-first; b.rows > 0 {
			boxAt[i] = len(out.boxes)
			out.boxes = append(out.boxes, b)
		}
	}
	renumbered := func(rows []int) []int {
		moved := make([]int, len(rows))
		for i, r := range rows {
			moved[i] = at[r]
		}
		return moved
	}
	for _, r := range rails {
		r.from, r.to, r.within = renumbered(r.from), renumbered(r.to), boxAt[r.within]
		out.rails = append(out.rails, r)
		out.flows += r.flows
	}
	return out
}
