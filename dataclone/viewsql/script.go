// SPDX-License-Identifier: Apache-2.0

package viewsql

import "strings"

// text reads the whole text: statements, or one expression, as the body of a SQL
// function and the predicate of a row access policy are.
func (a *analysis) text() {
	if !a.opensStatement() && !a.semicolon() {
		lv := &level{end: len(a.tokens) - 1}
		a.scan(lv)
		if lv.cases > 0 {
			a.notice(Unbalanced, a.at, "a CASE is not ended")
		}
		return
	}
	var blocks []string
	for a.token(a.at).kind != endOfText {
		blocks = a.statement(blocks)
	}
	if len(blocks) > 0 {
		a.notice(Unbalanced, a.at, blocks[len(blocks)-1]+" is not ended")
	}
}

func (a *analysis) semicolon() bool {
	for i := range a.tokens {
		if a.symbol(i, ";") {
			return true
		}
	}
	return false
}

// opensStatement tells whether the text begins with a statement that needs no
// semicolon behind it to be one.
func (a *analysis) opensStatement() bool {
	switch a.keyword(0) {
	case "INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE", "CREATE", "DROP", "ALTER", "UNDROP", "EXPORT", "LOAD", "CALL",
		"GRANT", "REVOKE", "EXECUTE", "SET", "DECLARE", "ASSERT", "BEGIN", "WHILE", "LOOP", "REPEAT", "FOR", "GRAPH", "DEFINE":
		// A column may have such a name, but not with another name behind it.
		t := a.token(1)
		return t.kind == word || t.kind == quoted || t.kind == parameter || a.symbol(1, "@") || reserved(a.keyword(0))
	}
	return false
}

// statement reads a statement, or the part of a block up to its first statement, and
// returns the blocks that are open behind it (BigQuery documentation, "Procedural
// language").
func (a *analysis) statement(blocks []string) []string {
	i := a.at
	if a.token(i).isName() && a.symbol(i+1, ":") { // a label
		a.at += 2
		return blocks
	}
	a.scope = newScope(nil)
	switch keyword := a.keyword(i); keyword {
	case "BEGIN":
		a.at++
		if a.skip("TRANSACTION") || a.symbol(a.at, ";") || a.token(a.at).kind == endOfText {
			a.rest()
			return blocks
		}
		return append(blocks, "BEGIN")
	case "IF", "CASE":
		a.at++
		a.condition("THEN")
		return append(blocks, keyword)
	case "WHILE":
		a.at++
		a.condition("DO")
		return append(blocks, keyword)
	case "FOR":
		a.at++
		if a.token(a.at).isName() {
			a.declare(a.at)
		}
		a.condition("DO")
		return append(blocks, keyword)
	case "LOOP", "REPEAT":
		a.at++
		return append(blocks, keyword)
	case "ELSEIF", "WHEN", "EXCEPTION":
		a.at++
		a.condition("THEN")
		return blocks
	case "ELSE":
		a.at++
		return blocks
	case "UNTIL":
		a.at++
		a.scan(&level{end: len(a.tokens) - 1, outer: a.scope, stops: []string{"END"}})
		return blocks
	case "END":
		return a.end(blocks)
	case "CREATE":
		if a.create() {
			return append(blocks, "BEGIN")
		}
	default:
		a.restOf(a.simple(keyword))
		return blocks
	}
	a.rest()
	return blocks
}

// end reads END, END IF and so on, with the label that may follow.
func (a *analysis) end(blocks []string) []string {
	i := a.at
	a.at++
	if len(blocks) == 0 {
		a.notice(Unbalanced, i, "it ends nothing")
		a.rest()
		return blocks
	}
	opened := blocks[len(blocks)-1]
	if opened != "BEGIN" && !a.skip(opened) {
		a.notice(Unbalanced, i, "it does not end the "+opened)
	}
	if a.token(a.at).isName() {
		a.at++
	}
	a.rest()
	return blocks[:len(blocks)-1]
}

// condition reads an expression and the keyword behind it.
func (a *analysis) condition(keyword string) {
	if !a.upTo(keyword) {
		a.notice(UnknownSyntax, a.at, keyword+" is expected here")
		a.rest()
	}
}

