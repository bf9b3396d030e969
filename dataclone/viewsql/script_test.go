// SPDX-License-Identifier: Apache-2.0

package viewsql_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/watertight-go/watertight/dataclone/viewsql"
)

func TestReferencesOfStatements(t *testing.T) {
	for sql, want := range map[string][]string{
		"INSERT INTO sales.a (x, y) SELECT 1, 2 FROM hr.b":                                 {"table! sales.a", "table hr.b"},
		"INSERT sales.a VALUES (1, (SELECT x FROM hr.b))":                                  {"table! sales.a", "table hr.b"},
		"UPDATE sales.a AS t SET t.x = u.x, y = 2 FROM hr.b AS u, t.items WHERE t.i = u.i": {"table! sales.a", "table hr.b", "array .t.items"},
		"DELETE FROM sales.a WHERE i IN (SELECT i FROM hr.b)":                              {"table! sales.a", "table hr.b"},
		"DELETE sales.a t WHERE TRUE":                                                      {"table! sales.a"},
		"MERGE INTO sales.a t USING hr.b s ON t.i = s.i WHEN MATCHED THEN UPDATE SET x = 1, y = 2 WHEN NOT MATCHED THEN INSERT (a, b) VALUES (1, 2)": {"table! sales.a", "table hr.b"},
		"TRUNCATE TABLE sales.a":                     {"table! sales.a"},
		"CREATE OR REPLACE TABLE sales.a CLONE hr.b": {"table! sales.a", "table hr.b"},
		"CREATE TABLE IF NOT EXISTS sales.a (x INT64 REFERENCES hr.b(i) NOT ENFORCED) AS SELECT * FROM hr.c": {"table! sales.a", "table hr.b", "table hr.c"},
		"CREATE VIEW sales.v AS WITH c AS (SELECT 1) SELECT * FROM c, hr.b":                                  {"table! sales.v", "table hr.b"},
		"CREATE VIEW sales.v AS FROM hr.b":                                                                   {"table! sales.v", "table hr.b"},
		"CREATE MATERIALIZED VIEW sales.v AS REPLICA OF hr.mv":                                               {"table! sales.v", "table hr.mv"},
		"CREATE FUNCTION sales.f(x INT64) RETURNS INT64 AS (hr.g(x))":                                        {"routine! sales.f", "routine hr.g"},
		"CREATE TABLE FUNCTION sales.f(x INT64) AS SELECT * FROM hr.b":                                       {"routine! sales.f", "table hr.b"},
		"CREATE PROCEDURE sales.p(x INT64) BEGIN DELETE FROM hr.b WHERE TRUE; END":                           {"routine! sales.p", "table! hr.b"},
		"CREATE MODEL sales.m OPTIONS(model_type='x') AS SELECT * FROM hr.b":                                 {"model! sales.m", "table hr.b"},
		"CREATE SCHEMA sales; DROP SCHEMA IF EXISTS `prod-1.hr` CASCADE":                                     {"schema! sales.", "schema! hr."},
		"CREATE SEARCH INDEX i ON sales.a(ALL COLUMNS)":                                                      {"table! sales.a"},
		"CREATE ROW ACCESS POLICY p ON sales.a GRANT TO ('x') FILTER USING (i IN (SELECT i FROM hr.b))":      {"table! sales.a", "table hr.b"},
		"DROP ALL ROW ACCESS POLICIES ON sales.a":                                                            {"table! sales.a"},
		"DROP TABLE IF EXISTS sales.a; DROP MATERIALIZED VIEW sales.b; DROP TABLE FUNCTION sales.f":          {"table! sales.a", "table! sales.b", "routine! sales.f"},
		"ALTER TABLE sales.a ADD FOREIGN KEY (x) REFERENCES hr.b(i) NOT ENFORCED, DROP COLUMN y":             {"table! sales.a", "table hr.b"},
		"GRANT `roles/bigquery.dataViewer` ON TABLE sales.a TO 'user:x'":                                     {"table! sales.a"},
		"REVOKE `roles/bigquery.dataViewer` ON SCHEMA sales FROM 'user:x'":                                   {"schema! sales."},
		"CALL hr.p(sales.f(1))":                                               {"routine! hr.p", "routine sales.f"},
		"CREATE TABLE t AS SELECT 1; SELECT * FROM t":                         {"table! .t", "table .t"},
		"CREATE TEMP TABLE t AS SELECT 1; SELECT * FROM t; SELECT * FROM u":   {"table .u"},
		"DECLARE x, y INT64 DEFAULT (SELECT 1 FROM hr.b); SET x = sales.f(y)": {"table hr.b", "routine sales.f"},
		"BEGIN TRANSACTION; COMMIT TRANSACTION; SELECT 1 FROM hr.b":           {"table hr.b"},
		"l: BEGIN IF (SELECT a FROM hr.a) THEN SELECT 1 FROM hr.b; ELSEIF x THEN SELECT 1; ELSE DELETE hr.c WHERE TRUE; END IF; EXCEPTION WHEN ERROR THEN CALL hr.d(); END l": {"table hr.a", "table hr.b", "table! hr.c", "routine! hr.d"},
		"FOR r IN (SELECT * FROM hr.a) DO INSERT INTO hr.b VALUES (r.x); END FOR":                                                                                             {"table hr.a", "table! hr.b"},
		"WHILE x DO LOOP LEAVE; END LOOP; REPEAT SELECT 1 FROM hr.a; UNTIL hr.f(1) END REPEAT; END WHILE":                                                                     {"table hr.a", "routine hr.f"},
		"CASE x WHEN 1 THEN SELECT CASE a WHEN 1 THEN 2 END FROM hr.a; ELSE DROP TABLE hr.b; END CASE":                                                                        {"table hr.a", "table! hr.b"},
		"EXPORT DATA WITH CONNECTION us.c OPTIONS(uri='x') AS SELECT * FROM hr.a":                                                                                             {"connection .us.c", "table hr.a"},
		"LOAD DATA INTO sales.a FROM FILES (uris=['gs://x'])":                                                                                                                 {"table! sales.a"},
		"SELECT * FROM (SELECT * FROM o.items), hr.a AS o":                                                                                                                    {"table o.items", "table hr.a"},
		"SELECT (SELECT 1 FROM o.items) FROM hr.a AS o":                                                                                                                       {"array .o.items", "table hr.a"},
	} {
		t.Run(sql, func(t *testing.T) {
			refs, err := viewsql.References(sql, "prod-1")
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, r := range refs {
				write := ""
				if r.Write {
					write = "!"
				}
				got = append(got, fmt.Sprintf("%s%s %s.%s", r.Kind, write, r.Dataset, r.Name))
			}
			if !slices.Equal(got, want) {
				t.Errorf("got  %q\nwant %q", got, want)
			}
		})
	}
}

