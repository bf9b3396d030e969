// SPDX-License-Identifier: Apache-2.0

package bqsim

import (
	"strconv"
	"strings"
)

// A statement is one that the simulator runs.
type statement struct {
	kind        statementKind
	destination []string // parts of a path
	source      []string
	at          *int64 // FOR SYSTEM_TIME AS OF, milliseconds
	options     map[string]any
}

type statementKind string

// The statements, under the name that statistics give them where there is one.
const (
	createTable    statementKind = "CREATE_TABLE"
	createSnapshot statementKind = "CREATE_SNAPSHOT_TABLE"
	createSchema   statementKind = "CREATE_SCHEMA"
	selectNow      statementKind = "SELECT"
	selectCount    statementKind = "SELECT COUNT"
	selectPrint    statementKind = "SELECT FINGERPRINT"
	selectOptions  statementKind = "SELECT OPTIONS"
)

// A parser reads one statement of the closed list. Whatever else there is, it
// refuses.
type parser struct {
	tokens []token
	at     int
	err    error
}

// parse reads a statement.
func parse(sql string) (statement, error) {
	list, err := tokens(sql)
	if err != nil {
		return statement{}, err
	}
	p := &parser{tokens: list}
	st := p.statement()
	p.accept(";")
	if p.err == nil && p.peek().kind != tokenEnd {
		p.refuse()
	}
	return st, p.err
}

func (p *parser) peek() token { return p.tokens[p.at] }

func (p *parser) refuse() {
	if p.err == nil {
		t := p.peek()
		p.err = invalidQuery("Statement at [%d], %q: not supported by the simulator", t.at, t.text)
	}
}

// accept takes the words and signs if they come next.
func (p *parser) accept(words ...string) bool {
	if p.err != nil || p.at+len(words) >= len(p.tokens) {
		return false
	}
	for i, w := range words {
		if !p.tokens[p.at+i].is(w) {
			return false
		}
	}
	p.at += len(words)
	return true
}

func (p *parser) expect(words string) {
	for w := range strings.FieldsSeq(words) {
		if !p.accept(w) {
			p.refuse()
			return
		}
	}
}

func (p *parser) take(kind tokenKind) string {
	t := p.peek()
	if p.err != nil || t.kind != kind {
		p.refuse()
		return ""
	}
	p.at++
	return t.text
}

func (p *parser) statement() statement {
	switch {
	case p.accept("CREATE", "TABLE"):
		return p.clone(createTable)
	case p.accept("CREATE", "SNAPSHOT", "TABLE"):
		return p.clone(createSnapshot)
	case p.accept("CREATE", "SCHEMA"):
		return statement{kind: createSchema, destination: p.path(), options: p.options()}
	case p.accept("SELECT", "UNIX_MILLIS", "(", "CURRENT_TIMESTAMP"):
		p.accept("(", ")")
		p.expect(")")
		return statement{kind: selectNow}
	case p.accept("SELECT", "table_name", ",", "option_value", "FROM"):
		return p.tableOptions()
	case p.accept("SELECT", "COUNT", "(", "*", ")", ","):
		p.expect("BIT_XOR ( FARM_FINGERPRINT ( TO_JSON_STRING ( t ) ) ) ,")
		p.expect("SUM ( CAST ( FARM_FINGERPRINT ( TO_JSON_STRING ( t ) ) AS BIGNUMERIC ) )")
		return p.from(selectPrint)
	case p.accept("SELECT", "COUNT", "(", "*", ")"):
		return p.from(selectCount)
	default:
		p.refuse()
		return statement{}
	}
}

func (p *parser) clone(kind statementKind) statement {
	st := statement{kind: kind, destination: p.path()}
	p.expect("CLONE")
	st.source = p.path()
	st.at = p.systemTime()
	st.options = p.options()
	return st
}

// from reads the tail of a count: the table, its alias t, the time, and a
// condition that is always true, for tables that want one on their partitions.
func (p *parser) from(kind statementKind) statement {
	p.expect("FROM")
	st := statement{kind: kind, source: p.path()}
	alias := p.accept("AS", "t")
	if kind == selectPrint && !alias {
		p.refuse()
	}
	st.at = p.systemTime()
	if p.accept("WHERE") {
		column := p.take(tokenQuoted)
		p.expect("IS NULL OR")
		if again := p.take(tokenQuoted); again != column {
			p.refuse()
		}
		p.expect("IS NOT NULL")
	}
	return st
}

func (p *parser) systemTime() *int64 {
	if !p.accept("FOR", "SYSTEM_TIME", "AS", "OF") {
		return nil
	}
	ms := p.millis()
	return &ms
}

func (p *parser) millis() int64 {
	p.expect("TIMESTAMP_MILLIS (")
	sign := ""
	if p.accept("-") {
		sign = "-"
	}
	ms, err := strconv.ParseInt(sign+p.take(tokenNumber), 10, 64)
	if err != nil {
		p.refuse()
	}
	p.expect(")")
	return ms
}

// options reads OPTIONS(name=value, ...): values are texts, numbers, times in
// milliseconds and lists of pairs of texts.
func (p *parser) options() map[string]any {
	out := make(map[string]any)
	if !p.accept("OPTIONS") {
		return out
	}
	p.expect("(")
	for p.err == nil && !p.accept(")") {
		name := strings.ToLower(p.take(tokenWord))
		p.expect("=")
		if _, twice := out[name]; twice {
			p.refuse()
		}
		out[name] = p.value()
		if !p.accept(",") {
			p.expect(")")
			break
		}
	}
	return out
}

func (p *parser) value() any {
	switch t := p.peek(); {
	case t.kind == tokenString:
		return p.take(tokenString)
	case t.kind == tokenNumber:
		return p.take(tokenNumber)
	case t.is("TIMESTAMP_MILLIS"):
		return p.millis()
	case p.accept("["):
		pairs := make(object)
		for p.err == nil && !p.accept("]") {
			p.expect("(")
			key := p.take(tokenString)
			p.expect(",")
			pairs[key] = p.take(tokenString)
			p.expect(")")
			if !p.accept(",") {
				p.expect("]")
				break
			}
		}
		return pairs
	default:
		p.refuse()
		return nil
	}
}

// path reads the name of a table or dataset and returns its parts.
func (p *parser) path() []string {
	parts, n := readPath(p.tokens[p.at:])
	if p.err != nil || n == 0 {
		p.refuse()
		return nil
	}
	p.at += n
	return parts
}
