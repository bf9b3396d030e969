// SPDX-License-Identifier: Apache-2.0

package reach

// A packet is what a connection looks like to the rules of one side.
type packet struct {
	peer      peer
	transport transport
	number    uint16
	layout    *layout // of the receiving pod
	ownNode   match   // it goes from a pod to its own node, or to itself, which no NetworkPolicy denies
}

// judge returns what a side may make of a connection. A trace, if there is one, is
// told what decided. It does not allocate without.
func (s *side) judge(p packet, ordered bool, tr *trace) outcomes {
	if len(s.foreign) > 0 {
		tr.foreign(s)
		return accepts | denies
	}
	out := s.tier(s.admin, p, ordered, tr)
	if out&(passes|falls) == 0 {
		return out
	}
	out = out&^(passes|falls) | s.networkPolicies(p, tr)
	if out&falls == 0 {
		return out
	}
	base := s.tier(s.baseline, p, ordered, tr)
	out = out&^falls | base&^(passes|falls)
	if base&(passes|falls) != 0 {
		tr.byDefault(s)
		out |= accepts // what no tier has denied is allowed
	}
	return out
}

// tier asks the policies of a tier in order.
func (s *side) tier(entries []entry, p packet, ordered bool, tr *trace) outcomes {
	var out outcomes
	for i := 0; i < len(entries); {
		end := i + 1
		for !ordered && end < len(entries) && entries[end].priority == entries[i].priority {
			end++
		}
		decided := false
		for ; i < end; i++ { // of equal priority: the dataplane may follow any that matches
			one := entries[i].first(s.direction, p, tr)
			out |= one &^ falls
			decided = decided || one&falls == 0
		}
		if decided {
			return out
		}
	}
	return out | falls
}

// first returns what the first rule that matches does.
func (e *entry) first(d direction, p packet, tr *trace) outcomes {
	var out outcomes
	for i := range e.rules[d] {
		r := &e.rules[d][i]
		m := r.matches(p.peer).and(e.selects)
		if m != never {
			m = m.and(r.ports.has(p.transport, p.number, p.layout))
		}
		if m == never {
			continue
		}
		tr.rule(d, r, m, e.selects)
		out |= r.action
		if m == surely {
			return out
		}
	}
	return out | falls
}

// networkPolicies asks the NetworkPolicies, which add up.
func (s *side) networkPolicies(p packet, tr *trace) outcomes {
	switch {
	case s.isolated == never:
		return falls
	case p.ownNode == surely && s.isolated == surely:
		tr.ownNode(s)
		return accepts
	}
	best := p.ownNode
	if best != never {
		tr.ownNode(s)
	}
	for i := range s.rules {
		r := &s.rules[i]
		m := r.matches(p.peer)
		if m != never {
			m = m.and(r.ports.has(p.transport, p.number, p.layout)).and(r.selects)
		}
		if m == never {
			continue
		}
		tr.rule(s.direction, r.rule, m, r.selects)
		if best = best.or(m); best == surely {
			return accepts
		}
	}
	var out outcomes
	if best != never {
		out = accepts
	}
	if s.isolated == surely || p.ownNode != surely && s.mayIsolate(p) {
		tr.isolation(s)
		out |= denies
	}
	if s.isolated == maybe {
		out |= falls
	}
	return out
}

// mayIsolate reports, where no policy surely selects the pods, whether one of those
// that may would deny the connection if it did.
func (s *side) mayIsolate(p packet) bool {
	for i := range s.policies {
		if !s.policies[i].allows(s.direction, p) {
			return true
		}
	}
	return false
}

// allows reports whether a policy surely allows a connection if it selects the pods.
func (e *entry) allows(d direction, p packet) bool {
	for i := range e.rules[d] {
		r := &e.rules[d][i]
		if r.matches(p.peer) == surely && r.ports.has(p.transport, p.number, p.layout) == surely {
			return true
		}
	}
	return false
}
