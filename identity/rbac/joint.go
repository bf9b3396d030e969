// SPDX-License-Identifier: Apache-2.0

package rbac

import (
	"maps"
	"slices"
	"strings"
)

// A half is a right that leads further only together with another.
type half struct {
	*match
	namespace string // empty for all
	seat      seat
	lead      *trail // to its role, where no binding gives it
}

// A halves has them by what they are half of and by namespace. One that is not limited
// to names takes the place of the others.
type halves map[string]map[string][]half

func (h halves) add(next half) {
	in := h[next.edge.id]
	if in == nil {
		in = make(map[string][]half)
		h[next.edge.id] = in
	}
	switch known := in[next.namespace]; {
	case len(known) > 0 && len(known[0].names) == 0:
	case len(next.names) == 0:
		in[next.namespace] = []half{next}
	default:
		in[next.namespace] = append(known, next)
	}
}

// collect keeps what a role gives of halves, for its subject, and for what all that the
// side can become do together.
func (w *walk) collect(key string, h share, e *effect, lead *trail) {
	for _, m := range e.halves {
		if w.halves[key] == nil {
			w.halves[key] = make(halves)
		}
		w.halves[key].add(half{m, h.namespace, h.seat, lead})
		w.contribute(m, h)
	}
}

// to is the path of a user to a half of his.
func (a actor) to(h half, more string) *trail {
	hop := h.hop()
	hop.Text = "lets it " + h.verb + " " + h.resourceName() + more
	if h.lead != nil {
		return h.lead.then(hop)
	}
	return a.path.then(h.seat.hop(), hop).closedBy(changeOf(h.seat))
}

// both is the path of a user to two halves of his.
func (a actor) both(first, second half, text string) *trail {
	hop := second.hop()
	hop.Text = "lets it " + second.verb + " " + second.resourceName() + ", and together with that to " + text
	return a.to(first, "").then(hop)
}

// joint follows what one user may do with two rights in one request.
func (w *walk) joint(a actor) {
	var keys []string
	for _, key := range a.user.keys() {
		if w.halves[key] != nil {
			keys = append(keys, key)
		}
	}
	for i, x := range keys {
		for _, y := range keys[i:] {
			if w.met[[2]string{x, y}] {
				continue
			}
			w.met[[2]string{x, y}] = true
			w.meet(a, w.halves[x], w.halves[y])
			if x != y {
				w.meet(a, w.halves[y], w.halves[x])
			}
		}
	}
}

func (w *walk) meet(a actor, x, y halves) {
	for _, bindings := range []string{makesBindings, changesBindings} {
		for _, binds := range []string{bindsClusterRoles, bindsRoles} {
			x.with(y, bindings, binds, func(namespace string, b, r half) { w.binds(a, namespace, b, r) })
		}
	}
	x.with(y, makesWideBindings, bindsClusterRoles, func(namespace string, b, r half) {
		if namespace == "" {
			w.binds(a, "", b, r)
		}
	})
	x.with(y, escalatesRoles, changesRoles, func(namespace string, e, c half) { w.rewrites(a, namespace, e, c) })
	x.with(y, escalatesWide, changesWideRoles, func(_ string, e, c half) {
		w.grantsAll(Escalates, "", c, a.both(e, c, "write roles that give everything"))
	})
	x.with(y, actsAsUsers, joinsGroups, func(_ string, u, g half) { w.joins(a, u, g) })
	if accounts := x[actsAsAccounts]; len(accounts) > 0 {
		for _, g := range y[joinsGroups][""] {
			w.joins(a, first(accounts), g)
		}
	}
	x.with(y, asksForCertificate, asksAsNode, func(_ string, c, n half) {
		path := a.both(c, n, "get a certificate of any node, which nobody need approve")
		w.become(anyNode(), path)
	})
	w.constrained(a, x, y)
}

// with yields the rights of one kind and those of another that meet in a namespace, or
// with an empty one in all.
func (h halves) with(other halves, first, second string, yield func(namespace string, f, s half)) {
	firsts, seconds := h[first], other[second]
	meet := func(at, space string) {
		for _, f := range firsts[at] {
			for _, s := range seconds[space] {
				yield(max(at, space), f, s)
			}
		}
	}
	fewer := firsts
	if len(seconds) < len(firsts) {
		fewer = seconds
	}
	for _, space := range slices.Sorted(maps.Keys(fewer)) {
		meet(space, space)
	}
	if len(firsts[""]) > 0 {
		for _, space := range slices.Sorted(maps.Keys(seconds)) {
			if space != "" {
				meet("", space)
			}
		}
	}
	if len(seconds[""]) > 0 {
		for _, at := range slices.Sorted(maps.Keys(firsts)) {
			if at != "" {
				meet(at, "")
			}
		}
	}
}

func first(in map[string][]half) half {
	return in[slices.Min(slices.Collect(maps.Keys(in)))][0]
}

// grantsAll notes that everything is within reach, in a namespace or in all.
func (w *walk) grantsAll(rule, namespace string, last half, path *trail) {
	if namespace == "" {
		w.rule(path)
	}
	w.becomeAll(namespace, path)
	if namespace == "" || w.away[namespace] {
		w.breach(rule, path.closedBy(changeOf(last.seat)))
	}
}

// joins follows who may impersonate groups, which needs somebody to impersonate
// (k8s.io/apiserver v0.37, pkg/endpoints/filters/impersonation).
func (w *walk) joins(a actor, somebody, g half) {
	if len(g.names) == 0 || slices.Contains(g.names, mastersGroup) {
		w.grantsAll(Impersonates, "", g, a.both(somebody, g, "act as a member of system:masters"))
		return
	}
	path := a.both(somebody, g, "act as a member of the group")
	for _, name := range g.names {
		w.become(User{Groups: []string{name, everyoneGroup}}, path)
	}
	if somebody.edge.id != actsAsUsers {
		return
	}
	for _, name := range somebody.names {
		w.become(User{Name: name, Groups: append([]string{everyoneGroup}, g.names...)}, path)
	}
}

// constrained notes who may act as others for some requests: both may be needed for
// one, and which requests these are is not followed.
func (w *walk) constrained(a actor, x, y halves) {
	for _, mode := range slices.Sorted(maps.Keys(modes())) {
		acts, sends := x[actsAs(mode)], y[sendsAs(mode)]
		if len(acts) == 0 || len(sends) == 0 {
			continue
		}
		whom, what := first(acts), first(sends)
		w.missing["whom "+a.user.String()+" may act as for which requests: "+strings.Join([]string{whom.words(), what.words()}, " and ")+" are not followed together"] = true
	}
}

// words say where the right of a half stands.
func (h half) words() string {
	return "the verb " + h.verb + " of " + h.rule.role.ref.String() + " " + h.field()
}
