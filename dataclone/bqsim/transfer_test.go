// SPDX-License-Identifier: Apache-2.0

package bqsim_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/watertight-go/watertight/dataclone/bqsim"
)

const source = "prod-1.sales.orders"

// at is a decorator of a time so long after the start.
func at(d time.Duration) string { return fmt.Sprintf("@%d", start.Add(d).UnixMilli()) }

func clause(d time.Duration) string {
	return fmt.Sprintf(" FOR SYSTEM_TIME AS OF TIMESTAMP_MILLIS(%d)", start.Add(d).UnixMilli())
}

// numRows is what tables.get says of a table in stg-1.stg.
func numRows(t testing.TB, s *bqsim.Server, table string) string {
	t.Helper()
	return ok(t, s, "GET", "/projects/stg-1/datasets/stg/tables/"+table, "")["numRows"].(string)
}

func TestRefusedTransfers(t *testing.T) {
	table := func(t *testing.T, s *bqsim.Server, dataset, body string) {
		ok(t, s, "POST", "/projects/prod-1/datasets/"+dataset+"/tables", `{"tableReference":{"tableId":"odd"},`+body+`}`)
	}
	const odd = "prod-1.sales.odd"
	tests := map[string]struct {
		prepare func(*testing.T, *bqsim.Server)
		do      func(*testing.T, *bqsim.Server) string
		want    string // the reason, and a part of the message after a colon
	}{
		"a view": {
			prepare: func(t *testing.T, s *bqsim.Server) {
				table(t, s, "sales", `"view":{"query":"SELECT id FROM sales.orders","useLegacySql":false}`)
			},
			do:   func(t *testing.T, s *bqsim.Server) string { return copying(t, s, "CLONE", odd, "stg-1.stg.t", "") },
			want: "invalid:VIEW",
		},
		"an external table": {
			prepare: func(t *testing.T, s *bqsim.Server) {
				table(t, s, "sales", `"externalDataConfiguration":{"sourceUris":["gs://b/x"]}`)
			},
			do:   func(t *testing.T, s *bqsim.Server) string { return copying(t, s, "SNAPSHOT", odd, "stg-1.stg.t", "") },
			want: "invalid:EXTERNAL",
		},
		"an Iceberg table, even by a plain copy": {
			prepare: func(t *testing.T, s *bqsim.Server) {
				table(t, s, "sales", `"biglakeConfiguration":{"tableFormat":"ICEBERG"}`)
			},
			do:   func(t *testing.T, s *bqsim.Server) string { return copying(t, s, "COPY", odd, "stg-1.stg.t", "") },
			want: "invalid:Iceberg",
		},
		"a replica": {
			prepare: func(t *testing.T, s *bqsim.Server) { table(t, s, "sales", `"tableReplicationInfo":{"sourceTable":{}}`) },
			do:      func(t *testing.T, s *bqsim.Server) string { return copying(t, s, "CLONE", odd, "stg-1.stg.t", "") },
			want:    "invalid:replica",
		},
		"a table that fine-grained DML changed": {
			prepare: func(t *testing.T, s *bqsim.Server) { must(t, s.MutateFineGrained(orders())) },
			do:      func(t *testing.T, s *bqsim.Server) string { return copying(t, s, "CLONE", source, "stg-1.stg.t", "") },
			want:    "invalid:fine-grained",
		},
		"a destination in a linked dataset": {
			prepare: func(t *testing.T, s *bqsim.Server) {
				ok(t, s, "POST", "/projects/stg-1/datasets", `{"datasetReference":{"datasetId":"linked"},"linkedDatasetSource":{"sourceDataset":{"projectId":"prod-1","datasetId":"sales"}}}`)
			},
			do: func(t *testing.T, s *bqsim.Server) string {
				return copying(t, s, "CLONE", source, "stg-1.linked.t", "")
			},
			want: "invalid:LINKED",
		},
		"a table that is not a snapshot, to restore": {
			do:   func(t *testing.T, s *bqsim.Server) string { return copying(t, s, "RESTORE", source, "stg-1.stg.t", "") },
			want: "invalid:not a snapshot",
		},
		"another organization": {
			do: func(t *testing.T, s *bqsim.Server) string {
				return copying(t, s, "CLONE", source, "elsewhere.stg.t", "")
			},
			prepare: func(t *testing.T, s *bqsim.Server) {
				ok(t, s, "POST", "/projects/elsewhere/datasets", `{"datasetReference":{"datasetId":"stg"}}`)
			},
			want: "invalid:organization",
		},
		"another location, by a statement": {
			prepare: func(t *testing.T, s *bqsim.Server) {
				ok(t, s, "POST", "/projects/stg-1/datasets", `{"datasetReference":{"datasetId":"eu"},"location":"EU"}`)
			},
			do: func(t *testing.T, s *bqsim.Server) string {
				return querying(t, s, "CREATE TABLE `stg-1.eu.t` CLONE `"+source+"`")
			},
			want: "notFound:Dataset prod-1:sales was not found in location EU",
		},
		"a time before the table": {
			do: func(t *testing.T, s *bqsim.Server) string {
				return copying(t, s, "CLONE", source+at(-time.Second), "stg-1.stg.t", "")
			},
			want: fmt.Sprintf("invalid:Invalid snapshot time %d for table prod-1:sales.orders@%[1]d. Cannot read before %d.", start.Add(-time.Second).UnixMilli(), start.UnixMilli()),
		},
		"a time before the window": {
			prepare: func(t *testing.T, s *bqsim.Server) {
				ok(t, s, "PATCH", "/projects/prod-1/datasets/sales", `{"maxTimeTravelHours":"48"}`)
				must(t, s.Advance(48*hour))
			},
			do: func(t *testing.T, s *bqsim.Server) string {
				return querying(t, s, "CREATE TABLE `stg-1.stg.t` CLONE `"+source+"`"+clause(2*hour-time.Millisecond))
			},
			want: fmt.Sprintf("invalid:Cannot read before %d", start.Add(2*hour).UnixMilli()),
		},
		"a time to come": {
			do: func(t *testing.T, s *bqsim.Server) string {
				return copying(t, s, "CLONE", source+at(2*hour+time.Millisecond), "stg-1.stg.t", "")
			},
			want: "invalid:after the current timestamp",
		},
		"the past of a snapshot": {
			prepare: func(t *testing.T, s *bqsim.Server) { copying(t, s, "SNAPSHOT", source, "stg-1.stg.frozen", "") },
			do: func(t *testing.T, s *bqsim.Server) string {
				return querying(t, s, "CREATE SNAPSHOT TABLE `stg-1.stg.t` CLONE `stg-1.stg.frozen`"+clause(2*hour))
			},
			want: "invalid:snapshot has no past",
		},
		"the past of a table that had a row access policy": {
			prepare: func(t *testing.T, s *bqsim.Server) {
				const policies = "/projects/prod-1/datasets/sales/tables/orders/rowAccessPolicies"
				ok(t, s, "POST", policies, `{"rowAccessPolicyReference":{"policyId":"p"},"filterPredicate":"TRUE"}`)
				ok(t, s, "DELETE", policies+"/p", "")
			},
			do: func(t *testing.T, s *bqsim.Server) string {
				return copying(t, s, "CLONE", source+at(hour), "stg-1.stg.t", "")
			},
			want: "accessDenied:overrideTimeTravelRestrictions",
		},
		"a deleted table, by a statement": {
			prepare: func(t *testing.T, s *bqsim.Server) {
				ok(t, s, "DELETE", "/projects/prod-1/datasets/sales/tables/orders", "")
			},
			do: func(t *testing.T, s *bqsim.Server) string {
				return querying(t, s, "CREATE TABLE `stg-1.stg.t` CLONE `"+source+"`"+clause(hour))
			},
			want: "notFound:was not found in location",
		},
		"a clone that overwrites": {
			do: func(t *testing.T, s *bqsim.Server) string {
				return copying(t, s, "CLONE", source, "stg-1.stg.t", `,"writeDisposition":"WRITE_TRUNCATE"`)
			},
			want: "HTTP invalid:Clone operation with write disposition WRITE_TRUNCATE is not supported. Please try again with WRITE_EMPTY.",
		},
		"a statement that may overwrite": {
			do: func(t *testing.T, s *bqsim.Server) string {
				return querying(t, s, "CREATE OR REPLACE TABLE `stg-1.stg.t` CLONE `"+source+"`")
			},
			want: "HTTP invalidQuery:not supported by the simulator",
		},
		"a destination that is there and empty, by a statement": {
			prepare: func(t *testing.T, s *bqsim.Server) {
				ok(t, s, "POST", "/projects/stg-1/datasets/stg/tables", `{"tableReference":{"tableId":"t"}}`)
			},
			do: func(t *testing.T, s *bqsim.Server) string {
				return querying(t, s, "CREATE TABLE `stg-1.stg.t` CLONE `"+source+"`")
			},
			want: "duplicate:Table stg-1:stg.t",
		},
		"a caller who may not read the rows": {
			prepare: func(_ *testing.T, s *bqsim.Server) {
				s.Deny(bqsim.Access{Permission: "bigquery.tables.getData", Resource: "projects/prod-1"})
			},
			do:   func(t *testing.T, s *bqsim.Server) string { return copying(t, s, "CLONE", source, "stg-1.stg.t", "") },
			want: "accessDenied:bigquery.tables.getData",
		},
		"a snapshot that expires, without the permission to delete it": {
			prepare: func(_ *testing.T, s *bqsim.Server) {
				s.Deny(bqsim.Access{Permission: "bigquery.tables.deleteSnapshot"})
			},
			do: func(t *testing.T, s *bqsim.Server) string {
				return copying(t, s, "SNAPSHOT", source, "stg-1.stg.t", `,"destinationExpirationTime":"2026-12-01T00:00:00Z"`)
			},
			want: "accessDenied:deleteSnapshot",
		},
		"an expiration that is past": {
			do: func(t *testing.T, s *bqsim.Server) string {
				return copying(t, s, "SNAPSHOT", source, "stg-1.stg.t", `,"destinationExpirationTime":"2026-11-22T13:59:59Z"`)
			},
			want: "HTTP invalid:in the future",
		},
		"the fourth link of a chain": {
			prepare: func(t *testing.T, s *bqsim.Server) {
				for i, from := range []string{source, "stg-1.stg.c0", "stg-1.stg.c1"} {
					if got := copying(t, s, "CLONE", from, fmt.Sprintf("stg-1.stg.c%d", i), ""); got != "" {
						t.Fatalf("link %d: %s", i+1, got)
					}
				}
			},
			do: func(t *testing.T, s *bqsim.Server) string {
				return copying(t, s, "SNAPSHOT", "stg-1.stg.c2", "stg-1.stg.t", "")
			},
			want: "invalid:depth 3",
		},
		"the 51st snapshot of a table and day": {
			prepare: func(t *testing.T, s *bqsim.Server) {
				for i := range 50 {
					if got := copying(t, s, "SNAPSHOT", source, fmt.Sprintf("stg-1.stg.s%d", i), ""); got != "" {
						t.Fatal(got)
					}
				}
			},
			do: func(t *testing.T, s *bqsim.Server) string {
				return copying(t, s, "SNAPSHOT", source, "stg-1.stg.t", "")
			},
			want: "quotaExceeded:50 snapshots",
		},
		"the 1,001st clone of a table": {
			prepare: func(t *testing.T, s *bqsim.Server) {
				for i := range 1_000 {
					if got := copying(t, s, "CLONE", source, fmt.Sprintf("stg-1.stg.c%d", i), ""); got != "" {
						t.Fatal(got)
					}
				}
			},
			do:   func(t *testing.T, s *bqsim.Server) string { return copying(t, s, "CLONE", source, "stg-1.stg.t", "") },
			want: "quotaExceeded:1000 clones",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := world(t, bqsim.Options{Organizations: map[string]string{"elsewhere": "other"}})
			if tt.prepare != nil {
				tt.prepare(t, s)
			}
			bytes := s.StoredBytes()
			got := tt.do(t, s)
			reason, part, _ := strings.Cut(tt.want, ":")
			if !strings.HasPrefix(got, reason+": ") || !strings.Contains(got, part) {
				t.Errorf("got %q, want %s with %q", got, reason, part)
			}
			if after := s.StoredBytes(); after != bytes {
				t.Errorf("stored bytes went from %d to %d", bytes, after)
			}
		})
	}
}

