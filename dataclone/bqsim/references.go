// SPDX-License-Identifier: Apache-2.0

package bqsim

import (
	"slices"
	"strings"
)

// maxReferenced is how many tables statistics list at most (REST reference of
// JobStatistics2, "queries that reference more than 50 tables will not have a
// complete list").
const maxReferenced = 50

const maxViewDepth = 16 // page "Quotas and limits"

// isSelect says whether SQL only reads.
func isSelect(sql string) bool {
	list, err := tokens(sql)
	if err != nil {
		return false
	}
	t := list[0]
	for _, other := range list[:len(list)-1] {
		if other.is(";") && other.end != list[len(list)-2].end {
			return false // a second statement
		}
	}
	return t.is("SELECT") || t.is("WITH") || t.is("FROM") || t.is("(")
}

// references are what a query reads.
type references struct {
	tables   []TableRef // with those below views
	views    []TableRef
	routines []object
}

// analyse dry-runs a query that the simulator cannot run: it tells what the
// query refers to, and nothing about its result.
func (s *Server) analyse(j *job, sql string, sc scope) error {
	var refs references
	if err := s.refer(&refs, sql, sc, 0); err != nil {
		return err
	}
	j.stats = object{"statementType": "SELECT", "totalBytesProcessed": "0"}
	for key, list := range map[string][]TableRef{"referencedTables": refs.tables, "referencedLogicalViews": refs.views} {
		slices.SortFunc(list, func(a, b TableRef) int { return strings.Compare(a.String(), b.String()) })
		var out []any
		for _, ref := range slices.Compact(list) {
			if len(out) < maxReferenced {
				out = append(out, ref.json())
			}
		}
		if len(out) > 0 {
			j.stats[key] = out
		}
	}
	if len(refs.routines) > 0 {
		var out []any
		for _, r := range refs.routines {
			out = append(out, r)
		}
		j.stats["referencedRoutines"] = out
	}
	if len(refs.tables) > 0 {
		s.locate(j, refs.tables[0].dataset())
	}
	s.locate(j, DatasetRef{})
	return nil
}

// refer finds the paths in a query that name something. It knows no grammar: it
// takes every path for a name, except where a word tells that it is an alias,
// and refuses one after FROM or JOIN that names nothing.
func (s *Server) refer(refs *references, sql string, sc scope, depth int) error {
	if depth > maxViewDepth {
		return invalidQuery("The query references views that are nested too deeply: more than %d", maxViewDepth)
	}
	list, err := tokens(sql)
	if err != nil {
		return err
	}
	local := aliases(list)
	for i := 0; i < len(list); {
		parts, n := readPath(list[i:])
		if n == 0 {
			i++
			continue
		}
		wanted := i > 0 && (list[i-1].is("FROM") || list[i-1].is("JOIN")) && !inExtract(list, i)
		call := list[i+n].is("(")
		if i == 0 || !list[i-1].is("AS") && !list[i-1].is(".") && !list[i-1].is("@") {
			if err := s.path(refs, parts, sc, depth, wanted && !local[strings.ToLower(parts[0])], call); err != nil {
				return err
			}
		}
		i += n
	}
	return nil
}

// path notes what a path names. The parts behind the name of a table are
// columns. wanted is a path that has to name a table.
func (s *Server) path(refs *references, parts []string, sc scope, depth int, wanted, call bool) error {
	if call {
		s.routine(refs, parts, sc)
		return nil
	}
	for n := min(3, len(parts)); n > 0; n-- {
		if ref, ok := sc.table(parts[:n]); ok && s.known(ref) {
			return s.noteTable(refs, ref, depth)
		}
		if ref, ok := sc.table(parts[:n]); ok && strings.EqualFold(ref.Dataset, "INFORMATION_SCHEMA") {
			return nil
		}
	}
	ref, ok := sc.table(parts)
	if len(parts) > 3 {
		ref, ok = sc.table(parts[:3])
	}
	if !wanted || !ok || len(parts) > 1 && strings.EqualFold(parts[len(parts)-2], "INFORMATION_SCHEMA") {
		return nil
	}
	if d := s.datasets[ref.dataset()]; d == nil {
		return notFound("Dataset %s was not found in location US", ref.dataset().colon())
	}
	return notFound("Table %s was not found", ref.colon())
}

