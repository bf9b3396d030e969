// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"slices"
	"sync"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// A builder makes states. It keeps what the next one can be made from.
type builder struct {
	state    *state
	compiler *compiler
	refused  map[bulkhead.Ref]bulkhead.Findings // policies that the API server refuses
	unread   map[bulkhead.Ref]bulkhead.Finding  // policies of kinds that are not read
}

// newBuilder makes the first state from items, which are in order. Of expected see
// newTopology.
func newBuilder(items []item, plane dataplane, expected string) *builder {
	b := &builder{refused: make(map[bulkhead.Ref]bulkhead.Findings), unread: make(map[bulkhead.Ref]bulkhead.Finding)}
	var places []bulkhead.Object
	var policies []item
	for _, it := range items {
		switch it.role {
		case placeRole:
			places = append(places, it.obj)
		case policyRole:
			policies = append(policies, it)
		default:
		}
	}
	var judged sync.WaitGroup // neither needs the other, and both take a while
	judged.Go(func() { b.judge(policies) })
	t := newTopology(places, boundsOf(policies), plane, expected)
	judged.Wait()
	b.compiler = newCompiler(t, plane, newSpecTable())
	s := &state{
		topology: t, plane: plane,
		policies: make([][]*policy, len(t.namespaces)),
		foreign:  make([][]bulkhead.Ref, len(t.namespaces)),
		services: newServices(items),
	}
	for _, it := range policies {
		b.place(s, it)
	}
	inOrder(s.admin)
	inOrder(s.baseline)
	s.sides = [2][]*side{make([]*side, t.podClasses), make([]*side, t.podClasses)}
	for ns := range t.namespaces {
		s.buildSides(int32(ns))
	}
	s.buildNodeSides()
	b.state = s
	return b
}

// compile returns nil for a policy that is not read. What the API server refuses may
// still be in force, since older servers refused less, and of several policies of one
// name any may be; so such a policy may select what it says.
func (b *builder) compile(it item, obj bulkhead.Object) *policy {
	p := b.read(it, obj)
	if p == nil {
		return nil
	}
	p.refused, p.rivalled = b.refused[it.ref] != nil, len(it.rivals) > 0
	if p.refused && b.compiler.plane.refused != surely || p.rivalled {
		p.subject.sure = set{}
	}
	return p
}

func (b *builder) read(it item, obj bulkhead.Object) *policy {
	if np, ok := obj.(*networkingv1.NetworkPolicy); ok {
		return b.compiler.networkPolicy(it.ref, np)
	}
	if spec, ok := specOf(obj, b.compiler.plane); ok {
		return b.compiler.tierPolicy(it.ref, obj, spec)
	}
	return nil
}

// place puts the policies of a name where they belong in a state that is being made.
func (b *builder) place(s *state, it item) {
	for _, obj := range it.objects() {
		b.placeOne(s, it, obj)
	}
}

func (b *builder) placeOne(s *state, it item, obj bulkhead.Object) {
	p := b.compile(it, obj)
	_, unread := b.unread[it.ref]
	ns, found := s.nsIndex[it.ref.Namespace]
	switch {
	case p == nil && (!unread || it.ref.Group == "extensions"): // no policy, or one that the API server does not serve
	case p == nil && it.ref.Namespace == "":
		s.foreignCluster = append(s.foreignCluster, it.ref)
		if maySelectNodes(obj) {
			s.foreignNodes = append(s.foreignNodes, it.ref)
		}
	case p == nil && found:
		s.foreign[ns] = append(s.foreign[ns], it.ref)
	case p == nil:
	case p.kind == adminTier:
		s.admin = append(s.admin, p)
	case p.kind == baselineTier:
		s.baseline = append(s.baseline, p)
	case found:
		s.policies[ns] = append(s.policies[ns], p)
	default:
		s.homeless = append(s.homeless, p)
	}
}

