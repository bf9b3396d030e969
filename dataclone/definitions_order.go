// SPDX-License-Identifier: Apache-2.0

package dataclone

import "slices"

// deepestView is how many views may be read through each other ("Quotas and limits",
// View limits: maximum number of nested view levels).
const deepestView = 16

// order finds what definitions need, and adds their steps in stages: each after all
// that it names. It takes as many steps as there are definitions and references.
func (d *draft) order(all []references) {
	m := d.whatIsMade(all)
	definitions := make([]*definition, len(all))
	for i, r := range all {
		definitions[i] = r.definition
		for _, ref := range r.found {
			m.need(i, r.definition, ref)
		}
		slices.Sort(r.definition.needs)
		r.definition.needs = slices.Compact(r.definition.needs)
	}
	d.cycles(definitions)
	for _, i := range sorted(definitions) {
		def := definitions[i]
		def.step.Stage = max(def.base, firstStage-1) + 1
		for _, j := range def.needs {
			def.step.Stage = max(def.step.Stage, definitions[j].step.Stage+1)
			def.depth = max(def.depth, definitions[j].depth)
		}
		if def.step.Kind == CreateView {
			def.depth++
		}
		if def.depth > deepestView {
			d.refuse(def, ViewDepth, "read fewer views through each other; a masking view counts as one",
				"reads views through %d levels, of at most %d", def.depth, deepestView)
		}
	}
	for _, def := range definitions {
		if !def.refused {
			d.steps = append(d.steps, def.step)
		}
	}
}

// sorted returns the indexes of definitions so that each comes after those it needs.
// Those of a circle, and what needs them, are not in it.
func sorted(definitions []*definition) []int {
	waits := make([]int, len(definitions))
	needed := make([][]int, len(definitions))
	var ready []int
	for i, def := range definitions {
		waits[i] = len(def.needs)
		for _, j := range def.needs {
			needed[j] = append(needed[j], i)
		}
		if waits[i] == 0 {
			ready = append(ready, i)
		}
	}
	for next := 0; next < len(ready); next++ {
		for _, i := range needed[ready[next]] {
			if waits[i]--; waits[i] == 0 {
				ready = append(ready, i)
			}
		}
	}
	return ready
}

// cycles refuses definitions that need each other in a circle, or lie between two
// circles, and cuts the circles.
func (d *draft) cycles(definitions []*definition) {
	inside := map[int]bool{}
	for i := range definitions {
		inside[i] = true
	}
	for _, i := range sorted(definitions) {
		delete(inside, i)
	}
	// What is left needs a circle. Who is needed by none of the rest is on none.
	needed := make([]int, len(definitions))
	for i := range inside {
		for _, j := range definitions[i].needs {
			needed[j]++
		}
	}
	var free []int
	for i := range definitions {
		if inside[i] && needed[i] == 0 {
			free = append(free, i)
		}
	}
	for next := 0; next < len(free); next++ {
		delete(inside, free[next])
		for _, j := range definitions[free[next]].needs {
			if needed[j]--; needed[j] == 0 && inside[j] {
				free = append(free, j)
			}
		}
	}
	for i, def := range definitions {
		if !inside[i] {
			continue
		}
		for _, j := range def.needs {
			if inside[j] {
				d.refuse(def, DefinitionCycle, "exclude one of the circle", "names %s, which names it again, by way of others or itself",
					definitions[j].step.Source)
				break
			}
		}
	}
	for i := range inside {
		definitions[i].needs = nil
	}
}