// rest reads what is left of a statement, and its semicolon.
func (a *analysis) rest() { a.restOf(&level{}) }

func (a *analysis) restOf(lv *level) {
	lv.end = len(a.tokens) - 1
	a.scan(lv)
	if lv.cases > 0 {
		a.notice(Unbalanced, a.at, "a CASE is not ended")
	}
	if a.symbol(a.at, ";") {
		a.at++
	}
}

// simple reads the beginning of a statement that has none in it, other than CREATE, and
// returns how to read the rest.
func (a *analysis) simple(keyword string) *level {
	i := a.at
	switch keyword {
	case "SELECT", "WITH", "FROM":
	case "INSERT":
		a.at++
		a.skip("INTO")
		a.take(Table, true)
		return &level{fromMay: true}
	case "UPDATE", "DELETE", "MERGE":
		return a.modify(keyword)
	case "TRUNCATE":
		a.at++
		a.skip("TABLE")
		a.take(Table, true)
	case "DROP", "ALTER", "UNDROP":
		a.at++
		a.object()
	case "EXPORT":
		a.at++
		a.notice(ExternalData, i, "it writes data outside of BigQuery")
		if a.skip("MODEL") {
			a.take(Model, false)
		} else if !a.skip("DATA") {
			a.notice(UnknownStatement, i, "this statement is not known")
		}
	case "LOAD":
		a.at++
		a.notice(ExternalData, i, "it reads data outside of BigQuery")
		a.skipWords("DATA", "INTO", "OVERWRITE", "TEMP", "TEMPORARY", "TABLE")
		a.take(Table, true)
		// Behind FROM stand files, not tables.
		if !a.upTo("FROM") || a.keyword(a.at) != "FILES" || !a.symbol(a.at+1, "(") {
			a.notice(UnknownSyntax, a.at, "FROM FILES is expected here")
		}
	case "CALL":
		a.at++
		if p, ok := a.take(Routine, true); ok && strings.EqualFold(p.parts()[0], "BQ") {
			a.notice(DynamicSQL, i, "a procedure of the system takes the names of objects as strings")
		}
	case "GRANT", "REVOKE":
		a.grant()
	case "EXECUTE":
		a.at++
		a.skip("IMMEDIATE")
		a.notice(DynamicSQL, i, "it runs what stands in a string")
		a.upTo("INTO") // variables
	case "SET":
		a.at++
		a.set()
	case "DECLARE":
		a.at++
		a.variables()
	case "ASSERT", "RETURN", "RAISE", "BREAK", "LEAVE", "CONTINUE", "ITERATE", "COMMIT", "ROLLBACK":
		a.at++
	default:
		if !a.symbol(i, "(") && !a.symbol(i, ";") {
			a.notice(UnknownStatement, i, "no statement that is known begins with it")
		}
	}
	return &level{}
}

// modify reads the target of UPDATE, DELETE and MERGE, and MERGE's source.
func (a *analysis) modify(keyword string) *level {
	a.at++
	a.skip("INTO", "FROM")
	if p, ok := a.take(Table, true); ok && !a.tableAlias() {
		last := p.components[len(p.components)-1].parts
		a.scope.declare(last[len(last)-1], p.first)
	}
	lv := &level{fromMay: keyword == "UPDATE", selected: true}
	if keyword == "MERGE" && a.skip("USING") {
		lv.from = true
		a.table(lv)
	}
	return lv
}

// set refuses what changes where names without a dataset are looked up.
func (a *analysis) set() {
	for i := a.at; a.token(i).kind != endOfText && !a.symbol(i, ";"); i++ {
		switch t := a.token(i); strings.ToLower(a.sql[t.start:t.end]) {
		case "@@dataset_id", "@@dataset_project_id":
			a.notice(DefaultDataset, i, "names without a dataset go elsewhere from here on")
		}
	}
}

// variables notes the names that DECLARE declares.
func (a *analysis) variables() {
	for a.token(a.at).isName() {
		a.declare(a.at)
		a.at++
		if !a.symbol(a.at, ",") {
			return
		}
		a.at++
	}
}
