// SPDX-License-Identifier: Apache-2.0

package reach

// A trace collects what decides about a connection. A nil trace collects nothing.
type trace struct {
	steps []step
}

// A step is one thing that decides, or may.
type step struct {
	kind      stepKind
	direction direction
	rule      *rule
	side      *side
	match     match
	selects   match
}

type stepKind int

const (
	byRule stepKind = iota
	byIsolation
	byDefault
	byForeign
	byOwnNode
	byKubelet
)

func (t *trace) rule(d direction, r *rule, m, selects match) {
	if t != nil {
		t.steps = append(t.steps, step{kind: byRule, direction: d, rule: r, match: m, selects: selects})
	}
}

func (t *trace) isolation(s *side) {
	if t != nil {
		t.steps = append(t.steps, step{kind: byIsolation, direction: s.direction, side: s})
	}
}

func (t *trace) byDefault(s *side) {
	if t != nil {
		t.steps = append(t.steps, step{kind: byDefault, direction: s.direction, side: s})
	}
}

func (t *trace) foreign(s *side) {
	if t != nil {
		t.steps = append(t.steps, step{kind: byForeign, direction: s.direction, side: s})
	}
}

func (t *trace) ownNode(s *side) {
	if t != nil {
		t.steps = append(t.steps, step{kind: byOwnNode, direction: s.direction, side: s})
	}
}

func (t *trace) kubelet(d direction) {
	if t != nil {
		t.steps = append(t.steps, step{kind: byKubelet, direction: d})
	}
}
