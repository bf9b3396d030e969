// SPDX-License-Identifier: Apache-2.0

package postgres

import (
	"slices"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// oldest is the oldest version whose catalogs have all that a snapshot asks for, and
// unknownVersion the first of which nobody here knows what it brings.
const (
	oldest         = 130000
	unknownVersion = 190000
)

// judgeVersion refuses a server older than the rules.
func (s *Snapshot) judgeVersion() field.ErrorList {
	if s.Version >= oldest {
		return nil
	}
	return field.ErrorList{field.Invalid(field.NewPath("version"), s.Version, "is older than PostgreSQL 13")}
}

// privileges are all that the rules know of (PostgreSQL 18 documentation, "Privileges").
func privileges() []string {
	return []string{
		"ALTER SYSTEM", "CONNECT", "CREATE", "DELETE", "EXECUTE", "INSERT", "MAINTAIN", "REFERENCES", "SELECT", "SET", "TEMPORARY", "TRIGGER", "TRUNCATE",
		"UPDATE", "USAGE",
	}
}

// unknown marks privileges as missing that a party has and nobody here knows.
func (p *party) unknown(ref bulkhead.Ref, grants []Grant) {
	for _, g := range grants {
		if g.Grantee != Public && p.to[g.Grantee] == nil {
			continue
		}
		for _, privilege := range g.Privileges {
			if !slices.Contains(privileges(), privilege) {
				p.miss("what the privilege %s on %s, which %s has, lets it do", privilege, ref, shown(p.from))
			}
		}
	}
}

// unknowns does so for all in a database.
func (v *visit) unknowns() {
	c, database := v.db.Contents, v.db.Name
	v.unknown(databaseRef(database), v.db.Grants)
	for _, s := range c.Schemas {
		v.unknown(schemaRef(database, s.Name), s.Grants)
	}
	for _, r := range c.Relations {
		v.unknown(relationRef(database, r), r.Grants)
		for _, column := range r.Columns {
			v.unknown(relationRef(database, r), column.Grants)
		}
	}
	for _, f := range c.Functions {
		v.unknown(functionRef(database, f.Signature), f.Grants)
	}
	for _, d := range c.DefaultPrivileges {
		known := []string{"tables", "sequences", "functions", "types", "schemas", "large objects"}
		if v.makes(d.Role) && len(d.Grants) > 0 && !slices.Contains(known, d.Objects) {
			v.miss("what default privileges of %s on %s in database %s give", shown(d.Role), d.Objects, shown(database))
		}
	}
}
