// SPDX-License-Identifier: Apache-2.0

package viewsql_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/watertight-go/watertight/dataclone/viewsql"
)

// mapping moves two datasets of prod-1, and one of a project without dashes.
func mapping() viewsql.Mapping {
	move := func(p, d, to string) viewsql.Move {
		return viewsql.Move{From: viewsql.Dataset{Project: p, Dataset: d}, To: viewsql.Dataset{Project: "stg-1", Dataset: to}}
	}
	return viewsql.Mapping{DefaultProject: "prod-1", Moves: []viewsql.Move{
		move("prod-1", "sales", "stg"), move("prod-1", "hr", "stg_hr"), move("my-proj-123", "ds", "d1"),
		move("my-proj-1e5", "ds", "d2"), move("plain", "ds", "d3"), move("example.com:prod", "ds", "d4"),
	}}
}

func TestReferencesGoToTheMappedDataset(t *testing.T) {
	for name, tt := range map[string]struct{ sql, want string }{
		"a function named in brackets":        {"SELECT (x).(sales.f)(1), (x).(SAFE.LEFT)(1) FROM hr.t", "SELECT (x).(`stg-1`.`stg`.f)(1), (x).(SAFE.LEFT)(1) FROM `stg-1`.`stg_hr`.t"},
		"a function called as a keyword":      {"SELECT * FROM files(1), sales.b", "SELECT * FROM files(1), `stg-1`.`stg`.b"},
		"a project in another case":           {"SELECT * FROM `PROD-1.sales.t`", "SELECT * FROM `stg-1.stg.t`"},
		"a time zone of an alias":             {"SELECT x AT TIME ZONE sales.tz FROM t AS sales", "SELECT x AT TIME ZONE sales.tz FROM t AS sales"},
		"one pair of backticks stays one":     {"SELECT * FROM `prod-1.sales.orders`", "SELECT * FROM `stg-1.stg.orders`"},
		"components stay components":          {"SELECT * FROM `prod-1`.sales.orders", "SELECT * FROM `stg-1`.`stg`.orders"},
		"project and dataset in one pair":     {"FROM `prod-1.sales`.orders", "FROM `stg-1.stg`.orders"},
		"dataset and table in one pair":       {"FROM plain.`ds.t`", "FROM `stg-1`.`d3.t`"},
		"a column prefix in backticks":        {"SELECT `prod-1.sales.orders`.id FROM `prod-1.sales.orders`", "SELECT `stg-1.stg.orders`.id FROM `stg-1.stg.orders`"},
		"a column prefix without a project":   {"SELECT `sales.orders`.id FROM `sales.orders`", "SELECT `stg-1.stg.orders`.id FROM `stg-1.stg.orders`"},
		"a column prefix of components":       {"SELECT plain.ds.t.id FROM plain.ds.t", "SELECT `stg-1`.`d3`.t.id FROM `stg-1`.`d3`.t"},
		"a view's own project is added":       {"SELECT id FROM sales.orders", "SELECT id FROM `stg-1`.`stg`.orders"},
		"a quoted dataset":                    {"FROM `sales`.orders", "FROM `stg-1`.`stg`.orders"},
		"dashes without backticks":            {"SELECT 1 FROM my-proj-123.ds.t", "SELECT 1 FROM `stg-1`.`d1`.t"},
		"dashes that look like an exponent":   {"SELECT 1 FROM my-proj-1e5.ds.t", "SELECT 1 FROM `stg-1`.`d2`.t"},
		"a project with a domain":             {"FROM `example.com:prod.ds.t`, `example.com:prod`.ds.u", "FROM `stg-1.d4.t`, `stg-1`.`d4`.u"},
		"joins and commas":                    {"SELECT 1 FROM sales.a a, hr.b AS b LEFT OUTER JOIN sales.c USING (id), sales.d", "SELECT 1 FROM `stg-1`.`stg`.a a, `stg-1`.`stg_hr`.b AS b LEFT OUTER JOIN `stg-1`.`stg`.c USING (id), `stg-1`.`stg`.d"},
		"a comma of an ON expression":         {"SELECT 1 FROM sales.a x JOIN sales.b y ON x.i = CASE WHEN f(x.a, y.b) THEN 1 ELSE 2 END, sales.c", "SELECT 1 FROM `stg-1`.`stg`.a x JOIN `stg-1`.`stg`.b y ON x.i = CASE WHEN f(x.a, y.b) THEN 1 ELSE 2 END, `stg-1`.`stg`.c"},
		"a join in brackets":                  {"SELECT 1 FROM (sales.a JOIN (sales.b CROSS JOIN hr.c) ON TRUE)", "SELECT 1 FROM (`stg-1`.`stg`.a JOIN (`stg-1`.`stg`.b CROSS JOIN `stg-1`.`stg_hr`.c) ON TRUE)"},
		"subqueries":                          {"SELECT (SELECT MAX(i) FROM hr.x), ARRAY(SELECT 1 FROM hr.y) FROM ((SELECT 1 FROM sales.a) UNION ALL (SELECT 2 FROM sales.b)) AS u WHERE EXISTS (SELECT 1 FROM sales.c) AND x IN (SELECT y FROM sales.d)", "SELECT (SELECT MAX(i) FROM `stg-1`.`stg_hr`.x), ARRAY(SELECT 1 FROM `stg-1`.`stg_hr`.y) FROM ((SELECT 1 FROM `stg-1`.`stg`.a) UNION ALL (SELECT 2 FROM `stg-1`.`stg`.b)) AS u WHERE EXISTS (SELECT 1 FROM `stg-1`.`stg`.c) AND x IN (SELECT y FROM `stg-1`.`stg`.d)"},
		"WITH":                                {"WITH RECURSIVE a AS (SELECT * FROM sales.t), b(x) AS (FROM sales.u) SELECT * FROM a, b, sales.v", "WITH RECURSIVE a AS (SELECT * FROM `stg-1`.`stg`.t), b(x) AS (FROM `stg-1`.`stg`.u) SELECT * FROM a, b, `stg-1`.`stg`.v"},
		"EXCEPT of columns and of rows":       {"SELECT * EXCEPT (a) REPLACE (b + 1 AS b) FROM sales.a EXCEPT DISTINCT SELECT * FROM sales.b", "SELECT * EXCEPT (a) REPLACE (b + 1 AS b) FROM `stg-1`.`stg`.a EXCEPT DISTINCT SELECT * FROM `stg-1`.`stg`.b"},
		"a trailing comma of the select list": {"SELECT a, FROM sales.a", "SELECT a, FROM `stg-1`.`stg`.a"},
		"other clauses of a table":            {"SELECT 1 FROM sales.a FOR SYSTEM_TIME AS OF TIMESTAMP '2026-01-01', sales.b TABLESAMPLE SYSTEM (1 PERCENT), sales.c PIVOT(SUM(x) FOR y IN ('a', 'b')), UNNEST([1, 2]) WITH OFFSET AS o, sales.d", "SELECT 1 FROM `stg-1`.`stg`.a FOR SYSTEM_TIME AS OF TIMESTAMP '2026-01-01', `stg-1`.`stg`.b TABLESAMPLE SYSTEM (1 PERCENT), `stg-1`.`stg`.c PIVOT(SUM(x) FOR y IN ('a', 'b')), UNNEST([1, 2]) WITH OFFSET AS o, `stg-1`.`stg`.d"},
		"hints":                               {"SELECT 1 FROM sales.a JOIN @{join_type=hash} sales.b ON TRUE", "SELECT 1 FROM `stg-1`.`stg`.a JOIN @{join_type=hash} `stg-1`.`stg`.b ON TRUE"},
		"functions":                           {"SELECT sales.f(x), `prod-1.hr.g`(y), SAFE.sales.h(z), NET.HOST(u) FROM sales.tvf(1, TABLE sales.t, MODEL hr.m)", "SELECT `stg-1`.`stg`.f(x), `stg-1.stg_hr.g`(y), SAFE.`stg-1`.`stg`.h(z), NET.HOST(u) FROM `stg-1`.`stg`.tvf(1, TABLE `stg-1`.`stg`.t, MODEL `stg-1`.`stg_hr`.m)"},
		"the body of a function":              {"sales.f(x) + IF(y, 1, hr.g(2))", "`stg-1`.`stg`.f(x) + IF(y, 1, `stg-1`.`stg_hr`.g(2))"},
		"IF as an expression":                 {"IF(x, sales.f(1), 2)", "IF(x, `stg-1`.`stg`.f(1), 2)"},
		"CASE as an expression":               {"CASE WHEN x THEN sales.f(1) ELSE 2 END", "CASE WHEN x THEN `stg-1`.`stg`.f(1) ELSE 2 END"},
		"a predicate":                         {"region IN (SELECT r FROM hr.access WHERE u = SESSION_USER())", "region IN (SELECT r FROM `stg-1`.`stg_hr`.access WHERE u = SESSION_USER())"},
		"pipes":                               {"FROM sales.a |> WHERE x > 1 |> LEFT JOIN sales.b AS b ON a.i = b.i |> EXTEND 1 AS y |> UNION ALL (FROM hr.c), (SELECT * FROM hr.d) |> CALL sales.tvf(1) |> AGGREGATE COUNT(*) GROUP BY y |> SELECT y, z", "FROM `stg-1`.`stg`.a |> WHERE x > 1 |> LEFT JOIN `stg-1`.`stg`.b AS b ON a.i = b.i |> EXTEND 1 AS y |> UNION ALL (FROM `stg-1`.`stg_hr`.c), (SELECT * FROM `stg-1`.`stg_hr`.d) |> CALL `stg-1`.`stg`.tvf(1) |> AGGREGATE COUNT(*) GROUP BY y |> SELECT y, z"},
		"wildcards":                           {"SELECT 1 FROM `prod-1.sales.events_*`", "SELECT 1 FROM `stg-1.stg.events_*`"},
		"decorators":                          {"SELECT 1 FROM `sales.t$20260101`, `sales.t@1700000000000`", "SELECT 1 FROM `stg-1.stg.t$20260101`, `stg-1.stg.t@1700000000000`"},
		"INFORMATION_SCHEMA of a dataset":     {"SELECT 1 FROM sales.INFORMATION_SCHEMA.TABLES, `prod-1.hr.information_schema.COLUMNS`", "SELECT 1 FROM `stg-1`.`stg`.INFORMATION_SCHEMA.TABLES, `stg-1.stg_hr.information_schema.COLUMNS`"},
		"INFORMATION_SCHEMA of a region":      {"SELECT 1 FROM `region-us`.INFORMATION_SCHEMA.JOBS", "SELECT 1 FROM `region-us`.INFORMATION_SCHEMA.JOBS"},
		"escapes":                             {"SELECT 1 FROM `prod-1.s\\u0061les.t`, `sales.a\\x41\\\\`", "SELECT 1 FROM `stg-1.stg.t`, `stg-1.stg.aA\\\\`"},
		"space and comments within a path":    {"SELECT 1 FROM sales /* . */ . -- x\n orders", "SELECT 1 FROM `stg-1`.`stg` /* . */ . -- x\n orders"},
		"keywords in any case":                {"select 1 From sales.a jOiN sales.b", "select 1 From `stg-1`.`stg`.a jOiN `stg-1`.`stg`.b"},
		"names in one case":                   {"SELECT 1 FROM Sales.a", "SELECT 1 FROM Sales.a"},
		"another project":                     {"SELECT 1 FROM other-proj.sales.t, `other.sales.t`", "SELECT 1 FROM other-proj.sales.t, `other.sales.t`"},
		"a column called as a dataset":        {"SELECT sales.id, x.sales.orders FROM t AS x", "SELECT sales.id, x.sales.orders FROM t AS x"},
		"a table called as its dataset":       {"SELECT sales.id FROM sales.sales", "SELECT sales.id FROM `stg-1`.`stg`.sales"},
		"the same, twice":                     {"SELECT 1 FROM sales.sales UNION ALL SELECT 2 FROM sales.sales", "SELECT 1 FROM `stg-1`.`stg`.sales UNION ALL SELECT 2 FROM `stg-1`.`stg`.sales"},
		"keywords behind a dot":               {"SELECT x.from, x.select FROM sales.join", "SELECT x.from, x.select FROM `stg-1`.`stg`.join"},
		"arrays of an alias":                  {"SELECT 1 FROM sales.orders AS o, o.items, UNNEST(o.x) JOIN sales.y", "SELECT 1 FROM `stg-1`.`stg`.orders AS o, o.items, UNNEST(o.x) JOIN `stg-1`.`stg`.y"},
		"EXTRACT and IS DISTINCT FROM":        {"SELECT EXTRACT(DAY FROM sales.ts), a IS NOT DISTINCT FROM sales.x, b IS DISTINCT FROM c FROM sales.t", "SELECT EXTRACT(DAY FROM sales.ts), a IS NOT DISTINCT FROM sales.x, b IS DISTINCT FROM c FROM `stg-1`.`stg`.t"},
		"single quotes":                       {"SELECT 'prod-1.sales.orders', \"FROM sales.t\" FROM sales.t", "SELECT 'prod-1.sales.orders', \"FROM sales.t\" FROM `stg-1`.`stg`.t"},
		"comments of all kinds":               {"SELECT 1 -- FROM sales.a\n# FROM sales.b\n/* FROM sales.c /* */ FROM sales.d", "SELECT 1 -- FROM sales.a\n# FROM sales.b\n/* FROM sales.c /* */ FROM `stg-1`.`stg`.d"},
		"a backslash keeps a raw quote open":  {`SELECT r'\' FROM sales.a' FROM sales.b`, "SELECT r'\\' FROM sales.a' FROM `stg-1`.`stg`.b"},
		"prefixes in any case":                {`SELECT rB'FROM sales.a', Br"FROM sales.a", B'x', R"y" FROM sales.b`, "SELECT rB'FROM sales.a', Br\"FROM sales.a\", B'x', R\"y\" FROM `stg-1`.`stg`.b"},
		"three quotes":                        {"SELECT '''FROM\n'sales.a' \\''' ''', \"\"\"\nFROM sales.a\"\"\" FROM sales.b", "SELECT '''FROM\n'sales.a' \\''' ''', \"\"\"\nFROM sales.a\"\"\" FROM `stg-1`.`stg`.b"},
		"numbers":                             {"SELECT 1.FROM sales.a", "SELECT 1.FROM `stg-1`.`stg`.a"},
		"subtraction":                         {"SELECT a-1.5e3, b -.5, c-d, 0x1F-1. FROM sales.a", "SELECT a-1.5e3, b -.5, c-d, 0x1F-1. FROM `stg-1`.`stg`.a"},
		"two dots":                            {"SELECT a..0 FROM sales.a", "SELECT a..0 FROM `stg-1`.`stg`.a"},
		"parameters":                          {"SELECT @sales.x, @`from` FROM sales.a WHERE x = ?", "SELECT @sales.x, @`from` FROM `stg-1`.`stg`.a WHERE x = ?"},
		"a struct in an array":                {"SELECT t.a[OFFSET(0)].sales.orders, (SELECT AS STRUCT 1 AS x).x FROM sales.t", "SELECT t.a[OFFSET(0)].sales.orders, (SELECT AS STRUCT 1 AS x).x FROM `stg-1`.`stg`.t"},
		"windows":                             {"SELECT SUM(x) OVER w FROM sales.t QUALIFY 1 = ROW_NUMBER() OVER (PARTITION BY a ORDER BY b) WINDOW w AS (PARTITION BY a, b)", "SELECT SUM(x) OVER w FROM `stg-1`.`stg`.t QUALIFY 1 = ROW_NUMBER() OVER (PARTITION BY a ORDER BY b) WINDOW w AS (PARTITION BY a, b)"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := mapping().Rewrite(tt.sql)
			if err != nil {
				t.Fatal(err)
			}
			if got.SQL != tt.want {
				t.Errorf("got  %s\nwant %s", got.SQL, tt.want)
			}
		})
	}
}

func TestTextsAreRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		sql  string
		want viewsql.Reason
		at   string
	}{
		"an open string":                           {"SELECT 'a", viewsql.Unterminated, "1:8"},
		"a string that goes on in the next line":   {"SELECT 'a\n'", viewsql.Unterminated, "1:8"},
		"a raw string that a backslash keeps open": {`SELECT r'\'`, viewsql.Unterminated, "1:8"},
		"an open comment":                          {"SELECT 1 /* x", viewsql.Unterminated, "1:10"},
		"an open identifier":                       {"SELECT `a", viewsql.Unterminated, "1:8"},
		"three quotes closed by two":               {"SELECT '''a''", viewsql.Unterminated, "1:8"},
		"an empty identifier":                      {"SELECT ``", viewsql.BadIdentifier, "1:8"},
		"an unknown escape":                        {"SELECT `a\\q`", viewsql.BadIdentifier, "1:8"},
		"bytes that are no text":                   {"SELECT '\xff'", viewsql.InvalidUTF8, "1:9"},
		"a letter that needs backticks":            {"SELECT é", viewsql.UnknownCharacter, "1:8"},
		"an open bracket":                          {"SELECT (1", viewsql.Unbalanced, "1:8"},
		"brackets that cross":                      {"SELECT ([1)]", viewsql.Unbalanced, "1:11"},
		"a CASE without an end":                    {"SELECT CASE WHEN a THEN b", viewsql.Unbalanced, "1:26"},
		"a semicolon in brackets":                  {"SELECT (1; 2)", viewsql.UnknownSyntax, "1:10"},
		"a FROM nobody expects":                    {"SELECT f(a FROM sales.b)", viewsql.UnknownSyntax, "1:12"},
		"a second FROM":                            {"SELECT 1 FROM a FROM sales.b", viewsql.UnknownSyntax, "1:17"},
		"a FROM behind a number and a dot":         {"SELECT a-1.FROM sales.b", viewsql.UnknownSyntax, "1:12"},
		"an unknown pipe operator":                 {"FROM sales.a |> FORK (x)", viewsql.UnknownSyntax, "1:17"},
		"graphs":                                   {"SELECT 1 FROM GRAPH_TABLE(sales.g MATCH (n) RETURN n.id)", viewsql.UnknownSyntax, "1:15"},
		"brackets of legacy SQL":                   {"SELECT 1 FROM [prod-1:sales.orders]", viewsql.LegacySQL, "1:15"},
		"a colon of legacy SQL":                    {"SELECT 1 FROM `prod-1:sales.orders`", viewsql.LegacySQL, "1:15"},
		"an array of an alias":                     {"SELECT 1 FROM a.b AS sales, sales.items", viewsql.AmbiguousName, "1:29"},
		"an array of an implied alias":             {"SELECT 1 FROM other.sales, sales.items", viewsql.AmbiguousName, "1:28"},
		"an array of an alias further out":         {"SELECT (SELECT 1 FROM sales.items) FROM x.sales", viewsql.AmbiguousName, "1:23"},
		"EXTRACT from an alias":                    {"SELECT EXTRACT(DAY FROM sales.ts) FROM x AS sales", viewsql.AmbiguousName, "1:25"},
		"IS DISTINCT FROM an alias":                {"SELECT a IS NOT DISTINCT FROM SALES.x FROM x AS sales", viewsql.AmbiguousName, "1:31"},
		"a WITH of the dataset's name":             {"WITH sales AS (SELECT 1) SELECT 1 FROM sales.items", viewsql.AmbiguousName, "1:40"},
		"an alias of a project's name":             {"SELECT plain.ds.t.x FROM y AS plain", viewsql.AmbiguousName, "1:8"},
		"a dashed project in an expression":        {"SELECT my-proj-123.ds.t.id FROM my-proj-123.ds.t", viewsql.AmbiguousName, "1:8"},
		"a dataset that may be a project":          {"SELECT 1 FROM sales.orders.items", viewsql.AmbiguousName, "1:15"},
		"four parts":                               {"SELECT 1 FROM `prod-1.sales.orders.items`", viewsql.UnknownSyntax, "1:15"},
		"a query of another database":              {"SELECT * FROM EXTERNAL_QUERY('p.us.c', 'SELECT 1 FROM sales')", viewsql.ExternalQuery, "1:15"},
		"SQL in a string":                          {"BEGIN EXECUTE IMMEDIATE 'DROP TABLE sales.x'; END", viewsql.DynamicSQL, "1:7"},
		"a name in a string":                       {"CALL BQ.REFRESH_MATERIALIZED_VIEW('prod-1.sales.mv')", viewsql.DynamicSQL, "1:1"},
		"data that leave BigQuery":                 {"EXPORT DATA OPTIONS(uri='gs://b/*') AS SELECT 1 FROM sales.a", viewsql.ExternalData, "1:1"},
		"another default dataset":                  {"SET @@dataset_id = 'sales'; SELECT 1;", viewsql.DefaultDataset, "1:5"},
		"an unknown statement":                     {"SELECT 1; VACUUM sales.t;", viewsql.UnknownStatement, "1:11"},
		"an unknown object":                        {"DROP RESERVATION x", viewsql.UnknownStatement, "1:6"},
		"a block without an end":                   {"BEGIN SELECT 1;", viewsql.Unbalanced, "1:16"},
		"an end without a block":                   {"SELECT 1; END;", viewsql.Unbalanced, "1:11"},
		"the end of another block":                 {"BEGIN IF a THEN SELECT 1; END LOOP; END", viewsql.Unbalanced, "1:27"},
		"a parameter with space before its name":   {"SELECT @ plain.ds.t", viewsql.UnknownSyntax, "1:8"},
		"brackets without bounds":                  {"SELECT " + strings.Repeat("(", 600) + "1" + strings.Repeat(")", 600), viewsql.TooDeep, "1:508"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := mapping().Rewrite(tt.sql)
			var refused *viewsql.RefusedError
			if !errors.As(err, &refused) {
				t.Fatalf("got %q, error %v", got.SQL, err)
			}
			for _, n := range refused.Notices {
				if n.Reason == tt.want && n.Position.String() == tt.at {
					return
				}
			}
			t.Errorf("got %v, want %s at %s", err, tt.want, tt.at)
		})
	}
}