func (s *state) buildSides(ns int32) {
	b := sideBuilder{topology: s.topology, admin: s.admin, baseline: s.baseline, foreign: s.foreign, foreignCluster: s.foreignCluster, foreignNodes: s.foreignNodes}
	for _, d := range []direction{egress, ingress} {
		copy(s.sides[d][s.namespaces[ns].first:], b.build(ns, s.policies[ns], d))
	}
}

// buildNodeSides gives nodes their sides: no policy that is read is about them.
func (s *state) buildNodeSides() {
	for _, d := range []direction{egress, ingress} {
		s.ofNodes[d] = &side{direction: d, foreign: s.foreignNodes}
	}
}

// next makes the state that follows from one by changes that do not say who there
// is. It returns false if that takes a new topology.
func (b *builder) next(from *state, in, out []item, services func() *services) bool {
	var policies []item
	newServices := false
	for _, it := range in {
		if it.role == policyRole {
			policies = append(policies, it)
		}
		newServices = newServices || it.role == serviceRole
	}
	for _, it := range out {
		newServices = newServices || it.role == serviceRole
	}
	b.judge(policies)
	if from.splitBy(boundsOf(policies)) {
		return false
	}
	s := *from
	if newServices {
		s.services = services()
	}
	s.policies, s.foreign = slices.Clone(s.policies), slices.Clone(s.foreign)
	touched, everywhere := make(map[int32]bool), false
	for _, it := range slices.Concat(in, out) {
		if it.role != policyRole {
			continue
		}
		if ns, found := s.nsIndex[it.ref.Namespace]; found {
			touched[ns] = true
		} else if it.ref.Namespace == "" {
			everywhere = true
		}
		s.drop(it.ref)
	}
	for _, it := range out {
		delete(b.refused, it.ref)
		delete(b.unread, it.ref)
	}
	for _, it := range policies {
		b.place(&s, it)
	}
	s.reorder(touched, everywhere)
	s.sides = [2][]*side{slices.Clone(s.sides[egress]), slices.Clone(s.sides[ingress])}
	for ns := range s.namespaces {
		if everywhere || touched[int32(ns)] {
			s.buildSides(int32(ns))
		}
	}
	s.buildNodeSides()
	b.state = &s
	return true
}

// drop takes a policy out of its list, without changing what older states see.
func (s *state) drop(ref bulkhead.Ref) {
	without := func(list []*policy) []*policy {
		return slices.DeleteFunc(slices.Clone(list), func(p *policy) bool { return p.ref == ref })
	}
	refs := func(list []bulkhead.Ref) []bulkhead.Ref {
		return slices.DeleteFunc(slices.Clone(list), func(r bulkhead.Ref) bool { return r == ref })
	}
	ns, found := s.nsIndex[ref.Namespace]
	switch {
	case found:
		s.policies[ns], s.foreign[ns] = without(s.policies[ns]), refs(s.foreign[ns])
	case ref.Namespace == "":
		s.admin, s.baseline = without(s.admin), without(s.baseline)
		s.foreignCluster, s.foreignNodes = refs(s.foreignCluster), refs(s.foreignNodes)
	default:
		s.homeless = without(s.homeless)
	}
}

// reorder sorts the lists that a change has touched as newBuilder would have them.
func (s *state) reorder(touched map[int32]bool, everywhere bool) {
	byRef := func(a, b *policy) int { return a.ref.Compare(b.ref) }
	for ns := range touched {
		slices.SortFunc(s.policies[ns], byRef)
		slices.SortFunc(s.foreign[ns], bulkhead.Ref.Compare)
	}
	slices.SortFunc(s.homeless, byRef)
	if everywhere {
		inOrder(s.admin)
		inOrder(s.baseline)
		slices.SortFunc(s.foreignCluster, bulkhead.Ref.Compare)
		slices.SortFunc(s.foreignNodes, bulkhead.Ref.Compare)
	}
}
