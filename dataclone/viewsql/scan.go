// SPDX-License-Identifier: Apache-2.0

package viewsql

import "slices"

// A level is what lies between two brackets, or a statement, without what its own
// brackets hold.
type level struct {
	end   int    // the token behind it
	outer *scope // what its SELECTs see besides their own names
	stops []string

	fromMay    bool // a FROM that comes now begins a FROM clause
	selected   bool // the scope is already that of the FROM clause to come
	from       bool // in a FROM clause, where a comma is followed by a table
	cases      int  // open CASE expressions
	extract    bool // the arguments of EXTRACT
	expression bool // the last token ended an expression, so a name is its alias
}

// scan goes through a level up to its end, a semicolon, or one of its stops outside
// CASE.
func (a *analysis) scan(lv *level) {
	lv.fromMay = lv.fromMay || a.keyword(a.at) == "FROM" && !lv.extract
	for a.at < lv.end && a.token(a.at).kind != endOfText {
		t := a.token(a.at)
		if lv.cases == 0 && t.keyword != "" && slices.Contains(lv.stops, t.keyword) || t.kind == symbol && a.symbol(a.at, ";") {
			return
		}
		switch {
		case t.kind == symbol:
			a.scanSymbol(lv)
		case t.kind == quoted, t.kind == word && !a.scanKeyword(lv, t.keyword):
			a.scanName(lv)
		case t.kind == literal, t.kind == number, t.kind == parameter:
			a.at++
			lv.expression = true
		}
	}
}

func (a *analysis) scanSymbol(lv *level) {
	i := a.at
	switch text := a.sql[a.token(i).start:a.token(i).end]; text {
	case "(", "[", "{":
		a.nest(a.scope, a.keyword(i-1) == "EXTRACT")
		lv.expression = text != "{"
		return
	case ",":
		a.at++
		if lv.from && lv.cases == 0 {
			a.table(lv)
			return
		}
	case "|>":
		a.at++
		lv.expression = false
		a.pipe(lv)
		return
	case ".":
		a.at++
		if a.token(a.at).kind == word || a.token(a.at).kind == quoted {
			a.at++ // a field of what ended before the dot
			lv.expression = true
			return
		}
		a.chained()
	case "@":
		a.at++
		switch a.token(a.at).kind {
		case quoted:
			a.at++ // a parameter
		case word:
			a.notice(UnknownSyntax, i, "a parameter and its name have space between them")
		default: // a hint
		}
	default:
		a.at++
	}
	lv.expression = false
}

// chained reads the name of a function in (x).(dataset.function)(y), behind the dot
// (Google Security Operations documentation, GoogleSQL, "Function calls", "Chained
// function calls"). Whether BigQuery takes it is not documented.
func (a *analysis) chained() {
	if !a.symbol(a.at, "(") || !a.token(a.at+1).isName() {
		return
	}
	if p := a.path(a.at+1, false); p.after == a.token(a.at).match {
		a.call(&p)
		a.paths = append(a.paths, p)
		a.at = p.after + 1
	}
}

// nest goes through the brackets that open here. Queries in them see the names of the
// scope.
func (a *analysis) nest(outer *scope, extract bool) {
	closing := a.token(a.at).match
	if a.depth == deepest {
		a.notice(TooDeep, a.at, "brackets nest too deep")
		a.at = closing + 1
		return
	}
	saved := a.scope
	a.scope = outer
	if a.scope == nil {
		a.scope = newScope(nil)
	}
	a.depth++
	a.at++
	lv := &level{end: closing, outer: outer, extract: extract}
	a.scan(lv)
	a.close(lv)
	a.depth--
	a.scope = saved
}

// close ends a level in brackets.
func (a *analysis) close(lv *level) {
	if a.at < lv.end {
		a.notice(UnknownSyntax, a.at, "a statement cannot end within brackets")
	} else if lv.cases > 0 {
		a.notice(Unbalanced, lv.end, "a CASE is not ended")
	}
	a.at = lv.end + 1
}

