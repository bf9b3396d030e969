// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"cmp"
	"encoding/binary"
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
)

// A side is all that governs the pods of a class in one direction. Classes that the
// same policies select share it.
type side struct {
	direction direction
	admin     []entry // in order of precedence
	baseline  []entry
	isolated  match // by a NetworkPolicy
	policies  []entry
	rules     []sideRule     // those of policies
	foreign   []bulkhead.Ref // policies that are not read
	alone     bool           // NetworkPolicies decide alone
}

// An entry is a policy that selects the pods, or may.
type entry struct {
	*policy
	selects match
}

// A sideRule is a rule of a NetworkPolicy that selects the pods, or may.
type sideRule struct {
	*rule
	selects match
}

// open reports whether nothing governs the pods.
func (s *side) open() bool {
	return len(s.admin)+len(s.baseline)+len(s.policies)+len(s.foreign) == 0
}

// A sideBuilder gives classes their sides.
type sideBuilder struct {
	*topology
	admin, baseline []*policy // in order of precedence
	foreign         [][]bulkhead.Ref
	foreignCluster  []bulkhead.Ref
	foreignNodes    []bulkhead.Ref
}

// build returns the sides of the classes of one namespace, in their order, from the
// NetworkPolicies of the namespace. A pod on the host network is governed only as
// far as the dataplane may select it, and a node is not.
func (b *sideBuilder) build(ns int32, policies []*policy, d direction) []*side {
	n := &b.namespaces[ns]
	selecting := make([][]entry, n.end-n.first)
	for _, p := range policies {
		if !p.governs[d] {
			continue
		}
		for c := range p.subject.may.each {
			selecting[int(c)-n.first] = append(selecting[int(c)-n.first], entry{p, matchOf(p.subject, c)})
		}
	}
	out := make([]*side, len(selecting))
	seen := make(map[string]*side)
	var key []byte
	at := positions(policies)
	for i, entries := range selecting {
		c := int32(n.first + i)
		admin, baseline := entriesOf(b.admin, c, d), entriesOf(b.baseline, c, d)
		foreign := b.foreignTo(ns, c)
		key = appendKey(key[:0], entries, at)
		key = appendKey(append(key, '|'), admin, nil)
		key = appendKey(append(key, '|'), baseline, nil)
		key = binary.AppendUvarint(append(key, '|'), uint64(len(foreign)))
		s, found := seen[string(key)]
		if !found {
			s = newSide(d, entries, admin, baseline, foreign)
			seen[string(key)] = s
		}
		out[i] = s
	}
	return out
}

func matchOf(m matches, c int32) match {
	switch {
	case m.sure.has(c):
		return surely
	case m.may.has(c):
		return maybe
	default:
		return never
	}
}

func entriesOf(policies []*policy, c int32, d direction) []entry {
	var out []entry
	for _, p := range policies {
		if m := matchOf(p.subject, c); m != never && p.governs[d] {
			out = append(out, entry{p, m})
		}
	}
	return out
}

// foreignTo returns the policies that are not read and may be about a class.
func (b *sideBuilder) foreignTo(ns, c int32) []bulkhead.Ref {
	if b.classes[c].host {
		return b.foreignNodes
	}
	if len(b.foreign[ns]) == 0 {
		return b.foreignCluster
	}
	return slices.Concat(b.foreignCluster, b.foreign[ns])
}

func positions(policies []*policy) map[*policy]int {
	out := make(map[*policy]int, len(policies))
	for i, p := range policies {
		out[p] = i
	}
	return out
}

// appendKey appends what tells a list of entries from others: their positions or,
// without positions, their number in order, which a class of one namespace may
// share only if the policies are the same.
func appendKey(key []byte, entries []entry, at map[*policy]int) []byte {
	for _, e := range entries {
		key = binary.AppendUvarint(key, uint64(at[e.policy]))
		key = append(key, byte(e.selects))
		if at == nil {
			key = append(key, e.ref.Kind...)
			key = append(key, e.ref.Name...)
			key = append(key, 0)
		}
	}
	return key
}

func newSide(d direction, policies, admin, baseline []entry, foreign []bulkhead.Ref) *side {
	s := &side{direction: d, admin: admin, baseline: baseline, policies: policies, foreign: foreign}
	for _, e := range policies {
		s.isolated = s.isolated.or(e.selects)
		for i := range e.rules[d] {
			s.rules = append(s.rules, sideRule{&e.rules[d][i], e.selects})
		}
	}
	s.alone = len(s.foreign)+len(s.admin) == 0 && s.isolated != never && (s.isolated == surely || len(s.baseline) == 0)
	return s
}

// inOrder sorts the policies of a tier: by priority and, where the dataplane is free
// to choose, by name.
func inOrder(policies []*policy) {
	slices.SortFunc(policies, func(a, b *policy) int {
		return cmp.Or(cmp.Compare(a.priority, b.priority), cmp.Compare(a.ref.Name, b.ref.Name), a.ref.Compare(b.ref))
	})
}
