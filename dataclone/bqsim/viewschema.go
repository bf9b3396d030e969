// SPDX-License-Identifier: Apache-2.0

package bqsim

import "strings"

// viewSchema is the schema of a view whose query is a star or a list of columns of one
// table or view, and nil for all others: the simulator does not know what they give. A
// column of a view is never REQUIRED, and has no description until it gets one.
func (s *Server) viewSchema(project, sql string) resource {
	list, err := tokens(sql)
	if err != nil || !list[0].is("SELECT") {
		return nil
	}
	var names []string // nil is a star
	i := 1
	if list[i].is("*") {
		i++
	} else {
		for {
			parts, n := readPath(list[i:])
			if n == 0 || len(parts) != 1 {
				return nil
			}
			names = append(names, parts[0])
			if i += n; !list[i].is(",") {
				break
			}
			i++
		}
	}
	if !list[i].is("FROM") {
		return nil
	}
	parts, n := readPath(list[i+1:])
	ref, ok := scope{project: project}.table(parts)
	if n == 0 || !ok || list[i+1+n].kind != tokenEnd {
		return nil
	}
	t, _, err := s.table(ref)
	if err != nil || t.now().schema == nil {
		return nil
	}
	return pick(fields(t.now().schema), names)
}

// pick is the schema of those columns that have a name of the list, in its order, or nil
// if there is not one for each. Without a list it has all.
func pick(columns []resource, names []string) resource {
	var out []any
	if names == nil {
		for _, c := range columns {
			out = append(out, bare(c))
		}
		return resource{"fields": out}
	}
	for _, name := range names {
		found := false
		for _, c := range columns {
			if strings.EqualFold(c.str("name"), name) {
				out, found = append(out, bare(c)), true
			}
		}
		if !found {
			return nil
		}
	}
	return resource{"fields": out}
}

// bare is a column of a table as one of a view.
func bare(c resource) object {
	out := object{"name": c["name"], "type": c["type"]}
	if mode(c) == "REPEATED" {
		out["mode"] = "REPEATED"
	}
	var below []any
	for _, f := range fields(c) {
		below = append(below, bare(f))
	}
	if below != nil {
		out["fields"] = below
	}
	return out
}

// query is that of a view of a kind.
func (o resource) query(kind string) string {
	if kind == kindMaterialized {
		return o.sub("materializedView").str("query")
	}
	return o.sub("view").str("query")
}
