// SPDX-License-Identifier: Apache-2.0

package postgres

import (
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
)

const (
	// UsesTable is a table, view or sequence of production that staging reads, changes,
	// locks, or attaches a trigger to.
	UsesTable = "postgres/uses-table"
	// UsesColumn is a column of such a table.
	UsesColumn = "postgres/uses-column"
	// ReadsSecrets is a catalog with the passwords of roles or of other servers.
	ReadsSecrets = "postgres/reads-secrets"
)

// uses are the privileges that let a role act on a relation.
func uses(kind RelationKind) []string {
	if kind == Sequence {
		return []string{"SELECT", "UPDATE", "USAGE"}
	}
	return []string{"SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN"}
}

// relation judges a relation of production, and catalogs.
func (v *visit) relation(r Relation) {
	rule, column := UsesTable, UsesColumn
	switch {
	case r.Schema == system && (everywhere(r.Name) || v.holds(v.db)):
		rule, column = ReadsSecrets, ReadsSecrets
	case !v.protects(v.db.Name, r):
		return
	}
	ref := relationRef(v.db.Name, r)
	if w := v.to[r.Owner]; w != nil && r.Schema != system {
		v.owns(w, ref, r.Owner, "ALTER "+r.sqlKind()+" "+r.quoted()+" OWNER TO "+identifier(v.heir()))
	}
	for _, name := range r.Triggers {
		f := v.functions[name.quoted()]
		if w := v.to[f.Owner]; w != nil {
			v.owns(w, functionRef(v.db.Name, f.Signature), f.Owner, "ALTER ROUTINE "+f.quoted()+" OWNER TO "+identifier(v.heir()))
		}
	}
	// A sequence is found by its number too, for which nobody asks about the schema
	// (PostgreSQL 18, src/backend/commands/sequence.c, nextval_oid).
	into, enters := v.enters(r.Schema)
	if !enters && r.Kind != Sequence {
		v.rememberedBy(r)
		return
	}
	v.granted(r, into, rule, column)
	for role, text := range v.reachesAll(r) {
		w := v.to[role]
		v.breach(rule, v.path(into, w.hops(), []bulkhead.Hop{{Object: ref, Text: text}}), w.first())
	}
}

// granted reports what staging was granted on a relation and on its columns, and how
// that leads on.
func (v *visit) granted(r Relation, into []bulkhead.Hop, rule, column string, last ...bulkhead.Hop) {
	ref := relationRef(v.db.Name, r)
	for _, s := range v.sources(r.Grants, r.Owner, uses(r.Kind)...) {
		v.breach(rule, v.path(into, s.hops(ref), last), v.revoke(s, ref, relationTarget(v.db.Name, r), r.Grants, r.Owner))
	}
	for _, c := range r.Columns {
		for _, s := range v.sources(c.Grants, r.Owner, uses(r.Kind)...) {
			s.column = c.Name
			v.breach(column, v.path(into, s.hops(ref), last), v.revoke(s, ref, columnTarget(v.db.Name, r, c.Name), c.Grants, r.Owner))
		}
	}
}

// reachesAll returns the predefined roles of a party that reach every relation
// (PostgreSQL 18, src/backend/catalog/aclchk.c, pg_class_aclmask_ext).
func (v *visit) reachesAll(r Relation) map[string]string {
	out := make(map[string]string)
	for role, text := range map[string]string{
		readAll: "is read by " + readAll, writeAll: "is written to by " + writeAll, maintain: "is locked by " + maintain,
	} {
		if v.to[role] != nil && (r.Schema != system || role == readAll) {
			out[role] = text
		}
	}
	return out
}

// everywhere says of a catalog that it is the same in all databases.
func everywhere(catalog string) bool {
	return slices.Contains([]string{"pg_authid", "pg_shadow", "pg_subscription"}, catalog)
}

// secret says of a relation that it is a catalog of secrets: a snapshot has no others of
// the system.
func (r Relation) secret() bool { return r.Schema == system }

// parts judges a table whose partitions, or tables that inherit from it, are
// production's: who may read it reads them too, and nobody asks who may (PostgreSQL 18
// documentation, "Inheritance").
func (v *visit) parts(r Relation) {
	into, enters := v.enters(r.Schema)
	if !enters || v.protects(v.db.Name, r) {
		return
	}
	part, ok := v.part(r, map[Name]bool{})
	if !ok {
		return
	}
	ref := relationRef(v.db.Name, r)
	last := []bulkhead.Hop{{Object: relationRef(v.db.Name, part), Text: "is part of " + shown(r.Schema, r.Name)}}
	if w := v.to[r.Owner]; w != nil {
		v.owns(w, ref, r.Owner, "ALTER "+r.sqlKind()+" "+r.quoted()+" OWNER TO "+identifier(v.heir()))
	}
	v.granted(r, into, UsesTable, UsesColumn, last...)
}

// part returns a part of a relation, or of its parts, that is production's.
func (v *visit) part(r Relation, seen map[Name]bool) (Relation, bool) {
	for _, name := range r.Parts {
		part, ok := v.relations[name]
		if !ok || seen[name] {
			continue
		}
		seen[name] = true
		if v.protects(v.db.Name, part) {
			return part, true
		}
		if inner, ok := v.part(part, seen); ok {
			return inner, true
		}
	}
	return Relation{}, false
}

func (r Relation) named() Name { return Name{r.Schema, r.Name} }

func (r Relation) quoted() string { return Name{r.Schema, r.Name}.quoted() }

// grantKind is what GRANT calls a relation.
func (r Relation) grantKind() string {
	if r.Kind == Sequence {
		return "SEQUENCE"
	}
	return "TABLE"
}

// sqlKind is what ALTER calls it.
func (r Relation) sqlKind() string {
	switch r.Kind {
	case View:
		return "VIEW"
	case MaterializedView:
		return "MATERIALIZED VIEW"
	case ForeignTable:
		return "FOREIGN TABLE"
	case Sequence:
		return "SEQUENCE"
	case Table:
	}
	return "TABLE"
}
