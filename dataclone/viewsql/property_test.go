// SPDX-License-Identifier: Apache-2.0

package viewsql_test

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/dataclone/viewsql"
)

type failer interface {
	Helper()
	Fatalf(string, ...any)
}

// checkLaws fails if what Rewrite says of a text breaks a promise of the package.
func checkLaws(t failer, sql string) {
	t.Helper()
	m := mapping()
	got, err := m.Rewrite(sql)
	if err != nil {
		var refused *viewsql.RefusedError
		if !errors.As(err, &refused) || len(refused.Notices) == 0 {
			t.Fatalf("%q: %v", sql, err)
		}
		for _, n := range refused.Notices {
			if n.Offset < 0 || n.Offset > len(sql) || n.Line < 1 || n.Column < 1 || n.Reason == "" {
				t.Fatalf("%q: no place or reason: %+v", sql, n)
			}
		}
		return
	}
	again, err := m.Rewrite(got.SQL)
	if err != nil {
		t.Fatalf("%q became %q, which is refused: %v", sql, got.SQL, err)
	}
	if again.SQL != got.SQL {
		t.Fatalf("%q became %q and then %q", sql, got.SQL, again.SQL)
	}
	for _, r := range again.References {
		if r.Mapped() {
			t.Fatalf("%q became %q, which has %+v", sql, got.SQL, r)
		}
	}
	checkKept(t, sql, got)
}

// checkKept fails if anything but mapped paths differs between a text and its result, or
// if the result refers to anything else.
func checkKept(t failer, sql string, got viewsql.Rewritten) {
	t.Helper()
	onwards := viewsql.Mapping{DefaultProject: "prod-1"} // lists the paths that were rewritten
	for _, m := range mapping().Moves {
		onwards.Moves = append(onwards.Moves, viewsql.Move{From: m.To, To: viewsql.Dataset{Project: "third-1", Dataset: m.To.Dataset}})
	}
	next, err := onwards.Rewrite(got.SQL)
	if err != nil {
		return // the new names are ambiguous there, but the first mapping does not care
	}
	before, after := sql, got.SQL
	var was, is strings.Builder
	at, to := 0, 0
	for i, r := range got.References {
		if i >= len(next.References) {
			t.Fatalf("%q has %v, %q has %v", sql, got.References, got.SQL, next.References)
		}
		n := next.References[i]
		if n.Kind != r.Kind || n.Write != r.Write || n.Name != r.Name || r.Mapped() && (n.Project != r.To.Project || n.Dataset != r.To.Dataset) {
			t.Fatalf("%q: %+v became %+v", sql, r, n)
		}
		was.WriteString(before[at:r.Offset])
		is.WriteString(after[to:n.Offset])
		at, to = r.Offset+len(r.Text), n.Offset+len(n.Text)
	}
	if was.String()+before[at:] != is.String()+after[to:] {
		t.Fatalf("%q became %q", sql, got.SQL)
	}
}

// pieces are what random texts are made of.
func pieces() []string {
	return []string{
		"SELECT", "FROM", "JOIN", "WHERE", "WITH", "AS", "ON", "UNION ALL", "EXCEPT", "CASE", "WHEN", "THEN", "END", "BEGIN", "IF", ";", ",",
		"(", ")", "[", "]", "|>", ".", "-", "*", "=", "@", "sales", "sales.orders", "`prod-1.sales.orders`", "`prod-1`.sales.orders",
		"`sales.orders`", "plain.ds.t", "my-proj-123.ds.t", "my-proj-1e5.ds.t", "x", "x.y", "hr.f(1)", "'sales.orders'", `r'\' FROM sales.a'`,
		"'''\nsales.a\n'''", "-- sales.orders\n", "/* sales.orders */", "# FROM sales.a\n", "1", "1.5", "1.", ".5", "EXTRACT(DAY FROM", "DISTINCT",
		"INSERT INTO", "UPDATE", "SET", "DELETE", "MERGE", "USING", "CREATE TABLE", "DROP TABLE", "CALL", "TABLE", "UNNEST(", "INFORMATION_SCHEMA.TABLES",
		"CREATE PROCEDURE", "DECLARE", "FOR", "IN", "DO", "LOOP", "ELSE", "NULL", "LIMIT", "ORDER BY", "sales.sales", "`sales`.`a\\u0041`", "LEFT",
		"x.(sales.f)(1)", "`SAFE.sales`.f(1)", "SAFE.sales.f(1)", "GRAPH_EXPAND(", "@@x", ":", "/", "INTO", "LOAD DATA INTO", "UNTIL", "REPEAT", "WHILE",
	}
}

func TestTheLawsHoldForRandomTexts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom(pieces()), 0, 25).Draw(t, "words")
		checkLaws(t, strings.Join(words, rapid.SampledFrom([]string{" ", "", "\n"}).Draw(t, "space")))
	})
}

func FuzzRewrite(f *testing.F) {
	for _, sql := range []string{
		"SELECT `prod-1.sales.orders`.id FROM `prod-1.sales.orders`, my-proj-1e5.ds.t",
		"BEGIN INSERT INTO sales.a SELECT r'\\'', '''x''' FROM hr.b; END",
		"FROM sales.a |> JOIN sales.b ON TRUE |> SELECT EXTRACT(DAY FROM x)",
	} {
		f.Add(sql)
	}
	f.Fuzz(func(t *testing.T, sql string) { checkLaws(t, sql) })
}

// Time is proportional to the length of hostile texts too: a quadratic step would take
// minutes here.
func TestLongTextsEnd(t *testing.T) {
	for name, piece := range map[string]string{
		"dashes":      "a-1-",
		"paths":       "a.",
		"commas":      "sales.t, ",
		"aliases":     "FROM sales.t AS a |> JOIN ",
		"backslashes": `\`,
		"comments":    "/**/",
		"brackets":    "(",
		"selects":     "SELECT (SELECT 1),",
		"semicolons":  "SELECT 1;",
		"labels":      "a:",
		"quotes":      "'",
		"lines":       "1\n+",
	} {
		t.Run(name, func(t *testing.T) {
			checkLaws(t, "SELECT 1 FROM "+strings.Repeat(piece, 1<<17/len(piece))+" sales.t")
			checkLaws(t, "SELECT "+strings.Repeat(piece, 1<<17/len(piece)))
		})
	}
}
