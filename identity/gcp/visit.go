// SPDX-License-Identifier: Apache-2.0

package gcp

import (
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
)

// A visit follows what one identity has.
type visit struct {
	*walk
	reached
	standing string   // what policies that tell identities apart say of it
	attached []usable // accounts that it may attach
	running  []usable // projects in which it may run something
}

// A usable is a target that an identity may use in some way.
type usable struct {
	t    *target
	hops []bulkhead.Hop
	g    *grant
	miss []string
}

// A roleAsks is what the answers of a role are kept by.
type roleAsks struct {
	role *role
	asks *asks
}

// A matched is an ask that a role may answer.
type matched struct {
	ask
	lacks []string
}

func (w *walk) visit(r reached) {
	v := visit{walk: w, reached: r, standing: w.standing(r.id)}
	for _, g := range w.grantsOf(r.id) {
		v.grant(g, nil)
	}
	w.perhapsOf(r.id, func(g *grant, match identity.Match) { v.grant(g, match.Missing) })
	v.perhapsUnseen()
	v.combine()
}

// A followed is a grant that was followed for somebody of a standing.
type followed struct {
	g        *grant
	standing string
}

// standing returns what deny policies and boundaries have to say of an identity. Two of
// one standing get the same from the same grant.
func (m *model) standing(id who) string {
	out := []byte{byte('0' + id.part)}
	for _, d := range m.denials {
		for _, rule := range d.policy.Rules {
			if rule.DenyRule != nil {
				out = append(out, byte('0'+m.among(rule.DenyRule.DeniedPrincipals, id).Answer), byte('0'+m.among(rule.DenyRule.ExceptionPrincipals, id).Answer))
			}
		}
	}
	for _, binding := range m.BoundaryBindings {
		out = append(out, byte('0'+m.inSet(binding.Target.PrincipalSet, id).Answer))
	}
	return string(out)
}

// grant follows a grant that the identity has, or may have.
func (v *visit) grant(g *grant, lacks []string) {
	if len(lacks) > 0 && v.followed[followed{g, v.standing}] && !v.combines(g.role) {
		return // was followed for somebody, and does the same for all
	}
	if g.role.home != "" {
		v.holders[g.role.name] = append(v.holders[g.role.name], holding{v.reached, g, lacks})
	}
	v.through(g, g.role, lacks, nil)
	if path := v.rewritten[g.role.name]; path != nil {
		v.through(g, everything(), lacks, path)
	}
	v.conveniently(g, lacks)
}

// through follows a grant as if it gave a role. If the role is another than the
// grant's, the path tells how it was rewritten.
func (v *visit) through(g *grant, r *role, lacks []string, rewriting *trail) {
	key := followed{g, v.standing}
	again := rewriting == nil && len(lacks) > 0 && v.followed[key]
	v.followed[key] = v.followed[key] || rewriting == nil && len(lacks) > 0
	found := crossing{visit: v, g: g, lacks: lacks, rewriting: rewriting}
	for _, t := range g.on.targets {
		found.at(t, v.answers(r, t.asks), again)
	}
	found.report()
}

// combines reports whether a role may give one of two permissions that lead somewhere
// together.
func (w *walk) combines(r *role) bool {
	return r.has(actAs).Answer != identity.No || slices.ContainsFunc(running(), func(p string) bool { return r.has(p).Answer != identity.No })
}

// answers returns the asks of a target that a role may answer.
func (w *walk) answers(r *role, list *asks) []matched {
	key := roleAsks{r, list}
	if r.all {
		key.role = nil
	}
	if kept, ok := w.matched[key]; ok {
		return kept
	}
	var out []matched
	for _, a := range *list {
		if match := r.has(a.permission); match.Answer != identity.No {
			out = append(out, matched{a, match.Missing})
		}
	}
	w.matched[key] = out
	return out
}

// decide says whether a grant gives the identity a permission, for certain if nothing
// is missing. It returns the deny policy that would forbid it and is taken away.
func (v *visit) decide(g *grant, permission string, on *resource) (ok bool, missing []string, lifted *denial) {
	if g.condition != nil {
		holds := v.holds(g.condition.Expression, on, permission)
		if holds.Answer == identity.No {
			return false, nil, nil
		}
		missing = append(missing, holds.Missing...)
	}
	if len(on.denied) > 0 {
		denied := v.denied(v.id, permission, on)
		if denied.Answer == identity.Yes {
			return false, nil, nil
		}
		missing = append(missing, denied.Missing...)
		lifted = v.liftedFor(v.id, permission, on)
	}
	if len(v.BoundaryBindings) > 0 {
		bounded := v.bounded(v.id, permission, on)
		if bounded.Answer == identity.Yes {
			return false, nil, nil
		}
		missing = append(missing, bounded.Missing...)
	}
	return true, missing, lifted
}

