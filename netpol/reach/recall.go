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

// recalled is [evaluator.networkPolicies] for a peer that is not the node of the pods,
// on a side of a class on which they decide alone.
func (e *evaluator) recalled(s *side, class int32, p peer, layout int32) portRange {
	every := portRange{allPorts, allPorts}
	if len(s.rules) > 64 {
		return e.networkPolicies(s, p, layout, never, every)
	}
	known := e.recallOf(s, class)
	if !known.named {
		layout = 0
	}
	var sure, may uint64
	for i := range s.rules {
		switch s.rules[i].matches(p) {
		case surely:
			sure |= 1 << i
		case maybe:
			may |= 1 << i
		case never:
		}
	}
	for i := range known.entries {
		if k := &known.entries[i]; k.sure == sure && k.may == may && k.layout == layout {
			return k.ports
		}
	}
	out := e.networkPolicies(s, p, layout, never, every)
	if len(known.entries) < mostRecalled {
		known.entries = append(known.entries, recalled{sure, may, layout, out})
	}
	return out
}