func TestCloneTakesWhatTheSourceShowedAtTheTime(t *testing.T) {
	s := world(t, bqsim.Options{})
	for name, decorator := range map[string]string{"now": "", "absolute": at(hour - time.Millisecond), "relative": "@-3600001", "oldest": "@0"} {
		if got := copying(t, s, "CLONE", source+decorator, "stg-1.stg."+name, ""); got != "" {
			t.Fatal(got)
		}
	}
	for name, want := range map[string]string{"now": "2", "absolute": "1", "relative": "1", "oldest": "1"} {
		if got := numRows(t, s, name); got != want {
			t.Errorf("%s: %s rows, want %s", name, got, want)
		}
	}
}

func TestLimitCountsOnlyClonesThatLive(t *testing.T) {
	s := world(t, bqsim.Options{})
	for i := range 1_001 {
		name := fmt.Sprintf("c%d", i)
		if got := copying(t, s, "CLONE", source, "stg-1.stg."+name, ""); got != "" {
			t.Fatalf("clone %d: %s", i, got)
		}
		ok(t, s, "DELETE", "/projects/stg-1/datasets/stg/tables/"+name, "")
	}
}

func TestOverrideLetsReadThePastOfARestrictedTable(t *testing.T) {
	s := world(t, bqsim.Options{})
	ok(t, s, "POST", "/projects/prod-1/datasets/sales/tables/orders/rowAccessPolicies", `{"rowAccessPolicyReference":{"policyId":"p"},"filterPredicate":"TRUE"}`)
	s.Grant(bqsim.Access{Permission: "bigquery.rowAccessPolicies.overrideTimeTravelRestrictions"})
	if got := copying(t, s, "CLONE", source+at(hour), "stg-1.stg.t", ""); got != "" {
		t.Fatal(got)
	}
	out := ok(t, s, "GET", "/projects/stg-1/datasets/stg/tables/t/rowAccessPolicies", "")
	policy := out["rowAccessPolicies"].([]any)[0].(map[string]any)
	if policy["filterPredicate"] != "TRUE" || policy["rowAccessPolicyReference"].(map[string]any)["projectId"] != "stg-1" {
		t.Errorf("policy of the clone: %v", policy)
	}
}

