// SPDX-License-Identifier: Apache-2.0

package gcp

import (
	"github.com/watertight-go/watertight/bulkhead"
)

// A class is what a role on a resource, on one condition, gives everybody of one
// standing. It is worked out for the first who has it: what that leads to is the same
// for all others, but for what they have besides.
type class struct {
	found    []access // across the boundary
	unsure   []string // what is missing where nothing across it is certain
	attached []usable // accounts that may be attached
	running  []usable // projects in which something may be run, each once
	crossed  bool     // the accounts were attached to what runs in other projects

	at map[*resource][]usable // attached, by project
}

// A classKey is what classes are kept by. A grant that lacks evidence is a class of its own.
type classKey struct {
	on        *resource
	role      *role
	condition string
	standing  int
	unsure    *grant
	way
}

// A way is how a grant comes to count for an identity, if not by itself.
type way struct {
	basic     *grant // of a basic role, whose holders it is for
	rewriting *trail // of the role of the grant, so that it gives everything
}

func classOf(g *grant, lacks []string, on way, standing int) classKey {
	if len(lacks) > 0 {
		return classKey{unsure: g, standing: standing, way: on}
	}
	key := classKey{on: g.on, role: g.role, standing: standing, way: way{rewriting: on.rewriting}}
	if g.condition != nil {
		key.condition = "if " + g.condition.Expression
	}
	return key
}

// hops are the steps of the way to a grant.
func (on way) hops(id who) []bulkhead.Hop {
	if on.basic == nil {
		return on.rewriting.path()
	}
	return append(on.rewriting.path(), on.basic.hop("gives "+id.String()+" "+on.basic.role.name))
}

// first is the grant that is to be taken away.
func (on way) first(g *grant) *grant {
	if on.basic != nil {
		return on.basic
	}
	return g
}

// A usable is a target that somebody may use in some way.
type usable struct {
	t          *target
	permission string
	virtual    *grant // if no policy that is there has it
	miss       []string
}

// attachedIn returns the accounts of a project that may be attached.
func (c *class) attachedIn(project *resource) []usable {
	if c.at == nil {
		c.at = make(map[*resource][]usable)
		for _, a := range c.attached {
			for _, above := range a.t.on.up {
				if above.kind == projectType {
					c.at[above] = append(c.at[above], a)
				}
			}
		}
	}
	return c.at[project]
}

// run notes that something may be run in a project, on the least that is missing.
func (c *class) run(u usable) {
	if n := len(c.running) - 1; n < 0 || c.running[n].t != u.t {
		c.running = append(c.running, u)
	} else if len(u.miss) < len(c.running[n].miss) {
		c.running[n] = u
	}
}