// known says whether a table is there, or shards of a wildcard.
func (s *Server) known(ref TableRef) bool {
	d := s.datasets[ref.dataset()]
	if d == nil {
		return false
	}
	if prefix, ok := strings.CutSuffix(ref.Table, "*"); ok {
		return slices.ContainsFunc(d.names, func(name string) bool { return strings.HasPrefix(name, prefix) })
	}
	return d.tables[d.key(ref.Table)] != nil
}

// noteTable notes a table, and what lies below a view.
func (s *Server) noteTable(refs *references, ref TableRef, depth int) error {
	t, _, err := s.table(ref)
	if err != nil {
		refs.tables = append(refs.tables, ref) // a wildcard
		return nil
	}
	if t.kind != kindView {
		refs.tables = append(refs.tables, ref)
		return nil
	}
	refs.views = append(refs.views, ref)
	return s.refer(refs, t.meta.sub("view").str("query"), scope{project: ref.Project}, depth+1)
}

func (s *Server) routine(refs *references, parts []string, sc scope) {
	ref, ok := sc.table(parts)
	if !ok || s.datasets[ref.dataset()] == nil || s.datasets[ref.dataset()].routines[ref.Table] == nil {
		return
	}
	refs.routines = append(refs.routines, object{"projectId": ref.Project, "datasetId": ref.Dataset, "routineId": ref.Table})
}

// aliases are the words that a query declares: after AS, before AS ( in WITH,
// and after a table.
func aliases(list []token) map[string]bool {
	out := make(map[string]bool)
	for i, t := range list {
		if t.kind != tokenWord && t.kind != tokenQuoted {
			continue
		}
		before := i > 0 && list[i-1].is("AS")
		with := i+2 < len(list) && list[i+1].is("AS") && list[i+2].is("(")
		bare := i > 0 && (list[i-1].kind == tokenWord || list[i-1].kind == tokenQuoted || list[i-1].is(")")) && !keyword(list[i-1])
		if before || with || bare && !keyword(t) {
			out[strings.ToLower(t.text)] = true
		}
	}
	return out
}

// keyword says whether a word is one that goes before or after a table's name.
func keyword(t token) bool {
	if t.kind != tokenWord {
		return false
	}
	switch strings.ToUpper(t.text) {
	case "FROM", "JOIN", "ON", "USING", "WHERE", "SELECT", "AS", "LEFT", "RIGHT", "FULL", "INNER", "OUTER", "CROSS", "GROUP", "ORDER", "BY",
		"HAVING", "LIMIT", "UNION", "ALL", "DISTINCT", "AND", "OR", "NOT", "IN", "EXISTS", "CASE", "WHEN", "THEN", "ELSE", "END", "WITH",
		"FOR", "OF", "IS", "BETWEEN", "LIKE", "INTERSECT", "EXCEPT", "QUALIFY", "WINDOW", "TABLE", "MODEL", "UNNEST", "RECURSIVE":
		return true
	}
	return false
}

// inExtract says whether the FROM before a place is that of EXTRACT(part FROM x)
// or IS DISTINCT FROM x.
func inExtract(list []token, i int) bool {
	return i > 1 && list[i-2].is("DISTINCT") || i > 3 && list[i-3].is("(") && list[i-4].is("EXTRACT")
}

// checkView refuses a view over what is not there.
func (s *Server) checkView(kind, project string, meta resource) error {
	view := meta.sub("view")
	if kind == kindMaterialized {
		view = meta.sub("materializedView")
	}
	if view == nil {
		return nil
	}
	sql := view.str("query")
	if sql == "" {
		return invalid("Required parameter is missing: the query of a view")
	}
	if legacy, set := view["useLegacySql"].(bool); kind == kindView && (!set || legacy) {
		meta["view"] = merge(object(view), object{"useLegacySql": true})
		return nil // kept, and not understood
	}
	if !isSelect(sql) {
		return invalidQuery("The query of a view must be one SELECT statement")
	}
	var refs references
	if err := s.refer(&refs, sql, scope{project: project}, 0); err != nil {
		return err
	}
	if kind != kindMaterialized {
		return nil
	}
	for _, ref := range refs.tables {
		if t, _, err := s.table(ref); err != nil || t.kind != kindTable {
			return invalidQuery("Materialized view over %s: only tables can be read by one", ref.colon())
		}
	}
	if len(refs.views) > 0 {
		return invalidQuery("Materialized view over view %s: not supported by the simulator", refs.views[0].colon())
	}
	return nil
}
