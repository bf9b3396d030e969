// SPDX-License-Identifier: Apache-2.0

package reach

import "iter"

// A walk goes over the pairs of units. It is used by one goroutine.
type walk struct {
	*evaluator
	matrix *matrix
	row    row // of the source
	// single says that each class is of one unit and each unit of one class, so that
	// both are in the same order.
	single  bool
	reached set // scratch, of units
	buffer  [2]Flow
	// everyUnit holds all units.
	everyUnit set
}

func newWalk(s *state, r *rows) *walk {
	w := &walk{evaluator: newEvaluator(s), matrix: newMatrix(r), reached: newSet(0, len(s.units)), single: true, everyUnit: s.allUnits()}
	for i := range s.units {
		w.single = w.single && len(s.units[i].members) == 1
	}
	for i := range s.classes {
		w.single = w.single && len(s.classes[i].endpoints) <= 1
	}
	return w
}

// open yields the units of a set that a unit may open connections to, itself left
// out, in order, and the ports.
func (w *walk) open(u int32, to set) iter.Seq2[int32, portRange] {
	return func(yield func(int32, portRange) bool) {
		from := w.partyOf(w.units[u].members[0])
		if w.single && !from.host {
			w.openFrom(u, from, to, yield)
			return
		}
		w.openTo(u, to)(yield)
	}
}

// openTo is open for any unit, one pair after another.
func (w *walk) openTo(u int32, to set) iter.Seq2[int32, portRange] {
	return func(yield func(int32, portRange) bool) {
		for v := range w.candidates(u).each {
			if v == u || !to.has(v) {
				continue
			}
			if ports := w.unitPair(u, v); ports.may != noPorts && !yield(v, ports) {
				return
			}
		}
	}
}

// openFrom is open for a pod that is not on the network of its node.
func (w *walk) openFrom(u int32, from party, to set, yield func(int32, portRange) bool) {
	w.matrix.from(from.class, &w.row)
	w.matrix.mayFrom(from.class, &w.row)
	if len(w.hostClasses) > 0 { // whether it is on their node, rows do not tell
		w.row.may = w.wide(w.row.may)
		for _, c := range w.hostClasses {
			w.row.may.add(c)
		}
	}
	for c := range w.row.may.each {
		k := &w.classes[c]
		if len(k.endpoints) == 0 {
			continue
		}
		v := w.endpoints[k.endpoints[0]].unit
		if v == u || !to.has(v) {
			continue
		}
		ports := portRange{allPorts, allPorts}
		if !w.row.all.has(c) {
			ports = w.pair(from, w.partyOf(k.endpoints[0]))
		}
		if ports.may != noPorts && !yield(v, ports) {
			return
		}
	}
}

// wide gives a set room for every class.
func (w *walk) wide(s set) set {
	out := newSet(0, len(w.classes))
	out.or(s)
	return out
}

// candidates returns the units that a unit may open connections to.
func (w *walk) candidates(u int32) set {
	clear(w.reached.words)
	for _, e := range w.units[u].kinds {
		w.matrix.mayFrom(w.endpoints[e].class, &w.row)
		for c := range w.row.may.each {
			for _, to := range w.classes[c].endpoints {
				w.reached.add(w.endpoints[to].unit)
			}
		}
	}
	for _, e := range w.units[u].places {
		w.addNeighbours(e)
	}
	return w.reached
}

// addNeighbours adds the units that may be let through because one end is the node
// of the other.
func (w *walk) addNeighbours(e int32) {
	p := w.partyOf(e)
	if !p.host {
		for _, c := range w.hostClasses {
			for _, to := range w.classes[c].endpoints {
				if w.ownNode(p, w.partyOf(to)) != never {
					w.reached.add(w.endpoints[to].unit)
				}
			}
		}
		return
	}
	for to := range w.endpoints {
		if w.ownNode(p, w.partyOf(int32(to))) != never {
			w.reached.add(w.endpoints[to].unit)
		}
	}
}

// within returns the ports that are open between different pods of one unit. Those of
// a template are as many as its controller starts.
func (w *walk) within(u int32) portRange {
	unit := &w.units[u]
	some := parties{unit: unit}.some(unit.host)
	out := portRange{noPorts, noPorts}
	for _, e := range some {
		for _, f := range some {
			from, to := w.partyOf(e), w.partyOf(f)
			if w.self(from, to) {
				var found bool
				if to, found = w.twin(unit, to); !found {
					continue
				}
			}
			out = w.any(out, w.pair(from, to))
		}
	}
	return out
}

// unitPair returns the ports that are open from some pod of one unit to some pod of
// another.
func (w *walk) unitPair(u, v int32) portRange {
	from, to := parties{unit: &w.units[u]}, parties{unit: &w.units[v]}
	byNode := from.host() || to.host()
	out := portRange{noPorts, noPorts}
	for _, e := range from.some(byNode) {
		for _, f := range to.some(byNode) {
			if out = w.any(out, w.pair(w.partyOf(e), w.partyOf(f))); out.must == allPorts {
				return out
			}
		}
	}
	return out
}
