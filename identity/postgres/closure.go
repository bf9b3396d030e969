// SPDX-License-Identifier: Apache-2.0

package postgres

import (
	"fmt"
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
)

// A way is how one role comes to have what another has.
type way struct {
	before *way
	role   string
	// set says that it can become the role (SET ROLE), not only use its privileges, and
	// granted that it can make itself a member that inherits them.
	set, granted bool
	hop          bulkhead.Hop
	change       bulkhead.Change
}

// hops returns the steps of a way.
func (w *way) hops() []bulkhead.Hop {
	var out []bulkhead.Hop
	for ; w.before != nil; w = w.before {
		out = append(out, w.hop)
	}
	slices.Reverse(out)
	return out
}

// first is the change that takes the first step away: what comes behind it is not the
// first role's own.
func (w *way) first() bulkhead.Change {
	for ; w.before.before != nil; w = w.before {
	}
	return w.change
}

// A walk says which steps from role to role count.
type walk struct {
	set, inherit, admin bool
	// end says of a role that nobody asks what is behind it.
	end func(role string) bool
}

// A closure is what roles a role comes to, itself included.
type closure struct {
	ways []*way          // nearer ones first
	to   map[string]*way // the first to each role
}

// walk returns the roles that a role comes to in a database of an owner: with all of the
// steps those with whose rights it can act, with inherit alone those whose rights it has
// without SET ROLE.
//
// SET ROLE asks for a chain of set options from who logged in, and privileges are those
// that the current role inherits (PostgreSQL 18, src/backend/utils/adt/acl.c,
// roles_is_member_of, member_can_set_role). Who has an admin option, or inherits from who
// has one, grants the role to itself (src/backend/commands/user.c,
// check_role_membership_authorization), unless it is a superuser.
func (w *world) walk(from, owner string, steps walk) closure {
	out := closure{to: make(map[string]*way)}
	seen := make(map[string]bool)
	queue := []*way{{role: from, set: steps.set}}
	for ; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		state := fmt.Sprint(at.role, "\x00", at.set, at.granted)
		if seen[state] {
			continue
		}
		seen[state] = true
		out.ways = append(out.ways, at)
		if out.to[at.role] == nil {
			out.to[at.role] = at
		}
		if at.before != nil && steps.end != nil && steps.end(at.role) {
			continue
		}
		for _, m := range w.members[at.role] {
			queue = append(queue, w.steps(at, m, steps)...)
		}
		queue = append(queue, w.ownsDatabase(at, owner, steps)...)
	}
	return out
}

// steps returns where a membership leads to.
func (w *world) steps(at *way, m Membership, steps walk) []*way {
	grants := steps.admin && m.Admin && w.Version >= optionsVersion && !w.roles[m.Role].Superuser
	become := at.set && m.Set || grants
	use := steps.inherit && m.Inherit
	if !become && !use {
		return nil
	}
	text := "may use what " + m.Role + " may"
	switch {
	case at.set && m.Set:
		text = "may become " + m.Role + " by SET ROLE"
	case become:
		text = "may grant " + m.Role + " to itself"
	}
	return []*way{{
		before: at, role: m.Role, set: become && steps.set, granted: grants || at.granted && m.Inherit,
		hop:    bulkhead.Hop{Object: roleRef(m.Member), Field: "memberOf[" + m.Role + "]", Text: text},
		change: bulkhead.Change{Object: roleRef(m.Member), Field: "memberOf[" + m.Role + "]", Text: w.revokeRole(m)},
	}}
}

func (w *world) revokeRole(m Membership) string {
	text := "REVOKE " + identifier(m.Role) + " FROM " + identifier(m.Member)
	if w.Version >= optionsVersion { // a grant of another grantor would stay
		text += " GRANTED BY " + identifier(m.Grantor)
	}
	return text
}

// ownsDatabase is the membership of the owner of a database in pg_database_owner, which
// before PostgreSQL 16 only an owner that inherits uses without SET ROLE.
func (w *world) ownsDatabase(at *way, owner string, steps walk) []*way {
	inherits := steps.inherit && (w.Version >= optionsVersion || w.roles[owner].Inherit)
	if owner == "" || at.role != owner || !at.set && !inherits {
		return nil
	}
	return []*way{{
		before: at, role: databaseOwner, set: at.set,
		hop:    bulkhead.Hop{Object: roleRef(owner), Field: "memberOf[" + databaseOwner + "]", Text: "owns the database"},
		change: bulkhead.Change{Object: roleRef(owner), Field: "memberOf[" + databaseOwner + "]", Text: "give the database another owner"},
	}}
}

const databaseOwner = "pg_database_owner"
