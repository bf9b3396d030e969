// SPDX-License-Identifier: Apache-2.0

package bqsim_test

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"cloud.google.com/go/bigquery"
	raw "google.golang.org/api/bigquery/v2"

	"github.com/watertight-go/watertight/dataclone/bqsim"
)

const fingerprint = "SELECT COUNT(*), BIT_XOR(FARM_FINGERPRINT(TO_JSON_STRING(t))), SUM(CAST(FARM_FINGERPRINT(TO_JSON_STRING(t)) AS BIGNUMERIC)) FROM "

// answer runs a query through the client's fast path and returns its one row.
func answer(t testing.TB, client *bigquery.Client, sql string) []bigquery.Value {
	t.Helper()
	it, err := client.Query(sql).Read(t.Context())
	must(t, err)
	var row []bigquery.Value
	must(t, it.Next(&row))
	return row
}

func TestServerTellsItsTime(t *testing.T) {
	s, client, _ := serve(t, bqsim.Options{})
	must(t, s.Advance(hour))
	if got := answer(t, client, "SELECT UNIX_MILLIS(CURRENT_TIMESTAMP())"); got[0] != start.Add(hour).UnixMilli() {
		t.Errorf("time: %v", got)
	}
}

func TestCountsOfThePastAndOfAPartitionedTable(t *testing.T) {
	s, client, _ := serve(t, bqsim.Options{})
	seed(t, s, client)
	for sql, want := range map[string]int64{
		"SELECT COUNT(*) FROM `prod-1.sales.orders` AS t":                                                2,
		"SELECT COUNT(*) FROM `prod-1.sales.orders` AS t" + clause(hour-1e6):                             1,
		"SELECT COUNT(*) FROM `prod-1`.sales.orders WHERE `id` IS NULL OR `id` IS NOT NULL -- every row": 2,
		"select count(*) from prod-1.sales.orders;":                                                      2,
	} {
		if got := answer(t, client, sql); got[0] != want {
			t.Errorf("%s: %v, want %d", sql, got, want)
		}
	}
	_, err := client.Query("SELECT COUNT(*) FROM `prod-1.sales.orders` AS t" + clause(-1e6)).Read(t.Context())
	if want := fmt.Sprintf("Invalid time travel timestamp %d for table prod-1:sales.orders@%[1]d. Cannot read before %d", start.UnixMilli()-1, start.UnixMilli()); !strings.Contains(fmt.Sprint(err), want) {
		t.Errorf("before the table: %v, want %s", err, want)
	}
}

func TestFingerprintTellsRowsApart(t *testing.T) {
	s, client, _ := serve(t, bqsim.Options{})
	seed(t, s, client)
	must(t, run(t, client, "j", "CREATE TABLE `stg-1.stg.orders` CLONE `prod-1.sales.orders`").Err())
	clone := bqsim.TableRef{Project: "stg-1", Dataset: "stg", Table: "orders"}
	ask := func(table string) string {
		row := answer(t, client, fingerprint+"`"+table+"` AS t")
		return fmt.Sprint(row[0], row[1], row[2].(*big.Rat).RatString())
	}
	original, copied := ask(source), ask(clone.String())
	if original != copied {
		t.Errorf("clone: %s, source: %s", copied, original)
	}
	must(t, s.Load(clone, map[string]any{"id": 7}, map[string]any{"id": 7}))
	row, old := answer(t, client, fingerprint+"`"+clone.String()+"` AS t"), answer(t, client, fingerprint+"`"+source+"` AS t")
	if row[1] != old[1] {
		t.Errorf("two equal rows changed the XOR from %v to %v", old[1], row[1])
	}
	if changed := ask(clone.String()); changed == original {
		t.Errorf("two more rows leave %s", changed)
	}
	if err := s.Load(orders(), map[string]any{"id": 8}); err != nil || ask(source) == original {
		t.Errorf("source after another row: %s, %v", ask(source), err)
	}
	past := answer(t, client, fingerprint+"`"+source+"` AS t"+clause(2*hour))
	if got := fmt.Sprint(past[0]); got != "3" { // the row came at that very time
		t.Errorf("rows at the time: %s", got)
	}
}

