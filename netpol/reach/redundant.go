// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"cmp"
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
)

// A Redundancy is a policy, or a rule of one, that changes nothing between the pods
// of the input and the rest of the world. Each can go alone; of two that say the
// same, not both can.
type Redundancy struct {
	Policy bulkhead.Ref
	Field  string // the rule, such as spec.ingress[0]; empty for the whole policy
}

// Redundant returns the policies and rules that change nothing, in order. Rules of a
// policy that changes nothing are not listed. Each side is judged alone: a rule that
// opens what the other side closes does change something.
func (c *Cluster) Redundant() []Redundancy {
	s := c.now.Load()
	r := redundancy{evaluator: newEvaluator(s), governed: make(map[*side][]int32), sides: make(map[*policy][]*side)}
	for d := range s.sides {
		for class, side := range s.sides[d] {
			r.governed[side] = append(r.governed[side], int32(class))
			for _, entries := range [][]entry{side.admin, side.policies, side.baseline} {
				for _, e := range entries {
					r.note(e.policy, side)
				}
			}
		}
	}
	var out []Redundancy
	for _, p := range s.everyPolicy() {
		if r.idle(p, nil) {
			out = append(out, Redundancy{Policy: p.ref})
			continue
		}
		for d := range p.rules {
			for i := range p.rules[d] {
				if gone := &p.rules[d][i]; r.idle(p, gone) {
					out = append(out, Redundancy{p.ref, gone.path(direction(d))})
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b Redundancy) int { return cmp.Or(a.Policy.Compare(b.Policy), compareRules(a.Field, b.Field)) })
	return out
}

// compareRules orders rules by direction and number.
func compareRules(a, b string) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}

type redundancy struct {
	*evaluator
	governed map[*side][]int32 // classes by their side
	sides    map[*policy][]*side
}

func (r *redundancy) note(p *policy, s *side) {
	if list := r.sides[p]; !slices.Contains(list, s) {
		r.sides[p] = append(list, s)
	}
}

// idle reports whether the sides of a policy let through the same without one of its
// rules or, if that is nil, without the policy.
func (r *redundancy) idle(p *policy, gone *rule) bool {
	for _, s := range r.sides[p] {
		less := s.without(p, gone)
		if !r.same(s, less, r.concerned(p, gone, s, less)) {
			return false
		}
	}
	return true
}

// A concern is the peers for which the lack of a rule or a policy may matter.
type concern struct {
	classes set
	outside bool // addresses outside the cluster too
}

// concerned returns the peers of the rule that is gone or, of a policy, those of its
// rules, unless the pods are isolated otherwise without it.
func (r *redundancy) concerned(p *policy, gone *rule, s, less *side) concern {
	everyone := concern{allUpTo(len(r.classes)), true}
	if gone == nil && p.kind == networkPolicy && (s.isolated != surely || less.isolated != surely) {
		return everyone
	}
	out := concern{classes: newSet(0, len(r.classes))}
	for i := range p.rules[s.direction] {
		one := &p.rules[s.direction][i]
		switch {
		case gone != nil && one != gone:
		case one.everyone:
			return everyone
		default:
			out.classes.or(one.peers.may)
			out.outside = out.outside || one.domains || !one.addrs.Empty()
		}
	}
	return out
}

// without returns a side that lacks a rule of a policy or, if that is nil, the policy.
func (s *side) without(p *policy, gone *rule) *side {
	shorter := func(entries []entry) []entry {
		var out []entry
		for _, e := range entries {
			if e.policy != p {
				out = append(out, e)
				continue
			}
			if gone == nil {
				continue
			}
			rest := *p
			rest.rules[s.direction] = slices.DeleteFunc(slices.Clone(p.rules[s.direction]), func(one rule) bool {
				return &p.rules[s.direction][one.index] == gone
			})
			out = append(out, entry{&rest, e.selects})
		}
		return out
	}
	return newSide(s.direction, shorter(s.policies), shorter(s.admin), shorter(s.baseline), s.foreign)
}

// ownNodes returns how a peer may be the node of a pod, whatever node that runs on.
func (r *redundancy) ownNodes(d direction, p peer) []match {
	if d == ingress || p.class < 0 || !r.classes[p.class].host {
		return []match{never}
	}
	return []match{never, r.plane.toOwnNode}
}

// same reports whether two sides let the same through between their pods and the peers
// for which it may matter.
func (r *redundancy) same(a, b *side, to concern) bool {
	layouts := make(map[int32]bool)
	for _, c := range r.governed[a] {
		layouts[r.classes[c].layout] = true
	}
	equal := func(p peer, layout int32) bool {
		for _, ownNode := range r.ownNodes(a.direction, p) {
			if r.side(a, p, layout, ownNode) != r.side(b, p, layout, ownNode) {
				return false
			}
		}
		return true
	}
	for c := range to.classes.each {
		p := peer{class: c}
		if a.direction == egress {
			if !equal(p, r.classes[c].layout) {
				return false
			}
			continue
		}
		for l := range layouts {
			if !equal(p, l) {
				return false
			}
		}
	}
	if !to.outside {
		return true
	}
	for _, at := range atoms([]*side{a}) {
		p := peer{class: -1, addr: first(at)}
		if a.direction == egress {
			if !equal(p, 0) {
				return false
			}
			continue
		}
		for l := range layouts {
			if !equal(p, l) {
				return false
			}
		}
	}
	return true
}
