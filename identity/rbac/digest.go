// SPDX-License-Identifier: Apache-2.0

package rbac

import "slices"

// A digest is what rules lead to, as far as one rule is not as good as another: each
// edge once, and once for each rule that is limited to names where these matter.
type digest struct {
	matches []*match
	asks    []ask
}

// everything reports whether one of the rules gives all rights.
func (d digest) everything() bool {
	return slices.ContainsFunc(d.matches, func(m *match) bool { return m.edge.id == Admin })
}

// A right that is limited to more than mostNames names, or in more than mostRules
// rules of a role, counts as not limited, so that hostile roles take no more time than
// others.
const (
	mostNames = 1000
	mostRules = 100
)

// A digester makes a digest.
type digester struct {
	digest
	known []known // by rank of edges
	asked map[Deputy]bool
}

type known struct {
	whole        bool // without a limit
	rules, names int
}

func newDigester() *digester { return &digester{asked: make(map[Deputy]bool)} }

func (d *digester) add(matches []*match, asks []ask) {
	for _, m := range matches {
		d.match(m)
	}
	for _, a := range asks {
		if !d.asked[a.deputy] {
			d.asked[a.deputy] = true
			d.asks = append(d.asks, a)
		}
	}
}

func (d *digester) match(m *match) {
	for len(d.known) <= m.edge.rank {
		d.known = append(d.known, known{})
	}
	k := &d.known[m.edge.rank]
	if k.whole {
		return
	}
	k.rules, k.names = k.rules+1, k.names+len(m.names)
	k.whole = len(m.names) == 0 || !m.edge.heedsNames()
	if !k.whole && (k.rules > mostRules || k.names > mostNames) {
		unlimited := *m
		unlimited.names, k.whole = nil, true
		m = &unlimited
	}
	d.matches = append(d.matches, m)
}

// done returns the digest. Of an edge without a limit no other rule is needed.
func (d *digester) done() digest {
	d.matches = slices.DeleteFunc(d.matches, func(m *match) bool {
		return d.known[m.edge.rank].whole && len(m.names) > 0 && m.edge.heedsNames()
	})
	return d.digest
}

// digests works out of each role what it leads to: first what its own rules do, then
// what those of each selection of roles do together.
func (c *Cluster) digests(a *atlas) {
	for _, r := range c.roles {
		d := newDigester()
		for _, rule := range r.rules {
			d.add(a.of(rule), nil)
		}
		d.add(nil, c.outside.asksOf(r))
		r.own = d.done()
		r.leads = r.own
	}
	round := 0
	for _, r := range c.roles {
		if len(r.selections) == 0 {
			continue
		}
		d := newDigester()
		d.add(r.own.matches, r.own.asks)
		for _, s := range r.selections {
			if s.leads == nil {
				round++
				s.digest(round)
			}
			d.add(s.leads.matches, s.leads.asks)
		}
		r.leads = d.done()
	}
}

// digest works out what the rules of all members lead to, and of those that they
// select in turn. What has the number of the round has been added.
func (s *selection) digest(round int) {
	d := newDigester()
	s.round = round
	for stack := slices.Clone(s.members); len(stack) > 0; {
		r := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if r.round == round {
			continue
		}
		r.round = round
		d.add(r.own.matches, r.own.asks)
		for _, next := range r.selections {
			if next.round != round {
				next.round = round
				stack = append(stack, next.members...)
			}
		}
	}
	leads := d.done()
	s.leads = &leads
}
