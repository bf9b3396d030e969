// SPDX-License-Identifier: Apache-2.0

package viewsql

import "strings"

// fromClause reads FROM, which may also stand in EXTRACT(part FROM x) and in
// x IS [NOT] DISTINCT FROM y.
func (a *analysis) fromClause(lv *level) {
	i := a.at
	a.at++
	lv.expression = false
	distinct := a.keyword(i-1) == "DISTINCT" && (a.keyword(i-2) == "IS" || a.keyword(i-2) == "NOT" && a.keyword(i-3) == "IS")
	switch {
	case distinct, lv.extract:
		if a.token(a.at).isName() {
			a.scanName(lv)
			a.paths[len(a.paths)-1].suspect = true
		}
	case lv.fromMay:
		if !lv.selected {
			a.scope = newScope(lv.outer)
		}
		lv.fromMay, lv.selected, lv.from = false, false, true
		a.table(lv)
	default:
		a.notice(UnknownSyntax, i, "it cannot be told what follows this FROM")
	}
}

// table reads an item of a FROM clause and its alias.
func (a *analysis) table(lv *level) {
	for a.symbol(a.at, "@") && a.symbol(a.at+1, "{") { // a hint
		a.at = a.token(a.at+1).match + 1
	}
	i := a.at
	t := a.token(i)
	switch {
	case a.symbol(i, "("):
		a.tableInBrackets(lv)
	case a.symbol(i, "["):
		a.notice(LegacySQL, i, "a table in brackets is legacy SQL")
		a.at = t.match + 1
	case t.keyword == "UNNEST" && a.symbol(i+1, "("):
		a.at++
		a.nest(a.scope, false)
	case t.isName():
		p, _ := a.take(Table, false)
		if a.symbol(a.at, "(") {
			a.call(&a.paths[len(a.paths)-1])
			a.nest(a.scope, false)
			break
		}
		if !a.tableAlias() { // it is called by its last name
			last := p.components[len(p.components)-1].parts
			a.scope.declare(last[len(last)-1], p.first)
		}
		lv.expression = true
		return
	default:
		a.notice(UnknownSyntax, i, "a table is expected here")
	}
	a.tableAlias()
	lv.expression = true
}

// tableAlias reads the alias of an item of a FROM clause and tells whether there is one.
func (a *analysis) tableAlias() bool {
	i := a.at
	if a.keyword(i) == "AS" {
		i++
	} else if next := a.keyword(i); next == "PIVOT" || next == "UNPIVOT" || next == "MATCH_RECOGNIZE" {
		return false
	}
	if !a.token(i).isName() {
		return false
	}
	a.alias(i)
	return true
}

// tableInBrackets reads a subquery or a join in brackets. A subquery sees nothing of the
// FROM clause it stands in (ZetaSQL, zetasql/analyzer/resolver_query.cc,
// ResolveTableSubquery).
func (a *analysis) tableInBrackets(lv *level) {
	if a.isQuery(a.at) {
		a.nest(lv.outer, false)
		return
	}
	closing := a.token(a.at).match
	if a.depth == deepest {
		a.notice(TooDeep, a.at, "brackets nest too deep")
		a.at = closing + 1
		return
	}
	a.depth++
	a.at++
	inner := &level{end: closing, outer: lv.outer, from: true}
	scope := a.scope
	a.table(inner)
	a.scan(inner)
	a.close(inner)
	a.scope = scope
	a.depth--
}

// isQuery tells whether the bracket at token i holds a query, rather than a join.
func (a *analysis) isQuery(i int) bool {
	for n := 0; a.symbol(i, "(") && n < deepest; n++ {
		if a.begins(i + 1) {
			return true
		}
		if !a.symbol(i+1, "(") {
			return false
		}
		behind := a.token(i+1).match + 1
		switch a.keyword(behind) {
		case "UNION", "INTERSECT", "EXCEPT", "ORDER", "LIMIT":
		default:
			if !a.symbol(behind, ")") && !a.symbol(behind, "|>") {
				return false
			}
		}
		i++
	}
	return false
}

// pipe reads the operator behind |> (BigQuery documentation, "Pipe query syntax").
func (a *analysis) pipe(lv *level) {
	lv.from, lv.fromMay, lv.selected = false, false, false
	a.skipWords("INNER", "CROSS", "LEFT", "RIGHT", "FULL", "OUTER")
	switch a.keyword(a.at) {
	case "JOIN", "CALL":
		a.at++
		a.table(lv)
	case "AS", "WITH": // scan knows them
	case "SELECT", "EXTEND", "SET", "DROP", "RENAME", "WHERE", "LIMIT", "AGGREGATE", "DISTINCT", "ORDER", "UNION",
		"INTERSECT", "EXCEPT", "TABLESAMPLE", "PIVOT", "UNPIVOT", "WINDOW", "MATCH_RECOGNIZE":
		a.at++
	default:
		a.notice(UnknownSyntax, a.at, "this pipe operator is not known")
	}
}

// with reads the queries of a WITH clause, and tells whether it is one: WITH is also a
// part of WITH OFFSET, WITH CONNECTION and others.
func (a *analysis) with(lv *level) bool {
	i := a.at + 1
	if a.keyword(i) == "RECURSIVE" {
		i++
	}
	found := false
	for {
		query := i + 1 // the bracket, or what is before it
		if !a.token(i).isName() {
			return found
		}
		if a.symbol(query, "(") { // the columns
			query = a.token(query).match + 1
		}
		if a.keyword(query) != "AS" || !a.symbol(query+1, "(") {
			return found
		}
		a.declare(i)
		a.tables[strings.ToLower(a.name(i))] = true
		a.at = query + 1
		a.nest(nil, false)
		found, lv.fromMay, lv.selected = true, true, false
		if i = a.at + 1; !a.symbol(a.at, ",") {
			return found
		}
		a.at++
	}
}

// alias notes token i as an alias. A path there is something else, such as the name of a
// table behind a word that is not known.
func (a *analysis) alias(i int) {
	a.declare(i)
	a.scope.declare(a.name(i), i)
	if a.at = i + 1; a.symbol(a.at, ".") {
		a.notice(UnknownSyntax, a.at, "an alias has one part")
	}
}

// as reads AS where it is not that of a table's alias.
func (a *analysis) as(lv *level) {
	a.at++
	lv.expression = false
	switch {
	case a.begins(a.at):
		lv.fromMay, lv.selected, lv.from = true, false, false
	case a.keyword(a.at) == "REPLICA" && a.keyword(a.at+1) == "OF":
		a.at += 2
		a.take(Table, false)
	case a.token(a.at).isName():
		a.alias(a.at)
		lv.expression = true
	}
}
