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
	standing int
	halves   []half // what leads somewhere only together
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
	v := &visit{walk: w, reached: r, standing: w.standing(r.id)}
	for _, g := range w.grantsOf(r.id) {
		v.grant(g, nil)
	}
	w.perhapsOf(r.id, func(g *grant, match identity.Match) { v.grant(g, match.Missing) })
	v.perhapsUnseen()
	v.combine()
}

// standing returns a number for what deny policies and boundaries have to say of an
// identity. Two of one standing get the same from the same grant.
func (w *walk) standing(id who) int {
	out := []byte{byte('0' + id.part)}
	for _, d := range w.denials {
		for _, rule := range d.policy.Rules {
			if rule.DenyRule != nil {
				out = append(out, byte('0'+w.among(rule.DenyRule.DeniedPrincipals, id).Answer), byte('0'+w.among(rule.DenyRule.ExceptionPrincipals, id).Answer))
			}
		}
	}
	for _, binding := range w.BoundaryBindings {
		out = append(out, byte('0'+w.inSet(binding.Target.PrincipalSet, id).Answer))
	}
	number, known := w.standings[string(out)]
	if !known {
		number = len(w.standings)
		w.standings[string(out)] = number
	}
	return number
}

// grant follows a grant that the identity has, or may have.
func (v *visit) grant(g *grant, lacks []string) {
	if again := v.classes[classOf(g, lacks, way{}, v.standing)]; again != nil && len(lacks) > 0 {
		v.keep(half{class: again, g: g}) // was followed for somebody, and does the same for all
		return
	}
	if g.role.home != "" {
		v.holders[g.role.name] = append(v.holders[g.role.name], holding{v, g, lacks})
	}
	v.through(g, g.role, lacks, way{})
	if path := v.rewritten[g.role.name]; path != nil {
		v.through(g, v.anyRole, lacks, way{rewriting: path})
	}
	v.conveniently(g, lacks)
}

// through follows a grant as if it gave a role, on some way to it.
func (v *visit) through(g *grant, r *role, lacks []string, on way) {
	key := classOf(g, lacks, on, v.standing)
	found := crossing{visit: v, g: g, lacks: lacks, way: on, class: v.classes[key]}
	first := found.class == nil
	if first {
		found.class = &class{}
		v.classes[key] = found.class
		for _, t := range g.on.targets {
			found.at(t, v.answers(r, t.asks))
		}
	}
	if first || len(lacks) == 0 {
		found.lack(found.unsure)
	}
	found.report()
	v.keep(half{class: found.class, g: g, way: on})
}

// answers returns the asks of a target that a role may answer.
func (w *walk) answers(r *role, list *asks) []matched {
	key := roleAsks{r, list}
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
		for _, other := range v.byHolder[key] {
			v.through(other, other.role, more, way{basic: g})
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
	unseen, known := v.unseen[v.standing]
	if !known {
		unseen = v.followUnseen()
		v.unseen[v.standing] = unseen
	}
	if !known || len(v.halves) > 0 {
		v.keep(half{class: unseen})
	}
}

func (v *visit) followUnseen() *class {
	out := &class{}
	for _, t := range v.obscure {
		g := &grant{on: t.on, role: v.anyRole, member: identity.Member{Text: "somebody"}, virtual: true}
		found := crossing{visit: v, g: g, lacks: t.on.missing, class: out}
		found.at(t, slices.DeleteFunc(slices.Clone(v.answers(g.role, t.asks)), func(m matched) bool {
			return (m.does == liftsDenials || m.does == liftsBoundaries) && !t.on.top && len(t.on.up) > 1
		}))
	}
	v.lackAlso(v.path, out.unsure)
	return out
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

// hop is the step of a path that a permission of a grant is.
func (v *visit) hop(g *grant, permission string, t *target) bulkhead.Hop {
	return g.hop("lets " + v.id.String() + " use " + permission + " on " + t.on.name)
}