func TestUndeleteBringsRowsBackWithoutTheirPartitioning(t *testing.T) {
	s := world(t, bqsim.Options{})
	ok(t, s, "DELETE", "/projects/prod-1/datasets/sales/tables/orders", "")
	must(t, s.Advance(100*hour))
	if got := copying(t, s, "", source+at(hour), "stg-1.stg.back", ""); got != "" {
		t.Fatal(got)
	}
	back := ok(t, s, "GET", "/projects/stg-1/datasets/stg/tables/back", "")
	if back["numRows"] != "2" || back["timePartitioning"] != nil || back["cloneDefinition"] != nil {
		t.Errorf("undeleted table: %v", back)
	}
	must(t, s.Advance(100*hour))
	if got := copying(t, s, "", source+at(hour), "stg-1.stg.late", ""); !strings.HasPrefix(got, "notFound: ") {
		t.Errorf("after the window: %q", got)
	}
}

func TestCloneLeavesTheStreamingBufferBehind(t *testing.T) {
	s := world(t, bqsim.Options{})
	const path = "/projects/prod-1/datasets/sales/tables/orders"
	ok(t, s, "POST", path+"/insertAll", `{"rows":[{"insertId":"a","json":{"id":3}},{"insertId":"a","json":{"id":3}},{"insertId":"b","json":{"id":"4"}}]}`)
	buffer := ok(t, s, "GET", path, "")["streamingBuffer"].(map[string]any)
	if buffer["estimatedRows"] != "2" || buffer["oldestEntryTime"] != fmt.Sprint(start.Add(2*hour).UnixMilli()) {
		t.Errorf("buffer: %v", buffer)
	}
	if rows := ok(t, s, "GET", path+"/data", "")["totalRows"]; rows != "4" {
		t.Errorf("a reader sees %v rows, want 4", rows)
	}
	copying(t, s, "CLONE", source, "stg-1.stg.before", "")
	must(t, s.Flush(orders()))
	copying(t, s, "CLONE", source, "stg-1.stg.after", "")
	if before, after := numRows(t, s, "before"), numRows(t, s, "after"); before != "2" || after != "4" {
		t.Errorf("clones have %s rows before the flush and %s after it, want 2 and 4", before, after)
	}
}

