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
	specs map[[2]int32]portRange // by spec and layout
	key   []byte
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
	kind byte
	a, b portSet
}

func newEvaluator(s *state) *evaluator {
	e := &evaluator{
		state: s, seen: make(map[string]portSet), memo: make(map[operation]portSet), specs: make(map[[2]int32]portRange),
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

func (e *evaluator) do(kind byte, a, b portSet, work func(a, b []span) []span) portSet {
	op := operation{kind, a, b}
	out, found := e.memo[op]
	if !found {
		out = e.intern(work(e.sets[a], e.sets[b]))
		e.memo[op] = out
	}
	return out
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
	return e.do('|', a, b, union)
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
	return e.do('&', a, b, intersect)
}

func (e *evaluator) minus(a, b portSet) portSet {
	switch {
	case a == b || a == noPorts || b == allPorts:
		return noPorts
	case b == noPorts:
		return a
	}
	return e.do('-', a, b, subtract)
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
