// SPDX-License-Identifier: Apache-2.0

package reach

import "slices"

// A row bounds what a side lets through, by the class of the other end: those
// outside must are never surely open, those in all are open on every port, and
// those outside may are closed. Between them the ports have to be worked out.
type row struct{ must, all, may set }

// A rowTable works out the row of each side once. It is used by one goroutine.
type rowTable struct {
	*state
	rows map[*side]*row
	full set
}

func newRowTable(s *state) *rowTable {
	return &rowTable{state: s, rows: make(map[*side]*row), full: allUpTo(len(s.classes))}
}

func (t *rowTable) of(s *side) *row {
	r, found := t.rows[s]
	if !found {
		r = t.build(s)
		t.rows[s] = r
	}
	return r
}

func (t *rowTable) open() row { return row{t.full, t.full, t.full} }

func (t *rowTable) build(s *side) *row {
	if len(s.foreign) > 0 {
		return &row{may: t.full}
	}
	out := t.tier(s, s.baseline, t.open())
	out = t.networkPolicies(s, out)
	out = t.tier(s, s.admin, out)
	return &out
}

// networkPolicies follows [evaluator.networkPolicies].
func (t *rowTable) networkPolicies(s *side, next row) row {
	if s.isolated == never {
		return next
	}
	var must, all, may []set
	for i := range s.rules {
		r := &s.rules[i]
		if r.ports.none() {
			continue
		}
		sure, perhaps := r.peers.sure, r.peers.may
		if r.everyone {
			sure, perhaps = t.full, t.full
		}
		may = append(may, perhaps)
		if r.selects == surely {
			must = append(must, sure)
			if r.ports.all() {
				all = append(all, sure)
			}
		}
	}
	if s.isolated == surely {
		out := row{must: joined(must), all: joined(all)}
		if out.may = out.must; !sameSets(must, may) {
			out.may = joined(may)
		}
		return out
	}
	return row{must: next.must, may: joined(append(may, next.may))}
}

func (p *portSpec) none() bool { return len(p.spans)+len(p.names) == 0 }

// sameSets reports whether two lists are of the same sets, without looking into them.
func sameSets(a, b []set) bool {
	return slices.EqualFunc(a, b, func(x, y set) bool { return matches{x, y}.same() })
}

// tier follows [evaluator.tier].
func (t *rowTable) tier(s *side, entries []entry, next row) row {
	out := next
	for end := len(entries); end > 0; {
		first := end - 1
		for !t.plane.ordered && first > 0 && entries[first-1].priority == entries[end-1].priority {
			first--
		}
		after := out
		for i, entry := range entries[first:end] {
			one := t.entry(entry, s.direction, after, next)
			if i == 0 {
				out = one
				continue
			}
			out.all = t.copy(out.all)
			out.all.and(one.all)
			out.must = joined([]set{out.must, one.must})
			out.may = joined([]set{out.may, one.may})
		}
		end = first
	}
	return out
}

func (t *rowTable) copy(s set) set {
	out := newSet(0, len(t.classes))
	out.or(s)
	return out
}

// entry follows [evaluator.entry]: a rule that surely matches on every port decides,
// any other may.
func (t *rowTable) entry(of entry, d direction, after, next row) row {
	out := row{t.copy(after.must), t.copy(after.all), t.copy(after.may)}
	for i := len(of.rules[d]) - 1; i >= 0; i-- {
		r := &of.rules[d][i]
		perhaps := r.peers.may
		decided := set{}
		if of.selects == surely && r.ports.all() {
			decided = r.peers.sure
		}
		then := row{}
		switch r.action {
		case accepts:
			then = t.open()
		case passes:
			then = next
		default:
		}
		if of.selects == surely {
			out.must = t.over(out.must, then.must, decided, r.peers.sure)
		} else {
			out.must = t.over(out.must, set{}, decided, set{})
		}
		out.may = t.over(out.may, then.may, decided, perhaps)
		out.all = t.under(out.all, then.all, decided, perhaps)
	}
	return out
}

// over is then where it is decided and, where a rule has a say, the union of both.
func (t *rowTable) over(out, then, decided, say set) set {
	out.minus(decided)
	more := t.copy(then)
	more.and(say)
	out.or(more)
	return out
}

// under is then where it is decided and, where a rule has a say, what both have.
func (t *rowTable) under(out, then, decided, say set) set {
	took := t.copy(then)
	took.and(decided)
	left := t.copy(say)
	left.minus(then)
	out.minus(left)
	out.or(took)
	return out
}