func TestInsertAllReportsWrongRowsAndTakesNone(t *testing.T) {
	s := world(t, bqsim.Options{})
	const path = "/projects/prod-1/datasets/sales/tables/orders"
	body := `"rows":[{"json":{"id":3}},{"json":{"id":"x"}},{"json":{"note":"no id"}},{"json":{"id":4,"other":1}}]`
	for _, tt := range []struct{ options, rows string }{{"", "2"}, {`"skipInvalidRows":true,`, "3"}} {
		out := ok(t, s, "POST", path+"/insertAll", "{"+tt.options+body+"}")
		if failed := out["insertErrors"].([]any); len(failed) != 3 || failed[0].(map[string]any)["index"] != 1.0 {
			t.Errorf("errors: %v", failed)
		}
		if got := ok(t, s, "GET", path+"/data", "")["totalRows"]; got != tt.rows {
			t.Errorf("%s: %v rows, want %s", tt.options, got, tt.rows)
		}
	}
}

func TestCopyJobToAnotherLocationStoresTheRowsAgainAndSaysSo(t *testing.T) {
	s := world(t, bqsim.Options{})
	ok(t, s, "POST", "/projects/stg-1/datasets", `{"datasetReference":{"datasetId":"eu"},"location":"EU"}`)
	before := s.StoredBytes()
	if got := copying(t, s, "CLONE", source, "stg-1.eu.t", ""); got != "" {
		t.Fatal(got)
	}
	if after := s.StoredBytes(); after != 2*before {
		t.Errorf("stored bytes: %d, then %d", before, after)
	}
	if full := s.FullCopies(); len(full) != 1 || full[0].String() != "stg-1.eu.t" {
		t.Errorf("full copies: %v", full)
	}
	if out := ok(t, s, "GET", "/projects/stg-1/datasets/eu/tables/t", ""); out["cloneDefinition"] != nil || out["location"] != "EU" {
		t.Errorf("copy: %v", out)
	}
}

