// SPDX-License-Identifier: Apache-2.0

package gcp

import (
	"slices"
	"strconv"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
)

// A crossing gathers what one grant gives one identity across the boundary, so that it
// is reported once.
type crossing struct {
	*visit
	g         *grant
	lacks     []string // for the grant to be the identity's
	rewriting *trail
	found     []access
}

// An access is a permission on something protected.
type access struct {
	t      *target
	ask    ask
	lifted *denial
}

// at follows what the grant gives at a target. If the grant was followed for somebody
// else before, only what two permissions may add up to is of interest.
func (c *crossing) at(t *target, answers []matched, again bool) {
	var unsure []string
	certain := false
	for _, m := range answers {
		if !c.id.may(m.ask) || again && m.does != attaches && m.does != runs || c.idle(t, m.does) {
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
		c.lack(unsure)
	}
}

// lack notes what is missing for a breach at the end of the path.
func (c *crossing) lack(missing []string) {
	if len(missing) == 0 {
		return
	}
	for _, text := range missing {
		c.missing[text] = true
	}
	c.walk.lack(c.path)
	c.walk.lack(c.rewriting)
}

// idle reports whether an effect would add nothing.
func (w *walk) idle(t *target, does effect) bool {
	switch does {
	case becomes, mayBecome:
		return w.known[account(t.email)]
	case delegates:
		return w.known[who{part: delegator, email: t.email}]
	case controls:
		return w.controlled[t.on]
	case entersPods, mayEnterPods:
		return w.entered[t.on]
	case makesKeys:
		return w.keyed[t.on]
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
	if c.rewriting != nil {
		hops = append(hops, c.rewriting.path()...)
	}
	path := c.path.then(append(hops, c.g.hop(text))...).closedBy(c.g.change()).unless(missing)
	if c.rewriting != nil {
		path.as(TakesOver).unless(c.rewriting.missing())
	}
	return path
}

// apply follows what does not cross the boundary by itself.
func (c *crossing) apply(t *target, a ask, missing []string, lifted *denial) {
	text := "lets " + c.id.String() + " use " + a.permission + " on " + t.on.name
	hop := c.g.hop(text)
	switch a.does {
	case attaches, runs:
		c.keep(t, a.does, hop, missing)
		return
	default:
	}
	path := c.trail(text, lifted, missing)
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

// keep notes one of two permissions that lead somewhere together.
func (c *crossing) keep(t *target, does effect, hop bulkhead.Hop, missing []string) {
	u := usable{t, append(c.rewriting.path(), hop), c.g, slices.Concat(missing, c.rewriting.missing())}
	list := &c.attached
	if does == runs {
		list = &c.running
	}
	if !slices.ContainsFunc(*list, func(kept usable) bool { return kept.t == t && len(kept.miss) <= len(u.miss) }) {
		*list = append(*list, u)
	}
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
	slices.SortStableFunc(c.found, func(a, b access) int { return int(a.ask.does) - int(b.ask.does) })
	first := c.found[0]
	text := "gives " + c.g.role.name + " to " + c.g.member.String() + ": " + first.ask.permission + " on " + first.t.on.name
	if more := len(c.found) - 1; more > 0 {
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
	w.breaches = append(w.breaches, bulkhead.Breach{Rule: path.rule, Path: path.path(), Change: path.change})
}
