// SPDX-License-Identifier: Apache-2.0

package postgres

import (
	"strconv"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

const (
	// UsesLargeObject is a large object of production that staging reads or changes.
	UsesLargeObject = "postgres/uses-large-object"
	// LargeObjectsUnchecked is a setting with which everybody reads all large objects.
	LargeObjectsUnchecked = "postgres/large-objects-unchecked"
)

func (v *visit) largeObject(l LargeObjects) {
	if !v.productionsLargeObjects(l) || len(l.OIDs) == 0 {
		return
	}
	names := make([]string, len(l.OIDs))
	for i, oid := range l.OIDs {
		names[i] = strconv.FormatInt(oid, 10)
	}
	ref := bulkhead.Ref{Group: group, Kind: "LargeObject", Namespace: v.db.Name, Name: names[0]}
	for _, s := range v.sources(l.Grants, l.Owner, "SELECT", "UPDATE") {
		hops := s.hops(ref)
		if l.Count > 1 {
			hops[len(hops)-1].Text += ", as do " + strconv.Itoa(l.Count-1) + " more large objects of " + l.Owner
		}
		v.breach(UsesLargeObject, v.path(hops), v.revoke(s, ref, largeObjectTarget(v.db.Name, strings.Join(names, ", ")), l.Grants, l.Owner))
	}
}

func (v *visit) productionsLargeObjects(l LargeObjects) bool {
	return v.whole(v.db.Name) || v.production(l.Owner)
}

// largeObjectsUnchecked judges lo_compat_privileges, as it is for a role that connects:
// what is set for the role in the database comes before what is set for the role, the
// database, and all (PostgreSQL 18, src/backend/utils/init/postinit.c,
// process_settings).
func (v *visit) largeObjectsUnchecked() {
	if !v.holds(v.db) {
		return
	}
	ref := databaseRef(v.db.Name)
	on, change := v.LargeObjectCompat, "ALTER SYSTEM SET lo_compat_privileges = off"
	if s := v.setting(v.from, v.db.Name, largeObjectCompat); s != nil {
		value := s.Value == "on" || s.Value == "true" || s.Value == "yes" || s.Value == "1"
		on, change = &value, s.reset()
	}
	switch {
	case on == nil:
		v.miss("lo_compat_privileges of the server, with which %s would read all large objects of %s", shown(v.from), shown(v.db.Name))
	case *on:
		v.breach(LargeObjectsUnchecked, v.path([]bulkhead.Hop{{Object: ref, Field: largeObjectCompat, Text: "lets everybody read and change all large objects"}}),
			bulkhead.Change{Object: ref, Field: largeObjectCompat, Text: change})
	}
}

// setting returns what counts for a role in a database, or nil if it is the server's.
func (w *world) setting(role, database, name string) *Setting {
	for _, at := range []Setting{{Role: role, Database: database}, {Role: role}, {Database: database}, {}} {
		for i, s := range w.Settings {
			if s.Name == name && s.Role == at.Role && s.Database == at.Database {
				return &w.Settings[i]
			}
		}
	}
	return nil
}

// reset is the statement that takes a setting back.
func (s Setting) reset() string { return s.alter() + " RESET " + s.Name }

func (s Setting) alter() string {
	switch {
	case s.Role == "" && s.Database == "":
		return "ALTER ROLE ALL"
	case s.Role == "":
		return "ALTER DATABASE " + identifier(s.Database)
	case s.Database == "":
		return "ALTER ROLE " + identifier(s.Role)
	default:
		return "ALTER ROLE " + identifier(s.Role) + " IN DATABASE " + identifier(s.Database)
	}
}