func TestFingerprintOfNoRowsIsNull(t *testing.T) {
	s, client, _ := serve(t, bqsim.Options{})
	seed(t, s, client)
	must(t, client.Dataset("stg").Table("none").Create(t.Context(), &bigquery.TableMetadata{Schema: bigquery.Schema{{Name: "a", Type: bigquery.StringFieldType}}}))
	if row := answer(t, client, fingerprint+"`stg-1.stg.none` AS t"); row[0] != int64(0) || row[1] != nil || row[2] != nil {
		t.Errorf("row: %v", row)
	}
}

func TestSchemaIsMadeByAStatement(t *testing.T) {
	s, client, service := serve(t, bqsim.Options{})
	must(t, run(t, client, "j", "CREATE SCHEMA `stg-1.made` OPTIONS(location=\"EU\", labels=[(\"managed-by\", \"watertight\"), ('a','')])").Err())
	d, err := service.Datasets.Get("stg-1", "made").Do()
	must(t, err)
	if d.Location != "EU" || d.Labels["managed-by"] != "watertight" || len(d.Labels) != 2 || d.CreationTime != s.Now().UnixMilli() {
		t.Errorf("dataset: %+v", d)
	}
}

func TestStatementsBeyondTheListAreRefused(t *testing.T) {
	s := world(t, bqsim.Options{})
	for _, sql := range []string{
		"",
		"SELECT 1",
		"DROP TABLE `stg-1.stg.t`",
		"DELETE FROM `prod-1.sales.orders` WHERE TRUE",
		"CREATE TABLE IF NOT EXISTS `stg-1.stg.t` CLONE `prod-1.sales.orders`",
		"CREATE TABLE `stg-1.stg.t` COPY `prod-1.sales.orders`",
		"CREATE TABLE `stg-1.stg.t` AS SELECT 1",
		"CREATE TABLE `stg-1.stg.t` CLONE `prod-1.sales.orders`; DROP TABLE x",
		"CREATE TABLE `stg-1.stg.t` CLONE `prod-1.sales.orders` FOR SYSTEM_TIME AS OF CURRENT_TIMESTAMP()",
		"CREATE TABLE `stg-1.stg.t` CLONE `prod-1.sales.orders` FOR SYSTEM_TIME AS OF TIMESTAMP_MILLIS(99999999999999999999)",
		"CREATE TABLE `stg-1.stg.t` CLONE `prod-1.sales.orders` OPTIONS(kms_key_name='x')",
		"CREATE TABLE `stg-1.stg.t` CLONE `prod-1.sales.orders` OPTIONS(labels='x')",
		"CREATE TABLE `stg-1.stg.t` CLONE `prod-1.sales.orders` OPTIONS(description='a', description='b')",
		"CREATE TABLE `stg-1.stg.t` CLONE `prod-1.sales.orders` OPTIONS(description='open)",
		"CREATE TABLE `stg-1.stg.t CLONE `prod-1.sales.orders`",
		"CREATE TABLE `stg-1.stg.t` /* open CLONE `prod-1.sales.orders`",
		"SELECT COUNT(*) FROM `prod-1.sales.orders` WHERE `id` IS NULL OR `note` IS NOT NULL",
		"SELECT COUNT(*) FROM `prod-1.sales.orders` WHERE id = 1",
		"SELECT COUNT(*) FROM `prod-1.sales.orders`, `prod-1.sales.orders`",
		fingerprint + "`prod-1.sales.orders` AS u",
	} {
		if got := querying(t, s, sql); !strings.HasPrefix(got, "HTTP invalidQuery: ") {
			t.Errorf("%q: %q", sql, got)
		}
	}
}

