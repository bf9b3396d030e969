// SPDX-License-Identifier: Apache-2.0

package gcp

import (
	"slices"
	"strconv"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
)

// A crossing follows what one grant gives one identity, and gathers what of it crosses
// the boundary, so that it is reported once.
type crossing struct {
	*visit
	*class
	way
	g     *grant
	lacks []string // for the grant to be the identity's
}

// An access is a permission on something protected.
type access struct {
	t      *target
	ask    ask
	lifted *denial
}

// at follows what the grant gives at a target.
func (c *crossing) at(t *target, answers []matched) {
	var unsure []string
	certain := false
	for _, m := range answers {
		if !c.id.may(m.ask) || c.idle(t, m.does) {
			continue
		}
		ok, missing, lifted := c.decide(c.g, m.permission, t.on)
		if !ok {
			continue
		}
		if m.does == connects {
			c.connects[t.on] = true
			continue
		}
		missing = slices.Concat(c.lacks, m.lacks, missing)
		if m.does != crosses && m.does != takesOver {
			c.apply(t, m.ask, missing, lifted)
			continue
		}
		if len(missing) > 0 {
			unsure = append(unsure, missing...)
			continue
		}
		certain = true
		c.found = append(c.found, access{t, m.ask, lifted})
	}
	if !certain {
		c.unsure = append(c.unsure, unsure...)
	}
}

// lack notes what is missing for a breach at the end of the path.
func (c *crossing) lack(missing []string) {
	c.lackAlso(c.path, missing)
	if len(missing) > 0 {
		c.walk.lack(c.rewriting)
	}
}

// idle reports whether an effect would add nothing.
func (w *walk) idle(t *target, does effect) bool {
	switch does {
	case becomes, mayBecome, attaches:
		return w.known[account(t.email)]
	case delegates:
		return w.known[who{part: delegator, email: t.email}]
	case controls:
		return w.controlled[t.on]
	case entersPods, mayEnterPods:
		return w.entered[t.on]
	case makesKeys:
		return w.keyed[t.on]
	case rewrites:
		return w.reworked[t.on]
	default:
		return false
	}
}

// trail returns the path that ends in the grant.
func (c *crossing) trail(text string, lifted *denial, missing []string) *trail {
	var hops []bulkhead.Hop
	if lifted != nil {
		hops = append(hops, lifted.lifted.path()...)
		hops = append(hops, bulkhead.Hop{Object: lifted.ref(), Text: "would forbid what follows, and is taken away so"})
	}
	hops = append(hops, c.hops(c.id)...)
	path := c.path.then(append(hops, c.g.hop(text))...).closedBy(c.first(c.g).change()).unless(missing)
	if c.rewriting != nil {
		path.as(TakesOver).unless(c.rewriting.missing())
	}
	return path
}

// apply follows what does not cross the boundary by itself.
func (c *crossing) apply(t *target, a ask, missing []string, lifted *denial) {
	switch a.does {
	case attaches:
		c.attached = append(c.attached, c.usable(t, a, missing))
		return
	case runs:
		c.run(c.usable(t, a, missing))
		return
	default:
	}
	path := c.trail(c.hop(c.g, a.permission, t).Text, lifted, missing)
	switch a.does {
	case becomes:
		c.become(becomes, t, account(t.email), path.as(ActsAs))
	case mayBecome:
		c.become(mayBecome, t, account(t.email), path.as(ActsAs).unless([]string{"which services take ID tokens of " + t.email}))
	case delegates:
		c.become(delegates, t, who{part: delegator, email: t.email}, path.as(ActsAs))
	case makesKeys:
		c.once(a.does, t, path.as(ActsAs), func(path *trail) { c.makeKeys(t.on, path) })
	case controls:
		c.once(a.does, t, path, func(path *trail) { c.control(t.on, path.as(TakesOver)) })
	case entersProject:
		c.once(a.does, t, path.as(ActsAs).unless([]string{"the clusters of " + t.on.name}), func(path *trail) {
			c.enterAny(t.on, c.Pools, path) // clusters of those are all known
		})
	case entersPods:
		c.once(a.does, t, path, func(path *trail) { c.enter(t.on, path.as(ActsAs)) })
	case mayEnterPods:
		c.once(a.does, t, path.unless([]string{whatLetsIn(a.permission, t.on)}), func(path *trail) { c.enter(t.on, path.as(ActsAs)) })
	case commands:
		c.once(a.does, t, path.as(ActsAs).unless([]string{"which service accounts run in " + t.on.name}), func(path *trail) { c.everyAccountOf(t.on, path) })
	case deploys:
		c.deploy(t.on, path.as(ActsAs))
	case builds:
		c.build(t.on, path.as(ActsAs))
	case admits:
		c.admit(t.on, path.as(ActsAs))
	case rewrites:
		c.once(a.does, t, path, func(path *trail) { c.rewrite(t.on, path) })
	case liftsDenials:
		c.denialLifts = append(c.denialLifts, lift{t.on, path})
	case liftsBoundaries:
		c.boundaryLifts = append(c.boundaryLifts, lift{t.on, path})
	default:
	}
}

// whatLetsIn is what would tell whether a permission leads into the pods of a cluster.
func whatLetsIn(permission string, cluster *resource) string {
	if strings.HasPrefix(permission, "container.secrets.") {
		return "whether Secrets of " + cluster.name + " hold tokens"
	}
	return "whether who may use " + permission + " in " + cluster.name + " gives himself more by it"
}

// usable notes one of two permissions that lead somewhere together.
func (c *crossing) usable(t *target, a ask, missing []string) usable {
	u := usable{t: t, permission: a.permission, miss: slices.Concat(missing, c.rewriting.missing())}
	if c.g.virtual {
		u.virtual = c.g
	}
	return u
}

// once follows a gain, but only the first of those that lack evidence.
func (w *walk) once(does effect, t *target, path *trail, do func(path *trail)) {
	key := noted{does, t.on, whole}
	if path.unsure && w.noted[key] {
		return
	}
	w.noted[key] = w.noted[key] || path.unsure
	w.gain(path, do)
}

// report makes one breach of what was found.
func (c *crossing) report() {
	if len(c.found) == 0 {
		return
	}
	found := slices.SortedStableFunc(slices.Values(c.found), func(a, b access) int { return int(a.ask.does) - int(b.ask.does) })
	first := found[0]
	text := "gives " + c.g.role.name + " to " + c.g.member.String() + ": " + first.ask.permission + " on " + first.t.on.name
	if more := len(found) - 1; more > 0 {
		text += ", and " + strconv.Itoa(more) + " more"
	}
	path := c.trail(text, first.lifted, nil)
	switch {
	case first.ask.does == takesOver:
		path.as(TakesOver)
	case first.t.through != nil:
		path.as(AuthorizedView)
	}
	switch c.g.member.Kind {
	case identity.AllUsersMember, identity.AllAuthenticatedMember:
		path.as(Everyone)
	case identity.ClusterMember, identity.PoolMember:
		path.as(ClusterWide)
	default:
		path.as(Granted)
	}
	c.cross(path, first.t)
}

// cross ends a path at a target.
func (w *walk) cross(path *trail, t *target) {
	for l := t.through; l != nil; l = l.next {
		path = path.then(l.hop)
		path.change = l.change // the data may be read through the view by right; its entry is what crosses
	}
	if path.unsure {
		w.lack(path)
		return
	}
	w.crossings = append(w.crossings, path)
}