func TestDefaultsOfTheDestinationApply(t *testing.T) {
	s := world(t, bqsim.Options{})
	ok(t, s, "PATCH", "/projects/stg-1/datasets/stg", `{"defaultTableExpirationMs":"3600000","defaultPartitionExpirationMs":"604800000"}`)
	copying(t, s, "CLONE", source, "stg-1.stg.clone", "")
	copying(t, s, "SNAPSHOT", source, "stg-1.stg.snapshot", "")
	get := func(name string) (expires any, partitions any) {
		out := ok(t, s, "GET", "/projects/stg-1/datasets/stg/tables/"+name, "")
		return out["expirationTime"], out["timePartitioning"].(map[string]any)["expirationMs"]
	}
	hourOn := fmt.Sprint(start.Add(3 * hour).UnixMilli())
	if expires, partitions := get("clone"); expires != hourOn || partitions != "7776000000" {
		t.Errorf("clone: expires %v, partitions after %v", expires, partitions)
	}
	if _, partitions := get("snapshot"); partitions != "604800000" {
		t.Errorf("snapshot: partitions after %v, want the default of its dataset", partitions)
	}
	must(t, s.Advance(hour))
	if code, _ := call(t, s, "GET", "/projects/stg-1/datasets/stg/tables/clone", ""); code != 404 {
		t.Errorf("clone after its time: %d", code)
	}
}

func TestJobReplacesAnEmptyTable(t *testing.T) {
	s := world(t, bqsim.Options{})
	ok(t, s, "POST", "/projects/stg-1/datasets/stg/tables", `{"tableReference":{"tableId":"t"}}`)
	if got := copying(t, s, "CLONE", source, "stg-1.stg.t", ""); got != "" {
		t.Errorf("over an empty table: %s", got)
	}
	if got := copying(t, s, "CLONE", source, "stg-1.stg.t", ""); !strings.HasPrefix(got, "duplicate: ") {
		t.Errorf("over two rows: %q", got)
	}
}

func TestSnapshotsOfSnapshotsAndTheirRestoration(t *testing.T) {
	s := world(t, bqsim.Options{})
	for _, step := range [][3]string{
		{"SNAPSHOT", source + at(hour-time.Millisecond), "stg-1.stg.one"},
		{"SNAPSHOT", "stg-1.stg.one", "stg-1.stg.two"},
		{"RESTORE", "stg-1.stg.two", "stg-1.stg.restored"},
		{"CLONE", "stg-1.stg.one", "stg-1.stg.cloned"},
	} {
		if got := copying(t, s, step[0], step[1], step[2], ""); got != "" {
			t.Fatalf("%v: %s", step, got)
		}
	}
	for name, kind := range map[string]string{"one": "SNAPSHOT", "two": "SNAPSHOT", "restored": "TABLE", "cloned": "TABLE"} {
		out := ok(t, s, "GET", "/projects/stg-1/datasets/stg/tables/"+name, "")
		if out["type"] != kind || out["numRows"] != "1" {
			t.Errorf("%s is a %v of %v rows", name, out["type"], out["numRows"])
		}
	}
	if err := s.Load(bqsim.TableRef{Project: "stg-1", Dataset: "stg", Table: "one"}, map[string]any{"id": 9}); err == nil {
		t.Error("a snapshot took a row")
	}
}
