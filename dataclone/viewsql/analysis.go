// SPDX-License-Identifier: Apache-2.0

package viewsql

import "strings"

// analysis is one pass over a text: which paths it has, in which places, and which names
// it declares. What a path means is decided afterwards, when all names are known.
type analysis struct {
	sql    string
	tokens []token
	at     int // the token that comes next
	depth  int // how many brackets it is in
	scope  *scope

	paths []path
	// declared are the names that stand in the text as names of something of its own:
	// aliases, WITH, variables. In lower case.
	declared map[string]bool
	// tables are the names of WITH and of tables that the text creates without a dataset.
	tables  map[string]bool
	notices []Notice
}

// deepest is how deep brackets may nest. It bounds the stack.
const deepest = 500

func analyze(sql string) (*analysis, *Notice) {
	tokens, fault := lex(sql)
	if fault != nil {
		return nil, fault
	}
	a := &analysis{sql: sql, tokens: tokens, scope: newScope(nil), declared: map[string]bool{}, tables: map[string]bool{}}
	a.text()
	return a, nil
}

// notice adds a notice about token i.
func (a *analysis) notice(r Reason, i int, detail string) {
	t := a.token(i)
	text := a.sql[t.start:t.end]
	switch t.kind {
	case literal:
		text = "literal" // may hold a secret
	case endOfText:
		text = "end of text"
	default: // shows as it is
	}
	a.notices = append(a.notices, Notice{Reason: r, Position: Position{Offset: t.start}, Text: text, Detail: detail})
}

func (a *analysis) declare(i int) {
	a.declared[strings.ToLower(a.name(i))] = true
}

// take reads the path that comes next, and notes it as one in the given place. It
// refuses what is no path.
func (a *analysis) take(place Kind, write bool) (path, bool) {
	if !a.token(a.at).isName() {
		a.notice(UnknownSyntax, a.at, "a name is expected here")
		return path{}, false
	}
	p := a.path(a.at, true)
	p.place, p.write = place, write
	a.paths = append(a.paths, p)
	a.at = p.after
	switch {
	case a.symbol(a.at, ":"):
		a.notice(LegacySQL, a.at, "a colon in the name of a table is legacy SQL")
	case a.symbol(a.at, "-"), a.symbol(a.at, "/"), a.symbol(a.at, "."):
		a.notice(UnknownSyntax, a.at, "the name goes on in a way that is not known")
	case write && a.symbol(a.at, ","):
		a.notice(UnknownSyntax, a.at, "the statement is about one name only")
	}
	return p, true
}

// call notes a path as the name of a function or a procedure.
func (a *analysis) call(p *path) {
	p.place = Routine
	parts := p.parts()
	if len(parts) != 1 {
		return
	}
	switch strings.ToUpper(parts[0]) {
	case "EXTERNAL_QUERY":
		a.notice(ExternalQuery, p.first, "another database runs what stands in its argument")
	case "GRAPH_EXPAND": // BigQuery documentation, "Graphs within SQL"
		a.notice(DynamicSQL, p.first, "the name of a graph stands in its argument")
	}
}

// upTo reads up to a keyword of the statement and over it, and tells whether it is there.
func (a *analysis) upTo(keyword string) bool {
	lv := &level{end: len(a.tokens) - 1, outer: a.scope, stops: []string{keyword}}
	a.scan(lv)
	return a.skip(keyword)
}

// skip goes over the next token if it is one of the keywords, and tells whether it was.
func (a *analysis) skip(keywords ...string) bool {
	for _, k := range keywords {
		if a.keyword(a.at) == k {
			a.at++
			return true
		}
	}
	return false
}

// skipWords goes over all of the keywords that come next.
func (a *analysis) skipWords(keywords ...string) {
	for a.skip(keywords...) {
		continue
	}
}

// begins tells whether token i begins a query expression.
func (a *analysis) begins(i int) bool {
	switch a.keyword(i) {
	case "SELECT", "WITH", "FROM":
		return true
	}
	return false
}
