// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"cmp"
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol/internal/space"
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
	r := newRedundancy(s)
	var out []Redundancy
	for _, p := range s.everyPolicy() {
		if r.idle(p, egress, nil) && r.idle(p, ingress, nil) {
			out = append(out, Redundancy{Policy: p.ref})
			continue
		}
		for _, d := range []direction{egress, ingress} {
			for i := range p.rules[d] {
				if gone := &p.rules[d][i]; r.idle(p, d, gone) {
					out = append(out, Redundancy{p.ref, gone.path(d)})
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
	sides   [2]map[*policy][]*side
	layouts map[*side][]int32 // of the pods that a side governs
	atoms   map[*side][]space.Addresses
}

func newRedundancy(s *state) *redundancy {
	r := &redundancy{
		evaluator: newEvaluator(s), sides: [2]map[*policy][]*side{make(map[*policy][]*side), make(map[*policy][]*side)},
		layouts: make(map[*side][]int32), atoms: make(map[*side][]space.Addresses),
	}
	for d := range s.sides {
		for class, side := range s.sides[d] {
			layouts, seen := r.layouts[side]
			if l := s.classes[class].layout; !slices.Contains(layouts, l) {
				r.layouts[side] = append(layouts, l)
			}
			if seen {
				continue
			}
			for _, e := range slices.Concat(side.admin, side.policies, side.baseline) {
				r.sides[d][e.policy] = append(r.sides[d][e.policy], side)
			}
		}
	}
	return r
}

// idle reports whether the sides of a policy in a direction let through the same
// without one of its rules or, if that is nil, without the policy.
func (r *redundancy) idle(p *policy, d direction, gone *rule) bool {
	rules := p.rules[d]
	if gone != nil {
		rules = rules[gone.index : gone.index+1]
	}
	ofRules := r.concerned(rules)
	for _, s := range r.sides[d][p] {
		less, to := s.without(p, gone), ofRules
		if gone == nil && p.kind == networkPolicy && (s.isolated != surely || less.isolated != surely) {
			to = r.everyone() // the policy may be what isolates the pods
		}
		if !r.same(s, less, to) {
			return false
		}
	}
	return true
}

// A concern is the peers for which the lack of a rule or a policy may matter.
type concern struct {
	classes set
	addrs   space.Addresses // outside the cluster
}

func (r *redundancy) everyone() concern { return concern{allUpTo(len(r.classes)), everyAddress()} }

// concerned returns the peers of rules.
func (r *redundancy) concerned(rules []rule) concern {
	out := concern{classes: newSet(0, len(r.classes))}
	var addrs []space.Addresses
	for i := range rules {
		one := &rules[i]
		if one.everyone {
			return r.everyone()
		}
		out.classes.or(one.peers.may)
		addrs = append(addrs, one.addrs)
		if one.domains {
			addrs = append(addrs, everyAddress())
		}
	}
	out.addrs = space.Addresses{}.Union(addrs...)
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
	for c := range to.classes.each {
		if !r.equal(a, b, peer{class: c}, r.classes[c].layout) {
			return false
		}
	}
	if to.addrs.Empty() {
		return true
	}
	for _, atom := range r.atomsOf(a) {
		if atom.Overlaps(to.addrs) && !r.equal(a, b, peer{class: -1, addr: first(atom)}, 0) {
			return false
		}
	}
	return true
}

// equal reports whether two sides let the same through between their pods and a peer,
// which has a layout.
func (r *redundancy) equal(a, b *side, p peer, layout int32) bool {
	layouts := r.layouts[a] // of the receiving pods
	if a.direction == egress {
		layouts = []int32{layout}
	}
	for _, ownNode := range r.ownNodes(a.direction, p) {
		for _, l := range layouts {
			if r.side(a, p, l, ownNode) != r.side(b, p, l, ownNode) {
				return false
			}
		}
	}
	return true
}

func (r *redundancy) atomsOf(s *side) []space.Addresses {
	out, found := r.atoms[s]
	if !found {
		out = atoms([]*side{s})
		r.atoms[s] = out
	}
	return out
}