func TestStringsAreKeptWithAWarningWhereTheCallerAcceptsIt(t *testing.T) {
	m := mapping()
	m.KeepStrings = true
	got, err := m.Rewrite("BEGIN EXECUTE IMMEDIATE 'SELECT 1 FROM sales.a'; SELECT 1 FROM sales.b; END")
	if err != nil {
		t.Fatal(err)
	}
	if want := "BEGIN EXECUTE IMMEDIATE 'SELECT 1 FROM sales.a'; SELECT 1 FROM `stg-1`.`stg`.b; END"; got.SQL != want {
		t.Errorf("got %s", got.SQL)
	}
	if len(got.Warnings) != 1 || got.Warnings[0].Reason != viewsql.DynamicSQL || got.Warnings[0].Text != "EXECUTE" {
		t.Errorf("got warnings %v", got.Warnings)
	}
}

func TestVariablesThatTakeTheResultOfDynamicSQLAreNoTables(t *testing.T) {
	m := mapping()
	m.KeepStrings = true
	got, err := m.Rewrite("EXECUTE IMMEDIATE 'SELECT 1' INTO x USING (SELECT 1 FROM sales.a) AS y")
	if want := "EXECUTE IMMEDIATE 'SELECT 1' INTO x USING (SELECT 1 FROM `stg-1`.`stg`.a) AS y"; err != nil || got.SQL != want {
		t.Errorf("got %q, %v", got.SQL, err)
	}
}

