// SPDX-License-Identifier: Apache-2.0

package viewsql_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/watertight-go/watertight/dataclone/viewsql"
)

// Each of these texts names a mapped dataset in a place that is easily taken for
// another one.
func TestPlacesThatHideADatasetAreRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		sql  string
		want viewsql.Reason
	}{
		"EXTERNAL_QUERY in backticks":              {"SELECT * FROM `EXTERNAL_QUERY`('p.us.c', 'SELECT 1 FROM sales.t')", viewsql.ExternalQuery},
		"the name of a graph in a string":          {"SELECT * FROM GRAPH_EXPAND('prod-1.sales.g')", viewsql.DynamicSQL},
		"an identifier with a NUL":                 {"SELECT * FROM `sales.\x00`", viewsql.BadIdentifier},
		"a graph":                                  {"GRAPH sales.g MATCH (n) RETURN n.id", viewsql.UnknownStatement},
		"SAFE in one pair with a dataset":          {"SELECT `SAFE.sales`.f(1)", viewsql.UnknownSyntax},
		"SAFE in one pair with a function":         {"SELECT `SAFE.sales.f`(1)", viewsql.UnknownSyntax},
		"an implied alias of a project's name":     {"SELECT plain.ds.t FROM hr.plain", viewsql.AmbiguousName},
		"a system variable with space":             {"SET @@ dataset_id = 'sales'; SELECT * FROM t", viewsql.UnknownSyntax},
		"a system variable in backticks":           {"SET @@`dataset_id` = 'sales'; SELECT * FROM t", viewsql.UnknownSyntax},
		"a table behind TABLE":                     {"TABLE sales.t", viewsql.UnknownSyntax},
		"a table behind AS TABLE":                  {"CREATE TABLE x.t AS TABLE sales.t", viewsql.UnknownSyntax},
		"a table behind AS":                        {"CREATE TABLE x.t AS sales.t", viewsql.UnknownSyntax},
		"a table behind an unknown word":           {"SELECT * FROM ONLY sales.t", viewsql.UnknownSyntax},
		"a table behind a word that may be a name": {"SELECT * FROM TABLE sales.t", viewsql.UnknownSyntax},
		"a table behind an alias":                  {"SELECT * FROM a x sales.t", viewsql.UnknownSyntax},
		"a hint in an UPDATE":                      {"UPDATE @{a=1} sales.t SET x = 1 WHERE TRUE", viewsql.UnknownSyntax},
		"a hint in an INSERT":                      {"INSERT @{a=1} INTO sales.t VALUES (1)", viewsql.UnknownSyntax},
		"an unknown statement without a semicolon": {"EXPLAIN INSERT INTO sales.t VALUES (1)", viewsql.UnknownStatement},
		"a second table of DROP":                   {"DROP TABLE x.t, sales.t", viewsql.UnknownSyntax},
		"a second table of GRANT":                  {"GRANT `r` ON TABLE x.t, sales.t TO 'user:u'", viewsql.UnknownSyntax},
		"a colon behind a project with a domain":   {"SELECT * FROM `example.com:prod:ds.t`", viewsql.LegacySQL},
		"a colon behind a table":                   {"SELECT * FROM `sales.t:x`", viewsql.LegacySQL},
		"a colon without backticks":                {"SELECT * FROM prod-1:sales.t", viewsql.LegacySQL},
		"a domain without backticks":               {"SELECT * FROM example.com:prod.ds.t", viewsql.LegacySQL},
		"a procedure in another language":          {"CREATE PROCEDURE x.p() WITH CONNECTION us.c LANGUAGE PYTHON AS r'''load('prod-1.sales.t')'''", viewsql.DynamicSQL},
		"LOAD DATA from something unknown":         {"LOAD DATA INTO x.t FROM sales.t", viewsql.UnknownSyntax},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := mapping().Rewrite(tt.sql)
			var refused *viewsql.RefusedError
			if !errors.As(err, &refused) {
				t.Fatalf("got %q, error %v", got.SQL, err)
			}
			if !refused.Has(tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

// A text may give as many notices as it has tokens; an error that is printed may not.
func TestAnErrorSaysTheFirstNoticesAndCountsTheRest(t *testing.T) {
	_, err := mapping().Rewrite("SELECT 1 FROM a" + strings.Repeat(", [b]", 30))
	var refused *viewsql.RefusedError
	if !errors.As(err, &refused) || len(refused.Notices) != 30 {
		t.Fatalf("got %v", err)
	}
	if got := strings.Count(err.Error(), string(viewsql.LegacySQL)); got != 10 || !strings.HasSuffix(err.Error(), "; and 20 more") {
		t.Errorf("got %d notices in %v", got, err)
	}
}