func TestDryRunTellsWhatAQueryRefersTo(t *testing.T) {
	s, client, service := serve(t, bqsim.Options{})
	seed(t, s, client)
	ctx := t.Context()
	sales := client.DatasetInProject("prod-1", "sales")
	must(t, sales.Table("events_2026").Create(ctx, nil))
	must(t, sales.Table("recent").Create(ctx, &bigquery.TableMetadata{ViewQuery: "SELECT id FROM sales.orders"}))
	must(t, sales.Table("latest").Create(ctx, &bigquery.TableMetadata{ViewQuery: "SELECT id FROM `prod-1.sales.recent`"}))
	must(t, sales.Routine("f").Create(ctx, &bigquery.RoutineMetadata{Type: "SCALAR_FUNCTION", Language: "SQL", Body: "1"}))
	tests := map[string]struct {
		sql  string
		want string
	}{
		"a table":                                {"SELECT * FROM `prod-1.sales.orders`", "prod-1.sales.orders"},
		"in parts":                               {"SELECT * FROM `prod-1`.sales.`orders` AS o", "prod-1.sales.orders"},
		"with dashes":                            {"SELECT * FROM prod-1.sales.orders", "prod-1.sales.orders"},
		"twice":                                  {"SELECT * FROM prod-1.sales.orders a JOIN prod-1.sales.orders b USING (id)", "prod-1.sales.orders"},
		"a column of a full name":                {"SELECT `prod-1.sales.orders`.id FROM `prod-1.sales.orders`", "prod-1.sales.orders"},
		"a view, and what lies below":            {"SELECT * FROM `prod-1.sales.latest`", "prod-1.sales.orders"},
		"a wildcard":                             {"SELECT * FROM `prod-1.sales.events_*`", "prod-1.sales.events_*"},
		"after a comma":                          {"SELECT * FROM UNNEST([1]), `prod-1.sales.orders`", "prod-1.sales.orders"},
		"in a subquery of a list":                {"WITH x AS (SELECT 1 FROM `prod-1.sales.orders`) SELECT * FROM x", "prod-1.sales.orders"},
		"a function":                             {"SELECT `prod-1.sales.f`(1)", "prod-1.sales.f()"},
		"text and comments":                      {"SELECT 'FROM `prod-1.sales.orders`' -- prod-1.sales.orders\n/* prod-1.sales.orders */ # prod-1.sales.orders", ""},
		"a raw text that a backslash keeps open": {`SELECT r'\' FROM prod-1.sales.orders '`, ""},
		"a text of three quotes":                 {"SELECT \"\"\"\n\" FROM `prod-1.sales.orders` \"\"\"", ""},
		"EXTRACT":                                {"SELECT EXTRACT(DAY FROM sales.at) FROM `prod-1.sales.orders` sales", "prod-1.sales.orders"},
		"IS DISTINCT FROM":                       {"SELECT a IS NOT DISTINCT FROM b.c FROM `prod-1.sales.orders` b", "prod-1.sales.orders"},
		"a list of an alias":                     {"SELECT * FROM `prod-1.sales.orders` AS o JOIN o.items", "prod-1.sales.orders"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			standard := false
			job, err := service.Jobs.Insert("stg-1", &raw.Job{Configuration: &raw.JobConfiguration{
				DryRun: true, Query: &raw.JobConfigurationQuery{Query: tt.sql, UseLegacySql: &standard},
			}}).Do()
			must(t, err)
			var got []string
			for _, r := range job.Statistics.Query.ReferencedTables {
				got = append(got, r.ProjectId+"."+r.DatasetId+"."+r.TableId)
			}
			for _, r := range job.Statistics.Query.ReferencedRoutines {
				got = append(got, r.ProjectId+"."+r.DatasetId+"."+r.RoutineId+"()")
			}
			slices.Sort(got)
			if strings.Join(got, " ") != tt.want {
				t.Errorf("got %v, want %s", got, tt.want)
			}
		})
	}
	for _, sql := range []string{"SELECT * FROM `prod-1.sales.gone`", "SELECT 1 FROM sales.orders", "SELECT 'open"} {
		q := client.Query(sql)
		q.DryRun = true
		if _, err := q.Run(ctx); err == nil {
			t.Errorf("%s: no error", sql)
		}
	}
}
