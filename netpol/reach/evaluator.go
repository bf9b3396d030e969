// SPDX-License-Identifier: Apache-2.0

package reach

import "slices"

// An evaluator works out the ports of many pairs. Sets of ports go by number, so
// that a set and what two sets have in common are worked out once. It is used by
// one goroutine.
type evaluator struct {
	*state
	sets  [][]span
	seen  map[string]portSet
	memo  map[operation]portSet
	few   [3][]portSet           // of memo, those of sets with small numbers
	specs map[[2]int32]portRange // by spec and layout
	key   []byte

	recalls [2][]*recall // of sides, by class
	bySide  map[*side]*recall
}

// A portSet is the number of a set of ports in an evaluator.
type portSet int32

const (
	noPorts portSet = iota
	allPorts
)

// A portRange is two sets of ports: those that surely are open, and those that may
// be, the first among them.
type portRange struct{ must, may portSet }

type operation struct {
	kind operator
	a, b portSet
}

type operator uint8

const (
	or operator = iota
	and
	without
)

// fewSets is the number of sets of ports of which operations are remembered in a
// table, in which they are found faster than in a map. Few clusters have more.
const fewSets = 128

// yetUnknown stands in the table for what was not worked out yet.
const yetUnknown portSet = -1

func newEvaluator(s *state) *evaluator {
	e := &evaluator{
		state: s, seen: make(map[string]portSet), memo: make(map[operation]portSet), specs: make(map[[2]int32]portRange),
		bySide: make(map[*side]*recall),
	}
	for d := range e.recalls {
		e.recalls[d] = make([]*recall, len(s.sides[d]))
	}
	e.intern(nil)
	e.intern(everySpan())
	return e
}

func (e *evaluator) intern(spans []span) portSet {
	e.key = appendSpans(e.key[:0], spans)
	id, found := e.seen[string(e.key)]
	if !found {
		id = portSet(len(e.sets))
		e.sets = append(e.sets, spans)
		e.seen[string(e.key)] = id
	}
	return id
}

func (e *evaluator) ports(s portSet) Ports { return Ports{e.sets[s]} }

func (e *evaluator) do(op operation) portSet {
	if op.a < fewSets && op.b < fewSets {
		if e.few[op.kind] == nil {
			e.few[op.kind] = slices.Repeat([]portSet{yetUnknown}, fewSets*fewSets)
		}
		at := &e.few[op.kind][op.a*fewSets+op.b]
		if *at == yetUnknown {
			*at = e.work(op)
		}
		return *at
	}
	out, found := e.memo[op]
	if !found {
		out = e.work(op)
		e.memo[op] = out
	}
	return out
}

func (e *evaluator) work(op operation) portSet {
	a, b := e.sets[op.a], e.sets[op.b]
	switch op.kind {
	case or:
		return e.intern(union(a, b))
	case and:
		return e.intern(intersect(a, b))
	default:
		return e.intern(subtract(a, b))
	}
}

func (e *evaluator) union(a, b portSet) portSet {
	switch {
	case a == b || b == noPorts || a == allPorts:
		return a
	case a == noPorts || b == allPorts:
		return b
	case a > b:
		a, b = b, a
	}
	return e.do(operation{or, a, b})
}

func (e *evaluator) intersect(a, b portSet) portSet {
	switch {
	case a == b || a == noPorts || b == allPorts:
		return a
	case b == noPorts || a == allPorts:
		return b
	case a > b:
		a, b = b, a
	}
	return e.do(operation{and, a, b})
}

func (e *evaluator) minus(a, b portSet) portSet {
	switch {
	case a == b || a == noPorts || b == allPorts:
		return noPorts
	case b == noPorts:
		return a
	}
	return e.do(operation{without, a, b})
}

// spec returns what the ports of a rule are on a pod.
func (e *evaluator) spec(p *portSpec, layout int32) portRange {
	switch {
	case p.id == specAll:
		return portRange{allPorts, allPorts}
	case len(p.names) == 0:
		layout = 0
	}
	key := [2]int32{p.id, layout}
	out, found := e.specs[key]
	if !found {
		sure, may := p.on(&e.layouts[layout])
		out = portRange{e.intern(slices.Clone(sure)), e.intern(slices.Clone(may))}
		e.specs[key] = out
	}
	return out
}

// on returns what is a on the ports of at, and b elsewhere.
func (e *evaluator) on(at, a, b portSet) portSet {
	return e.union(e.intersect(at, a), e.minus(b, at))
}

// either is what may be one or the other.
func (e *evaluator) either(a, b portRange) portRange {
	return portRange{e.intersect(a.must, b.must), e.union(a.may, b.may)}
}

// both is what has to be allowed twice.
func (e *evaluator) both(a, b portRange) portRange {
	return portRange{e.intersect(a.must, b.must), e.intersect(a.may, b.may)}
}

// any is what is allowed by one or the other.
func (e *evaluator) any(a, b portRange) portRange {
	return portRange{e.union(a.must, b.must), e.union(a.may, b.may)}
}