// scanKeyword goes over a word that is more than a name, and tells whether it was one.
func (a *analysis) scanKeyword(lv *level, keyword string) bool {
	i := a.at
	switch keyword {
	case "FROM":
		a.fromClause(lv)
		return true
	case "JOIN":
		a.at++
		if !lv.from {
			a.notice(UnknownSyntax, i, "a join outside of a FROM clause")
		}
		a.table(lv)
		return true
	case "AS":
		a.as(lv)
		return true
	case "TABLE", "MODEL":
		// An argument of a table function, as in f(TABLE x, MODEL y).
		if !a.token(i+1).isName() || i == 0 || !a.symbol(i-1, "(") && !a.symbol(i-1, ",") && !a.symbol(i-1, ">") {
			return false
		}
		a.at++
		if keyword == "MODEL" {
			a.take(Model, false)
		} else {
			a.take(Table, false)
		}
	case "REFERENCES":
		if !a.token(i + 1).isName() {
			return false
		}
		a.at++
		a.take(Table, false)
	case "CONNECTION":
		if a.keyword(i-1) != "WITH" || !a.token(i+1).isName() || a.keyword(i+1) == "DEFAULT" {
			return false
		}
		a.at++
		a.take(Connection, false)
	case "GRAPH_TABLE", "LATERAL":
		a.at++
		a.notice(UnknownSyntax, i, "not supported")
	default:
		return reserved(keyword) && a.scanReserved(lv, keyword)
	}
	lv.expression = false
	return true
}

func (a *analysis) scanReserved(lv *level, keyword string) bool {
	i := a.at
	a.at++
	lv.expression = keyword == "END" || keyword == "NULL" || keyword == "TRUE" || keyword == "FALSE"
	switch keyword {
	case "SELECT":
		a.scope = newScope(lv.outer)
		lv.fromMay, lv.selected, lv.from = true, true, false
	case "WITH":
		a.at = i
		if !a.with(lv) {
			a.at++
		}
	case "UNION", "INTERSECT":
		lv.fromMay, lv.selected, lv.from = false, false, false
	case "WHERE", "GROUP", "HAVING", "QUALIFY", "WINDOW", "ORDER", "LIMIT", "EXCEPT", "SET":
		lv.from = false
	case "WHEN", "THEN":
		if lv.cases == 0 {
			lv.from = false // of MERGE
		}
	case "INTO":
		a.notice(UnknownStatement, i, "no statement that is known has it here")
	case "CASE":
		lv.cases++
	case "END":
		if lv.cases--; lv.cases < 0 {
			lv.cases = 0
			a.notice(Unbalanced, i, "it ends nothing")
		}
	}
	return true
}

// scanName notes a path in the place of an expression: a function if arguments follow,
// else something that may have a table's name before it.
func (a *analysis) scanName(lv *level) {
	p := a.path(a.at, false)
	p.place = Column
	switch parts := p.parts(); {
	case a.symbol(p.after, "("):
		a.call(&p)
	case lv.expression && len(parts) == 1:
		a.declare(p.first)
	case lv.expression:
		p.misplaced = !a.takesExpression(p.first - 1)
	}
	if t := a.token(p.first); t.kind == word && !t.continues && a.symbol(p.first+1, "-") && a.token(p.first+2).continues {
		dashed := a.path(a.at, true)
		dashed.place, dashed.dashes = Column, true
		a.paths = append(a.paths, dashed)
	}
	a.paths = append(a.paths, p)
	a.at = p.after
	lv.expression = true
}

// takesExpression tells whether token i is a word that is not reserved and yet has an
// expression behind it: AT TIME ZONE x, CAST(y AS STRING FORMAT x), HAVING MAX x, SELECT AS VALUE x.
func (a *analysis) takesExpression(i int) bool {
	switch a.keyword(i) {
	case "ZONE", "FORMAT", "MAX", "MIN", "VALUE":
		return true
	}
	return false
}
