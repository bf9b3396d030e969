// SPDX-License-Identifier: Apache-2.0

package postgres

import (
	"slices"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// TrojanSchema is a schema in which production looks for its objects, and staging makes
// some.
const TrojanSchema = "postgres/trojan-schema"

// trojan judges the search paths of production's roles in a database.
func (v *visit) trojan() {
	if !v.holds(v.db) {
		return
	}
	roles := []string{""} // whoever has no setting of its own
	for _, r := range v.Roles {
		if v.production(r.Name) {
			roles = append(roles, r.Name)
		}
	}
	for _, role := range roles {
		s := Setting{Role: role, Database: v.db.Name}
		var list string
		if own := v.setting(role, v.db.Name, searchPath); own != nil {
			s, list = *own, own.Value
		} else if v.SearchPath != nil {
			list = *v.SearchPath
		} else {
			v.miss("search_path of the server, by which production looks for its objects in database %s", shown(v.db.Name))
			continue
		}
		path, ok := splitPath(list)
		if !ok {
			v.miss("what the search_path %q names", list)
			continue
		}
		for _, schema := range path {
			v.trojanSchema(role, s, schema, path)
		}
	}
}

// trojanSchema judges one schema of a search path.
func (v *visit) trojanSchema(role string, s Setting, element string, path []string) {
	name := element
	if element == "$user" {
		name = role
	}
	if named(name) || name == "" {
		return
	}
	ref := schemaRef(v.db.Name, name)
	last := []bulkhead.Hop{{Object: v.pathRef(s), Field: searchPath, Text: "makes production look for its objects in " + shown(name)}}
	schema := v.schemas[name]
	if schema == nil {
		for _, found := range v.sources(v.db.Grants, v.db.Owner, "CREATE") {
			change := v.revoke(found, databaseRef(v.db.Name), databaseTarget(v.db.Name), v.db.Grants, v.db.Owner)
			v.breach(TrojanSchema, v.path(found.hops(databaseRef(v.db.Name)), last), change)
		}
		return
	}
	if w := v.to[schema.Owner]; w != nil {
		without := slices.DeleteFunc(slices.Clone(path), func(e string) bool { return e == element })
		for i, e := range without {
			without[i] = identifier(e)
		}
		if len(without) == 0 {
			without = []string{"''"}
		}
		hop := bulkhead.Hop{Object: ref, Field: "owner", Text: "is owned by " + schema.Owner}
		v.breach(TrojanSchema, v.path(w.hops(), []bulkhead.Hop{hop}, last), bulkhead.Change{
			Object: v.pathRef(s), Field: searchPath, Text: s.alter() + " SET search_path = " + strings.Join(without, ", "),
		})
	}
	v.alreadyIn(name)
	into, enters := v.enters(name)
	for _, found := range v.sources(schema.Grants, schema.Owner, "CREATE") {
		if !enters {
			continue
		}
		v.breach(TrojanSchema, v.path(into, found.hops(ref), last), v.revoke(found, ref, schemaTarget(v.db.Name, name), schema.Grants, schema.Owner))
	}
}

// pathRef is what a search path was set for.
func (v *visit) pathRef(s Setting) bulkhead.Ref {
	if s.Role != "" {
		return roleRef(s.Role)
	}
	return databaseRef(v.db.Name)
}

// splitPath reads a list of names (PostgreSQL 18, src/backend/utils/adt/varlena.c,
// SplitIdentifierString), and whether it is one.
func splitPath(text string) ([]string, bool) {
	var out []string
	rest := strings.TrimSpace(text)
	for rest != "" {
		var name string
		if strings.HasPrefix(rest, `"`) {
			var b strings.Builder
			rest = rest[1:]
			for {
				part, after, ok := strings.Cut(rest, `"`)
				if !ok {
					return nil, false
				}
				b.WriteString(part)
				if rest = after; !strings.HasPrefix(rest, `"`) {
					break
				}
				b.WriteByte('"')
				rest = rest[1:]
			}
			name = b.String()
		} else {
			end := strings.IndexAny(rest, ", \t\n")
			if end < 0 {
				end = len(rest)
			}
			name, rest = strings.ToLower(rest[:end]), rest[end:]
		}
		out = append(out, name)
		if rest = strings.TrimSpace(rest); rest == "" {
			break
		}
		if rest[0] != ',' || strings.TrimSpace(rest[1:]) == "" {
			return nil, false
		}
		rest = strings.TrimSpace(rest[1:])
	}
	return out, true
}
