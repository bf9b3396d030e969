// SPDX-License-Identifier: Apache-2.0

package bqsim_test

import (
	"encoding/json"
	"testing"

	"github.com/watertight-go/watertight/dataclone/bqsim"
)

// FuzzQuery sends texts as queries, run and dry-run. None may panic, and none
// may touch production.
func FuzzQuery(f *testing.F) {
	for _, sql := range []string{
		"CREATE TABLE `stg-1.stg.t` CLONE `prod-1.sales.orders` FOR SYSTEM_TIME AS OF TIMESTAMP_MILLIS(-1) OPTIONS(labels=[('a','b')], description=r'x\\'')",
		"CREATE SCHEMA `a`.b OPTIONS(location=\"EU\")",
		"SELECT COUNT(*) FROM prod-1.sales.orders AS t WHERE `id` IS NULL OR `id` IS NOT NULL;",
		"WITH a AS (SELECT * FROM `prod-1.sales.orders`) SELECT `x`.y.z FROM a, a.b JOIN UNNEST([1]) -- ``",
		"SELECT a-1e5.b.c FROM a-1e5.`b`.2020 # /*", "`", "'''", "/*", ".", "a.", "-", "SELECT @x.y, \"\\",
	} {
		f.Add(sql)
	}
	s := bqsim.New(bqsim.Options{Start: start})
	ok(f, s, "POST", "/projects/prod-1/datasets", `{"datasetReference":{"datasetId":"sales"}}`)
	ok(f, s, "POST", "/projects/prod-1/datasets/sales/tables", `{"tableReference":{"tableId":"orders"}}`)
	want := ok(f, s, "GET", "/projects/prod-1/datasets/sales/tables/orders", "")["etag"]
	f.Fuzz(func(t *testing.T, sql string) {
		for _, dry := range []bool{true, false} {
			body, err := json.Marshal(map[string]any{"query": sql, "useLegacySql": false, "dryRun": dry})
			must(t, err)
			if code, out := call(t, s, "POST", "/projects/stg-1/queries", string(body)); code >= 500 {
				t.Errorf("%d %v", code, out)
			}
		}
		if got := ok(t, s, "GET", "/projects/prod-1/datasets/sales/tables/orders", "")["etag"]; got != want {
			t.Errorf("the table's etag went from %v to %v", want, got)
		}
	})
}

// FuzzTable sends texts as tables. None may panic, and what is taken can be read
// and listed.
func FuzzTable(f *testing.F) {
	f.Add(`{"tableReference":{"tableId":"t"},"schema":{"fields":[{"name":"a","type":"RECORD","fields":[{"name":"b","type":"STRING","mode":"REPEATED"}]}]},"expirationTime":1e3}`)
	f.Add(`{"tableReference":{"tableId":"v"},"view":{"query":"SELECT 1","useLegacySql":false},"labels":{"a":null},"timePartitioning":{"expirationMs":[]}}`)
	f.Add(`{"tableReference":[],"materializedView":null,"externalDataConfiguration":{}}`)
	f.Fuzz(func(t *testing.T, body string) {
		s := bqsim.New(bqsim.Options{Start: start})
		ok(t, s, "POST", "/projects/p/datasets", `{"datasetReference":{"datasetId":"d"},"defaultTableExpirationMs":"3600000","defaultPartitionExpirationMs":"1"}`)
		code, _ := call(t, s, "POST", "/projects/p/datasets/d/tables", body)
		if code >= 500 {
			t.Errorf("%d", code)
		}
		out := ok(t, s, "GET", "/projects/p/datasets/d/tables", "")
		if items, _ := out["tables"].([]any); (len(items) == 1) != (code == 200) {
			t.Errorf("%d tables after %d", len(items), code)
		}
		call(t, s, "PATCH", "/projects/p/datasets/d/tables/t", body)
		outcome(t, s, `{"copy":{"operationType":"CLONE","sourceTable":{"projectId":"p","datasetId":"d","tableId":"t"},"destinationTable":{"projectId":"p","datasetId":"d","tableId":"u"}}}`)
	})
}
