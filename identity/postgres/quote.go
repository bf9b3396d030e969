// SPDX-License-Identifier: Apache-2.0

package postgres

import "strings"

// identifier quotes a name for SQL.
func identifier(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// literal quotes a text for SQL, whatever standard_conforming_strings says (PostgreSQL
// 18, src/interfaces/libpq/fe-exec.c, PQescapeLiteral).
func literal(text string) string {
	quoted := "'" + strings.ReplaceAll(text, "'", "''") + "'"
	if !strings.Contains(text, `\`) {
		return quoted
	}
	return " E" + strings.ReplaceAll(quoted, `\`, `\\`)
}

// grantee quotes a role, or PUBLIC, for GRANT and REVOKE.
func grantee(role string) string {
	if role == Public {
		return "PUBLIC"
	}
	return identifier(role)
}

// quoted quotes a name in a schema for SQL.
func (n Name) quoted() string { return identifier(n.Schema) + "." + identifier(n.Name) }

// quoted gives a function for SQL, by the types of its arguments.
func (s Signature) quoted() string {
	types := make([]string, len(s.Arguments))
	for i, t := range s.Arguments {
		types[i] = t.quoted()
	}
	return Name{s.Schema, s.Name}.quoted() + "(" + strings.Join(types, ", ") + ")"
}

// shown writes a name as people do: quoted where it has to be.
func shown(names ...string) string {
	out := make([]string, len(names))
	for i, name := range names {
		if out[i] = name; !plain(name) {
			out[i] = identifier(name)
		}
	}
	return strings.Join(out, ".")
}

// plain says whether a name means itself without quotes.
func plain(name string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyz_"
	return name != "" && strings.Trim(name, letters+"0123456789$") == "" && strings.Contains(letters, name[:1])
}

// String writes a name as people do.
func (n Name) String() string { return shown(n.Schema, n.Name) }

// String writes a function with its types, those of the system without their schema.
func (s Signature) String() string {
	types := make([]string, len(s.Arguments))
	for i, t := range s.Arguments {
		if types[i] = t.String(); t.Schema == "pg_catalog" {
			types[i] = shown(t.Name)
		}
	}
	return shown(s.Schema, s.Name) + "(" + strings.Join(types, ", ") + ")"
}