// conveniently follows grants to whoever holds a basic role on a project.
func (v *visit) conveniently(g *grant, lacks []string) {
	switch g.role.name {
	case "roles/owner", "roles/editor", "roles/viewer":
	default:
		return
	}
	if g.condition != nil {
		lacks = append(slices.Clone(lacks), "whether "+g.role.name+" is held while its condition does not hold")
	}
	for _, key := range v.holderKeys(g) {
		more := lacks
		if key[1] != g.on.name {
			more = append(slices.Clone(lacks), "whether members of the form projectViewer:PROJECT count those that hold "+g.role.name+" on "+g.on.name)
		}
		path := v.path.then(g.hop("gives " + v.id.String() + " " + g.role.name)).closedBy(g.change())
		next := visit{walk: v.walk, reached: reached{v.id, path}, standing: v.standing}
		for _, other := range v.byHolder[key] {
			next.through(other, other.role, more, nil)
		}
	}
}

// holderKeys returns the keys of the grants to those who have a basic role by a grant.
func (v *visit) holderKeys(g *grant) [][2]string {
	if g.on.kind == projectType {
		return [][2]string{{g.role.name, g.on.name}}
	}
	var out [][2]string
	for key := range v.byHolder {
		if project := v.find(key[1]); key[0] == g.role.name && project != nil && project.isBelow(g.on) {
			out = append(out, key)
		}
	}
	slices.SortFunc(out, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	return out
}

// perhapsUnseen follows grants that may be in policies which are not there, for the
// first of each standing. For the others it may add up with what they have.
func (v *visit) perhapsUnseen() {
	first := v.unseen[v.standing]
	if first != nil && len(v.attached) == 0 && len(v.running) == 0 {
		return // what came of that adds up to no more than it did then
	}
	if first == nil {
		first = &visit{walk: v.walk, reached: v.reached, standing: v.standing}
		v.unseen[v.standing] = first
		first.followUnseen()
	}
	v.attached = append(v.attached, first.attached...)
	v.running = append(v.running, first.running...)
}

func (v *visit) followUnseen() {
	for _, t := range v.obscure {
		g := &grant{on: t.on, role: everything(), member: identity.Member{Text: "somebody"}, virtual: t.on.missing}
		found := crossing{visit: v, g: g, lacks: t.on.missing}
		found.at(t, slices.DeleteFunc(slices.Clone(v.answers(g.role, t.asks)), func(m matched) bool {
			return (m.does == liftsDenials || m.does == liftsBoundaries) && !t.on.top && len(t.on.up) > 1
		}), false)
		found.report()
	}
}

// combine follows what takes two permissions: an account is attached to what is run.
func (v *visit) combine() {
	for _, a := range v.attached {
		if v.known[account(a.t.email)] || len(a.miss) > 0 && v.noted[noted{mayBecome, a.t.on, whole}] {
			continue
		}
		var best *usable
		var lacks []string
		for i := range v.running {
			r := &v.running[i]
			missing := slices.Concat(a.miss, r.miss)
			if !a.t.on.isBelow(r.t.on) {
				missing = append(missing, "whether accounts of "+projectIn(a.t.on.name)+" may be attached to what runs in "+projectIn(r.t.on.name)+
					" (organization policy iam.disableCrossProjectServiceAccountUsage)")
			}
			if best == nil || len(missing) < len(lacks) {
				best, lacks = r, missing
			}
		}
		if best == nil {
			v.attach(v.id, a)
			continue
		}
		path := v.path.then(slices.Concat(a.hops, best.hops)...).closedBy(a.g.change()).as(ActsAs).unless(lacks)
		v.become(mayBecome, a.t, account(a.t.email), path)
	}
}

// become reaches an identity of a target.
func (w *walk) become(does effect, t *target, id who, path *trail) {
	key := noted{does, t.on, id.part}
	if path.unsure && w.noted[key] || w.known[id] {
		return
	}
	w.noted[key] = w.noted[key] || path.unsure
	w.gain(path, func(path *trail) { w.reach(id, path) })
}
