// SPDX-License-Identifier: Apache-2.0

package postgres

import (
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
)

// group is the Group of every Ref of this package. The Namespace of what is in a
// database is its name.
const group = "postgresql.org"

const (
	system            = "pg_catalog"
	searchPath        = "search_path"
	largeObjectCompat = "lo_compat_privileges"
)

// A world is a snapshot and a boundary, ready to be asked.
type world struct {
	*Snapshot
	roles     map[string]Role
	databases map[string]*Database
	members   map[string][]Membership // by member, sorted
	away      map[bulkhead.Ref]bool   // production's roles, databases and schemas
}

func worldOf(s *Snapshot, b Boundary) *world {
	w := &world{
		Snapshot: s, roles: make(map[string]Role), databases: make(map[string]*Database),
		members: make(map[string][]Membership), away: make(map[bulkhead.Ref]bool),
	}
	for _, r := range s.Roles {
		w.roles[r.Name] = r
	}
	for i, d := range s.Databases {
		w.databases[d.Name] = &s.Databases[i]
	}
	for _, m := range s.Memberships {
		w.members[m.Member] = append(w.members[m.Member], m)
	}
	for member, edges := range w.members {
		w.members[member] = byKey(edges, func(m Membership) string { return key(m.Role, m.Grantor) })
	}
	for _, name := range b.Away.Roles {
		w.away[roleRef(name)] = true
	}
	for _, name := range b.Away.Databases {
		w.away[databaseRef(name)] = true
	}
	for _, s := range b.Away.Schemas {
		w.away[schemaRef(s.Database, s.Name)] = true
	}
	return w
}

// production says whether a role is one of production's.
func (w *world) production(role string) bool { return w.away[roleRef(role)] }

// whole says whether a database is production's alone.
func (w *world) whole(database string) bool { return w.away[databaseRef(database)] }

// shared says whether a database that is not production's alone has something of
// production: a schema of it, or a table of one of its roles.
func (w *world) shared(d *Database) bool {
	if w.whole(d.Name) {
		return false
	}
	for ref := range w.away {
		if ref.Kind == "Schema" && ref.Namespace == d.Name {
			return true
		}
	}
	return d.Contents != nil && slices.ContainsFunc(d.Contents.Relations, func(r Relation) bool { return w.protects(d.Name, r) })
}

// holds says whether production has anything in a database.
func (w *world) holds(d *Database) bool { return w.whole(d.Name) || w.shared(d) }

// inside says whether a schema is production's.
func (w *world) inside(database, schema string) bool {
	return schema != system && (w.whole(database) || w.away[schemaRef(database, schema)])
}

// protects says whether a relation is production's: by where it is, or by its owner.
// A view elsewhere is judged by what it shows.
func (w *world) protects(database string, r Relation) bool {
	return w.inside(database, r.Schema) || r.Schema != system && r.Kind != View && w.production(r.Owner)
}

func roleRef(name string) bulkhead.Ref {
	return bulkhead.Ref{Group: group, Kind: "Role", Name: shown(name)}
}

func databaseRef(name string) bulkhead.Ref {
	return bulkhead.Ref{Group: group, Kind: "Database", Name: shown(name)}
}

func schemaRef(database, name string) bulkhead.Ref {
	return bulkhead.Ref{Group: group, Kind: "Schema", Namespace: database, Name: shown(name)}
}

func relationRef(database string, r Relation) bulkhead.Ref {
	kind := map[RelationKind]string{
		Table: "Table", View: "View", MaterializedView: "MaterializedView", ForeignTable: "ForeignTable", Sequence: "Sequence",
	}[r.Kind]
	return bulkhead.Ref{Group: group, Kind: kind, Namespace: database, Name: shown(r.Schema, r.Name)}
}

func functionRef(database string, s Signature) bulkhead.Ref {
	return bulkhead.Ref{Group: group, Kind: "Function", Namespace: database, Name: s.String()}
}
