// SPDX-License-Identifier: Apache-2.0

package postgres

import (
	"slices"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// A party is a role of staging, and whom it comes to.
type party struct {
	*court
	closure
	from string
}

// A visit is a party in a database that it may connect to.
type visit struct {
	party
	db        *Database
	doors     []door
	schemas   map[string]*Schema
	relations map[Name]Relation
	functions map[string]Function // by how SQL names them
	powers    map[string]bool     // see powerful
	uses      map[string]party    // see inheriting
}

// A door is one way into a database.
type door struct {
	hops   []bulkhead.Hop
	change bulkhead.Change
	owner  bool // by being the owner, who may grant it to itself
	public bool
}

// visit returns what a role of staging finds in a database, or nil if it cannot connect.
//
// Who connects needs the privilege without SET ROLE (PostgreSQL 18,
// src/backend/utils/init/postinit.c, CheckMyDatabase). Who may grant it grants it to
// itself from another database.
func (c *court) visit(from string, db *Database) *visit {
	acts := c.walk(from, db.Owner, walk{set: true, inherit: true, admin: true, end: c.ends})
	v := &visit{party: party{court: c, closure: acts, from: from}, db: db, powers: make(map[string]bool), uses: make(map[string]party)}
	uses := c.walk(from, db.Owner, walk{inherit: true, end: c.ends})
	for _, w := range acts.ways {
		switch {
		case w.before != nil && c.ends(w.role): // whoever has it has crossed already
			delete(acts.to, w.role)
			delete(uses.to, w.role)
		case w.granted && uses.to[w.role] == nil:
			uses.to[w.role] = w
		}
	}
	ref := databaseRef(db.Name)
	if w := v.to[db.Owner]; w != nil {
		v.doors = append(v.doors, door{
			hops:   append(w.hops(), bulkhead.Hop{Object: ref, Field: "owner", Text: "is owned by " + db.Owner}),
			change: bulkhead.Change{Object: ref, Field: "owner", Text: "ALTER DATABASE " + identifier(db.Name) + " OWNER TO " + identifier(c.heir())},
			owner:  true,
		})
	}
	for _, g := range db.Grants {
		w := uses.to[g.Grantee]
		if w == nil && slices.Contains(g.Grantable, "CONNECT") {
			w = v.to[g.Grantee]
		}
		if !slices.Contains(g.Privileges, "CONNECT") || g.Grantee == db.Owner || !db.AllowConnections || w == nil && g.Grantee != Public {
			continue
		}
		s := source{way: w, grant: g, privileges: []string{"CONNECT"}}
		v.doors = append(v.doors, door{hops: s.hops(ref), change: v.revoke(s, ref, databaseTarget(db.Name), db.Grants, db.Owner), public: g.Grantee == Public})
	}
	if len(v.doors) == 0 {
		return nil
	}
	v.index()
	slices.SortStableFunc(v.doors, func(a, b door) int { return len(a.hops) - len(b.hops) })
	return v
}

// index makes what is in the database quick to find.
func (v *visit) index() {
	v.schemas, v.relations = make(map[string]*Schema), make(map[Name]Relation)
	v.functions = make(map[string]Function)
	if v.db.Contents == nil {
		return
	}
	for i, s := range v.db.Contents.Schemas {
		v.schemas[s.Name] = &v.db.Contents.Schemas[i]
	}
	for _, r := range v.db.Contents.Relations {
		v.relations[r.named()] = r
	}
	for _, f := range v.db.Contents.Functions {
		v.functions[f.quoted()] = f
	}
}

// inheriting is another role, with what it has without SET ROLE.
func (v *visit) inheriting(role string) party {
	p, ok := v.uses[role]
	if !ok {
		p = party{court: v.court, closure: v.walk(role, v.db.Owner, walk{inherit: true}), from: role}
		v.uses[role] = p
	}
	return p
}

// heir is who gets what staging shall not own.
func (c *court) heir() string {
	for _, r := range c.Roles {
		if c.production(r.Name) {
			return r.Name
		}
	}
	for _, r := range c.Roles {
		if r.Superuser {
			return r.Name
		}
	}
	return "postgres"
}

// path joins steps behind those into the database, each once.
func (v *visit) path(steps ...[]bulkhead.Hop) []bulkhead.Hop {
	out := slices.Clone(v.doors[0].hops)
	for _, hop := range slices.Concat(steps...) {
		if !slices.ContainsFunc(out, func(h bulkhead.Hop) bool { return h.Object == hop.Object && h.Field == hop.Field }) {
			out = append(out, hop)
		}
	}
	return out
}

// A source is a grant that reaches a party.
type source struct {
	way        *way // nil if it is to everybody
	grant      Grant
	privileges []string
	column     string
}

// sources returns the grants by which a party has some privileges. Those of the owner
// are left out: an owner may do all.
func (p *party) sources(grants []Grant, owner string, privileges ...string) []source {
	var out []source
	for _, g := range grants {
		w := p.to[g.Grantee]
		if g.Grantee == owner || g.Grantee != Public && w == nil {
			continue
		}
		var has []string
		for _, privilege := range g.Privileges {
			if slices.Contains(privileges, privilege) {
				has = append(has, privilege)
			}
		}
		if len(has) > 0 {
			out = append(out, source{way: w, grant: g, privileges: has})
		}
	}
	slices.SortStableFunc(out, func(a, b source) int { return a.length() - b.length() })
	return out
}

func (s source) length() int {
	if s.way == nil {
		return 0
	}
	return len(s.way.hops())
}

func (s source) field() string {
	at := "grants[" + s.grant.Grantee + "]"
	if s.column != "" {
		at = "columns[" + s.column + "]." + at
	}
	return at
}

func (s source) hops(ref bulkhead.Ref) []bulkhead.Hop {
	var out []bulkhead.Hop
	if s.way != nil {
		out = s.way.hops()
	}
	who := s.grant.Grantee
	if who == Public {
		who = "everybody"
	}
	return append(out, bulkhead.Hop{Object: ref, Field: s.field(), Text: "grants " + strings.Join(s.privileges, ", ") + " to " + who})
}

// revoke returns the statement that takes a grant away, one of those on an object. What
// somebody else than the owner granted, only that role takes back.
func (c *court) revoke(s source, ref bulkhead.Ref, t target, grants []Grant, owner string) bulkhead.Change {
	what := t.privileges(s.privileges) + " ON " + t.sql
	text := "REVOKE " + what + " FROM " + grantee(s.grant.Grantee)
	if len(s.grant.Grantable) > 0 { // and what it granted on
		text += " CASCADE"
	}
	if s.grant.Grantor != owner {
		text = "SET ROLE " + identifier(s.grant.Grantor) + "; " + text + "; RESET ROLE"
	}
	change := bulkhead.Change{Object: ref, Field: s.field(), Text: text}
	c.withdrawals[change] = withdrawal{target: t, grants: grants, owner: owner, privileges: s.privileges}
	return change
}

// enters says whether a party may use what is in a schema, and by which steps.
func (v *visit) enters(schema string) ([]bulkhead.Hop, bool) {
	if schema == system {
		return nil, true
	}
	s := v.schemas[schema]
	if s == nil {
		return nil, false
	}
	ref := schemaRef(v.db.Name, schema)
	if w := v.to[s.Owner]; w != nil {
		return append(w.hops(), bulkhead.Hop{Object: ref, Field: "owner", Text: "is owned by " + s.Owner}), true
	}
	if found := v.sources(s.Grants, s.Owner, "USAGE"); len(found) > 0 {
		return found[0].hops(ref), true
	}
	for _, role := range []string{readAll, writeAll} {
		if w := v.to[role]; w != nil {
			return append(w.hops(), bulkhead.Hop{Object: ref, Text: "lets " + role + " in, as every schema does"}), true
		}
	}
	return nil, false
}