func TestADatasetWithoutCaseIsFoundInAnyCase(t *testing.T) {
	m := mapping()
	m.Moves[0].FoldCase = true
	got, err := m.Rewrite("SELECT 1 FROM SALES.a")
	if want := "SELECT 1 FROM `stg-1`.`stg`.a"; err != nil || got.SQL != want {
		t.Errorf("got %q, %v", got.SQL, err)
	}
}

func TestAllRefusalsOfATextComeAtOnce(t *testing.T) {
	_, err := mapping().Rewrite("EXECUTE IMMEDIATE 'x'; SELECT 1 FROM [a]; EXPORT DATA OPTIONS(uri='secret') AS SELECT 1")
	var refused *viewsql.RefusedError
	if !errors.As(err, &refused) || !refused.Has(viewsql.DynamicSQL) || !refused.Has(viewsql.LegacySQL) || !refused.Has(viewsql.ExternalData) {
		t.Fatalf("got %v", err)
	}
	if strings.Contains(err.Error(), "secret") {
		t.Errorf("a literal is in %v", err)
	}
}

func TestMappingsAreRefused(t *testing.T) {
	for name, edit := range map[string]func(*viewsql.Mapping){
		"no default project":             func(m *viewsql.Mapping) { m.DefaultProject = "" },
		"a backtick in a dataset":        func(m *viewsql.Mapping) { m.Moves[0].To.Dataset = "a`b" },
		"a dot in a project":             func(m *viewsql.Mapping) { m.Moves[0].From.Project = "a.b" },
		"a dataset mapped twice":         func(m *viewsql.Mapping) { m.Moves[1].From = m.Moves[0].From },
		"a dataset mapped to itself":     func(m *viewsql.Mapping) { m.Moves[0].To = m.Moves[0].From },
		"a dataset mapped onto a mapped": func(m *viewsql.Mapping) { m.Moves[0].To = m.Moves[1].From },
	} {
		m := mapping()
		edit(&m)
		var wrong *viewsql.MappingError
		if _, err := m.Rewrite("SELECT 1"); !errors.As(err, &wrong) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestFunctionsOfBigQueryAreNoReferences(t *testing.T) {
	refs, err := viewsql.References("SELECT AEAD.ENCRYPT(a), hll_count.init(b), KEYS.NEW_KEYSET(c), KLL_QUANTILES.INIT_INT64(d), NET.HOST(e), OBJ.MAKE_REF(f), SAFE.NET.HOST(g), AI.IF(h), deterministic.f(i) FROM VECTOR_INDEX.STATISTICS(TABLE hr.t)", "prod-1")
	if err != nil {
		t.Fatal(err)
	}
	if len(refs) != 2 || refs[0].Dataset != "deterministic" || refs[1].Dataset != "hr" {
		t.Errorf("got %+v", refs)
	}
}

func TestMetadataOfAProjectAreAWarning(t *testing.T) {
	for _, sql := range []string{"FROM plain.INFORMATION_SCHEMA.SCHEMATA", "FROM `prod-1`.INFORMATION_SCHEMA.SCHEMATA", "FROM `prod-1`.`region-us`.INFORMATION_SCHEMA.JOBS", "FROM INFORMATION_SCHEMA.SCHEMATA"} {
		got, err := mapping().Rewrite(sql)
		if err != nil || got.SQL != sql || len(got.Warnings) != 1 || got.Warnings[0].Reason != viewsql.ProjectMetadata {
			t.Errorf("%s: got %+v, %v", sql, got, err)
		}
	}
}
