// SPDX-License-Identifier: Apache-2.0

package postgres

import (
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
)

// ReadsThroughView is a view that shows staging what its owner may read of production.
const ReadsThroughView = "postgres/reads-through-view"

// view judges a view outside production's schemas. Its tables are read, and written to,
// with the rights of its owner, unless it has security_invoker (PostgreSQL 18
// documentation, "Rules and Privileges"); a materialized view holds a copy.
func (v *visit) view(r Relation) {
	if r.Kind != View && r.Kind != MaterializedView || r.Schema == system || v.protects(v.db.Name, r) || r.Kind == View && v.to[r.Owner] != nil {
		return
	}
	into, enters := v.enters(r.Schema)
	target, shows := v.shows(r, map[Name]bool{})
	if !enters || !shows {
		return
	}
	ref := relationRef(v.db.Name, r)
	if w := v.to[r.Owner]; w != nil { // what a copy holds stays, whatever its owner may read now
		v.owns(w, ref, r.Owner, "ALTER "+r.sqlKind()+" "+r.quoted()+" OWNER TO "+identifier(v.heir()))
		return
	}
	for _, s := range v.sources(r.Grants, r.Owner, "SELECT", "INSERT", "UPDATE", "DELETE") {
		v.breach(ReadsThroughView, v.through(into, s.hops(ref), r, target), v.revoke(s, ref, relationTarget(v.db.Name, r), r.Grants, r.Owner))
	}
	for _, c := range r.Columns {
		for _, s := range v.sources(c.Grants, r.Owner, "SELECT", "INSERT", "UPDATE") {
			s.column = c.Name
			v.breach(ReadsThroughView, v.through(into, s.hops(ref), r, target), v.revoke(s, ref, columnTarget(v.db.Name, r, c.Name), c.Grants, r.Owner))
		}
	}
	for role := range v.reachesAll(r) {
		if role != maintain {
			w := v.to[role]
			hop := bulkhead.Hop{Object: ref, Text: "is open to " + role}
			v.breach(ReadsThroughView, v.through(into, append(w.hops(), hop), r, target), w.first())
		}
	}
}

func (v *visit) through(into, hops []bulkhead.Hop, view, target Relation) []bulkhead.Hop {
	return v.path(into, hops, []bulkhead.Hop{{Object: relationRef(v.db.Name, target), Text: "is what " + shown(view.Schema, view.Name) + " shows, as " + view.Owner}})
}

// shows returns a relation of production that a view shows to whom may read the view. One
// with security_invoker uses the rights of the current user, also where another view
// reads it (PostgreSQL 18 documentation, CREATE VIEW), and those of staging are judged
// where they are.
func (v *visit) shows(r Relation, seen map[Name]bool) (Relation, bool) {
	at := r.named()
	if seen[at] || r.SecurityInvoker && r.Kind == View {
		return Relation{}, false
	}
	seen[at] = true
	for _, name := range r.Reads {
		inner, ok := v.relations[name]
		if !ok { // a catalog that everybody reads
			continue
		}
		if r.Kind != MaterializedView && !v.mayUse(r.Owner, inner) {
			continue
		}
		if v.protects(v.db.Name, inner) || inner.secret() {
			return inner, true
		}
		if inner.Kind == View || inner.Kind == MaterializedView {
			if target, ok := v.shows(inner, seen); ok {
				return target, true
			}
		}
	}
	return Relation{}, false
}

// rule judges the rules of a table, which do what they do with its owner's rights to
// whoever writes to it (PostgreSQL 18 documentation, "Rules and Privileges").
func (v *visit) rule(r Relation) {
	if r.Kind == View || r.Kind == MaterializedView || len(r.Reads) == 0 || v.protects(v.db.Name, r) || v.to[r.Owner] != nil {
		return
	}
	into, enters := v.enters(r.Schema)
	target, shows := v.shows(r, map[Name]bool{})
	if !enters || !shows {
		return
	}
	ref := relationRef(v.db.Name, r)
	last := []bulkhead.Hop{{Object: relationRef(v.db.Name, target), Text: "is what a rule of " + shown(r.Schema, r.Name) + " uses, as " + r.Owner}}
	for _, s := range v.sources(r.Grants, r.Owner, "INSERT", "UPDATE", "DELETE") {
		v.breach(RunsAsProduction, v.path(into, s.hops(ref), last), v.revoke(s, ref, relationTarget(v.db.Name, r), r.Grants, r.Owner))
	}
}

// mayUse says whether a role may use a relation, or one of its columns.
func (v *visit) mayUse(role string, r Relation) bool {
	if v.roles[role].Superuser || v.production(role) {
		return true
	}
	p := v.inheriting(role)
	if p.to[r.Owner] != nil || len(p.sources(r.Grants, r.Owner, uses(r.Kind)...)) > 0 || p.to[readAll] != nil || p.to[writeAll] != nil {
		return true
	}
	return slices.ContainsFunc(r.Columns, func(c Column) bool { return len(p.sources(c.Grants, r.Owner, uses(r.Kind)...)) > 0 })
}
