// SPDX-License-Identifier: Apache-2.0

package postgres

import (
	"fmt"
	"slices"
	"strings"
)

// A target is an object with privileges, as statements and queries name it.
type target struct {
	database string // to be connected to; empty for databases themselves
	sql      string // as GRANT names it, such as TABLE "prod"."orders"
	column   string
	// acl is a query of its list of privileges, defaults included.
	acl string
}

// acl makes that query of a row of a catalog, whose name is x.
func acl(list, kind, owner, from, where string) string {
	return fmt.Sprintf("SELECT coalesce(x.%s, acldefault('%s', x.%s)) FROM %s WHERE %s", list, kind, owner, from, where)
}

func databaseTarget(name string) target {
	return target{sql: "DATABASE " + identifier(name), acl: acl("datacl", "d", "datdba", "pg_database x", "x.datname = "+literal(name))}
}

func schemaTarget(database, name string) target {
	return target{database: database, sql: "SCHEMA " + identifier(name), acl: acl("nspacl", "n", "nspowner", "pg_namespace x", "x.nspname = "+literal(name))}
}

func relationTarget(database string, r Relation) target {
	kind := "r"
	if r.Kind == Sequence {
		kind = "s"
	}
	return target{
		database: database, sql: r.grantKind() + " " + r.quoted(),
		acl: acl("relacl", kind, "relowner", "pg_class x JOIN pg_namespace n ON n.oid = x.relnamespace",
			"n.nspname = "+literal(r.Schema)+" AND x.relname = "+literal(r.Name)),
	}
}

func columnTarget(database string, r Relation, column string) target {
	t := relationTarget(database, r)
	t.column = column
	t.acl = "SELECT coalesce(x.attacl, '{}') FROM pg_attribute x JOIN pg_class c ON c.oid = x.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = " +
		literal(r.Schema) + " AND c.relname = " + literal(r.Name) + " AND x.attname = " + literal(column)
	return t
}

func functionTarget(database string, f Function) target {
	types := make([]string, len(f.Arguments))
	for i, t := range f.Arguments {
		types[i] = t.Schema + "\x01" + t.Name
	}
	return target{
		database: database, sql: "ROUTINE " + f.quoted(),
		acl: acl("proacl", "f", "proowner", "pg_proc x JOIN pg_namespace n ON n.oid = x.pronamespace",
			"n.nspname = "+literal(f.Schema)+" AND x.proname = "+literal(f.Name)+` AND coalesce((
				SELECT string_agg(tn.nspname || chr(1) || t.typname, chr(2) ORDER BY a.place) FROM unnest(x.proargtypes) WITH ORDINALITY a(type, place)
				JOIN pg_type t ON t.oid = a.type JOIN pg_namespace tn ON tn.oid = t.typnamespace), '') = `+literal(strings.Join(types, "\x02"))),
	}
}

func largeObjectTarget(database string, oids string) target {
	return target{
		database: database, sql: "LARGE OBJECT " + oids,
		acl: "SELECT array_agg(i) FROM (SELECT unnest(coalesce(x.lomacl, acldefault('L', x.lomowner))) AS i FROM pg_largeobject_metadata x WHERE x.oid IN (" + oids + ")) i",
	}
}

// privileges lists privileges for GRANT.
func (t target) privileges(list []string) string {
	out := slices.Clone(list)
	if t.column != "" {
		for i, privilege := range out {
			out[i] = privilege + " (" + identifier(t.column) + ")"
		}
	}
	return strings.Join(out, ", ")
}

// withdrawn is a query of whether everybody has none of the privileges.
func (t target) withdrawn(privileges []string) string {
	return "SELECT NOT EXISTS (SELECT FROM aclexplode((" + t.acl + ")) a WHERE a.grantee = 0 AND a.privilege_type IN (" + literals(privileges) + "))"
}

// granted is a query of whether roles have all of the privileges by grants of their own.
func (t target) granted(privileges, roles []string) string {
	return "SELECT NOT EXISTS (SELECT FROM pg_roles r, unnest(ARRAY[" + literals(privileges) + "]) p WHERE r.rolname IN (" + literals(roles) +
		") AND NOT EXISTS (SELECT FROM aclexplode((" + t.acl + ")) a WHERE a.grantee = r.oid AND a.privilege_type = p))"
}

func literals(list []string) string {
	out := make([]string, len(list))
	for i, text := range list {
		out[i] = strings.TrimSpace(literal(text))
	}
	return strings.Join(out, ", ")
}
