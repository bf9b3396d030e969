// SPDX-License-Identifier: Apache-2.0

package reach

import "slices"

// A recall is what NetworkPolicies of a side were found to let through. That depends
// on which of their rules match the peer, and far fewer combinations of rules occur
// than peers.
type recall struct {
	named   bool // what rules open depends on the layout of the receiving pod
	entries []recalled
}

type recalled struct {
	sure, may uint64 // the rules that match, by their bits
	layout    int32
	ports     portRange
}

// mostRecalled bounds the combinations that are kept for a side, which are looked
// through one by one.
const mostRecalled = 32

// recallOf returns the recall of a side of a class.
func (e *evaluator) recallOf(s *side, class int32) *recall {
	at := &e.recalls[s.direction][class]
	if *at != nil {
		return *at
	}
	known, found := e.bySide[s]
	if !found {
		known = &recall{named: slices.ContainsFunc(s.rules, func(r sideRule) bool { return len(r.ports.names) > 0 })}
		e.bySide[s] = known
	}
	*at = known
	return known
}

// apart returns what a side of a class lets through between its pods and a peer, of
// which neither is the node of the other.
func (e *evaluator) apart(s *side, class int32, p *peer, layout int32) portRange {
	every := portRange{allPorts, allPorts}
	switch {
	case s.open():
		return every
	case !s.alone:
		return e.side(s, *p, layout, never)
	case len(s.rules) > 64:
		return e.networkPolicies(s, *p, layout, never, every)
	}
	known := e.recallOf(s, class)
	if !known.named {
		layout = 0
	}
	sure, may := s.matching(p)
	for i := range known.entries {
		if k := &known.entries[i]; k.sure == sure && k.may == may && k.layout == layout {
			return k.ports
		}
	}
	out := e.networkPolicies(s, *p, layout, never, every)
	if len(known.entries) < mostRecalled {
		known.entries = append(known.entries, recalled{sure, may, layout, out})
	}
	return out
}

// matching returns the rules of a side that surely match a peer, and those that may
// beside them, by their bits. It is what takes the time of a large cluster.
func (s *side) matching(p *peer) (sure, may uint64) {
	anyAddress := p.class >= 0 && !p.addr.IsValid()
	for i := range s.rules {
		r := s.rules[i].rule
		switch {
		case r.everyone || anyAddress && r.peers.sure.has(p.class):
			sure |= 1 << i
		case anyAddress && !r.peers.may.has(p.class):
		case anyAddress:
			may |= 1 << i
		default:
			switch r.matches(*p) {
			case surely:
				sure |= 1 << i
			case maybe:
				may |= 1 << i
			case never:
			}
		}
	}
	return sure, may
}
