// SPDX-License-Identifier: Apache-2.0

package report

import "slices"

// folded returns the scene with one end in the place of those at every workload of a
// compartment: what all may do is one line, and what few may do stands out. The rows
// for all workloads that nothing ends at are gone.
func (s *scene) folded() *scene {
	rails := make([]rail, len(s.rails))
	for i, r := range s.rails {
		from, to := r.from, r.to
		for _, b := range s.boxes {
			if b.rows > 2 && s.rows[b.first].all {
				r.from, r.to = b.fold(r.from, to), b.fold(r.to, from)
			}
		}
		rails[i] = r
	}
	keep := make([]bool, len(s.rows))
	for i, r := range s.rows {
		keep[i] = !r.all
	}
	for _, r := range rails {
		for _, i := range slices.Concat(r.from, r.to) {
			keep[i] = true
		}
	}
	return s.only(keep, rails)
}

// fold replaces the workloads of the box among one end of a rail, if they are all. One
// may be missing if it is all that the others exchange something with: a rail says
// nothing of a row and itself.
func (b box) fold(ends, others []int) []int {
	first, _ := slices.BinarySearch(ends, b.first+1)
	after, _ := slices.BinarySearch(ends, b.first+b.rows)
	switch missing := b.rows - 1 - (after - first); {
	case missing == 0:
	case missing == 1 && len(others) == 1 && others[0] > b.first && others[0] < b.first+b.rows && after-first > 1:
		if _, found := slices.BinarySearch(ends, others[0]); found {
			return ends
		}
	default:
		return ends
	}
	return slices.Replace(slices.Clone(ends), first, after, b.first)
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
