// SPDX-License-Identifier: Apache-2.0

package viewsql

import "strings"

// A path is a name of one or more components with dots between them, as it stands in
// the text.
type path struct {
	first, after int // its tokens: from first up to but not including after
	components   []component
	place        Kind
	write        bool
	suspect      bool // follows a FROM that does not begin a FROM clause
	misplaced    bool // stands behind what needs an operator or a comma to go on
	dashes       bool // would begin with a dashed project, were this the place of a table
	scope        *scope
}

// A component is what stands between two dots that are not in backticks. In backticks
// it can hold several parts, as `project.dataset.table` does.
type component struct {
	start, end int
	parts      []string
}

// parts returns the parts of all components.
func (p path) parts() []string {
	var all []string
	for _, c := range p.components {
		all = append(all, c.parts...)
	}
	return all
}

// qualifier returns what an alias would have to be for the path to begin with it.
func (p path) qualifier() (string, bool) {
	if len(p.components) < 2 || len(p.components[0].parts) != 1 {
		return "", false
	}
	return strings.ToLower(p.components[0].parts[0]), true
}

// path reads the path that begins at token i. Dashes are part of the first component
// where dashed says so, as they are in the names of tables (BigQuery documentation,
// "Lexical structure and syntax", "Table names").
func (a *analysis) path(i int, dashed bool) path {
	p := path{first: i, scope: a.scope}
	t := a.token(i)
	c := component{start: t.start, end: t.end}
	for i++; dashed && t.kind == word && a.symbol(i, "-") && a.token(i+1).continues; i += 2 {
		c.end = a.token(i + 1).end
	}
	c.parts = a.split(c)
	p.components = append(p.components, c)
	for a.symbol(i, ".") && (a.token(i+1).kind == word || a.token(i+1).kind == quoted) {
		c = component{start: a.token(i + 1).start, end: a.token(i + 1).end}
		c.parts = a.split(c)
		p.components = append(p.components, c)
		i += 2
	}
	p.after = i
	return p
}

// split returns the parts of a component. A project's domain has dots of its own:
// example.com:project.dataset.table has three parts.
func (a *analysis) split(c component) []string {
	text := a.sql[c.start:c.end]
	if text[0] != '`' {
		return []string{text}
	}
	name, _ := unquote(text) // the lexer has seen that it can be
	from := strings.LastIndexByte(name, ':') + 1
	dot := strings.IndexByte(name[from:], '.')
	if dot < 0 {
		return []string{name}
	}
	parts := strings.Split(name[from+dot+1:], ".")
	return append([]string{name[:from+dot]}, parts...)
}

// token returns token i, or the end of the text where there is no such token.
func (a *analysis) token(i int) token {
	if i < 0 || i >= len(a.tokens) {
		return a.tokens[len(a.tokens)-1]
	}
	return a.tokens[i]
}

// symbol tells whether token i is the symbol s.
func (a *analysis) symbol(i int, s string) bool {
	t := a.token(i)
	return t.kind == symbol && a.sql[t.start:t.end] == s
}

// keyword returns the keyword or the name that token i is, in capitals; nothing where
// it is no unquoted word, or where there is no such token.
func (a *analysis) keyword(i int) string { return a.token(i).keyword }

// name returns the name that token i is, without backticks.
func (a *analysis) name(i int) string {
	t := a.token(i)
	if t.kind == quoted {
		name, _ := unquote(a.sql[t.start:t.end])
		return name
	}
	return a.sql[t.start:t.end]
}
