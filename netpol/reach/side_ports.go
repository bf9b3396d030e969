// SPDX-License-Identifier: Apache-2.0

package reach

// side returns the ports that a side lets through between its pods and a peer. It
// follows the same order as [side.judge], from the last tier to the first. Layout is
// that of the receiving pod; of ownNode see packet.
func (e *evaluator) side(s *side, p peer, layout int32, ownNode match) portRange {
	switch {
	case len(s.foreign) > 0:
		return portRange{noPorts, allPorts}
	case s.alone:
		return e.networkPolicies(s, p, layout, ownNode, portRange{allPorts, allPorts})
	}
	out := e.tier(s, s.baseline, p, layout, portRange{allPorts, allPorts})
	out = e.networkPolicies(s, p, layout, ownNode, out)
	return e.tier(s, s.admin, p, layout, out)
}

// networkPolicies returns what NetworkPolicies let through, where next is what
// happens to a pod that none selects.
func (e *evaluator) networkPolicies(s *side, p peer, layout int32, ownNode match, next portRange) portRange {
	switch {
	case s.isolated == never:
		return next
	case ownNode == surely && s.isolated == surely:
		return portRange{allPorts, allPorts}
	case ownNode == surely:
		return portRange{next.must, allPorts}
	}
	out := portRange{noPorts, noPorts}
	if ownNode == maybe {
		out.may = allPorts
	}
	for i := range s.rules {
		r := &s.rules[i]
		switch m := r.matches(p); m.and(r.selects) {
		case surely:
			if out = e.any(out, e.spec(r.ports, layout)); out.must == allPorts {
				return out
			}
		case maybe:
			out.may = e.union(out.may, e.spec(r.ports, layout).may)
		case never:
		}
	}
	if s.isolated == surely {
		return out
	}
	// No policy surely selects the pods. A port is surely open if each that may do
	// so would open it, and nobody else denies it.
	must := next.must
	for _, entry := range s.policies {
		must = e.intersect(must, e.opens(entry, s.direction, p, layout))
	}
	return portRange{must, e.union(out.may, next.may)}
}

// opens returns the ports that a policy surely opens if it selects the pods.
func (e *evaluator) opens(of entry, d direction, p peer, layout int32) portSet {
	out := noPorts
	for i := range of.rules[d] {
		if r := &of.rules[d][i]; r.matches(p) == surely {
			out = e.union(out, e.spec(r.ports, layout).must)
		}
	}
	return out
}

// tier returns what a tier lets through, where next is what happens to what it
// passes on.
func (e *evaluator) tier(s *side, entries []entry, p peer, layout int32, next portRange) portRange {
	out := next
	for end := len(entries); end > 0; {
		first := end - 1
		for !e.plane.ordered && first > 0 && entries[first-1].priority == entries[end-1].priority {
			first--
		}
		after, matched := out, noPorts
		for _, entry := range entries[first:end] { // of equal priority: the dataplane may follow any that matches
			one, at := e.entry(entry, s.direction, p, layout, after, next)
			mixed := e.either(out, one)
			clash := e.intersect(matched, at)
			out = portRange{
				e.on(clash, mixed.must, e.on(at, one.must, out.must)),
				e.on(clash, mixed.may, e.on(at, one.may, out.may)),
			}
			matched = e.union(matched, at)
		}
		end = first
	}
	return out
}

// entry returns what one policy lets through, and the ports at which it has a say.
func (e *evaluator) entry(of entry, d direction, p peer, layout int32, after, next portRange) (out portRange, at portSet) {
	out, at = after, noPorts
	for i := len(of.rules[d]) - 1; i >= 0; i-- {
		r := &of.rules[d][i]
		m := r.matches(p).and(of.selects)
		if m == never {
			continue
		}
		ports := e.spec(r.ports, layout)
		then := next
		switch r.action {
		case accepts:
			then = portRange{allPorts, allPorts}
		case denies:
			then = portRange{noPorts, noPorts}
		default:
		}
		sure := ports.must
		if m == maybe {
			sure = noPorts
		}
		perhaps := e.either(out, then)
		out = portRange{
			e.on(sure, then.must, e.on(ports.may, perhaps.must, out.must)),
			e.on(sure, then.may, e.on(ports.may, perhaps.may, out.may)),
		}
		at = e.union(at, ports.may)
	}
	return out, at
}
