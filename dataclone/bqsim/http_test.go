// SPDX-License-Identifier: Apache-2.0

package bqsim_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/watertight-go/watertight/dataclone/bqsim"
)

// call makes a bare request and returns the status and the body.
func call(t testing.TB, s *bqsim.Server, verb, path, body string, header ...string) (int, map[string]any) {
	t.Helper()
	r := httptest.NewRequest(verb, path, strings.NewReader(body))
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	data, err := io.ReadAll(w.Body)
	must(t, err)
	var out map[string]any
	if len(data) > 0 {
		must(t, json.Unmarshal(data, &out))
	}
	return w.Code, out
}

// ok makes a request that has to succeed.
func ok(t testing.TB, s *bqsim.Server, verb, path, body string) map[string]any {
	t.Helper()
	code, out := call(t, s, verb, path, body)
	if code >= http.StatusMultipleChoices {
		t.Fatalf("%s %s %s: %d %v", verb, path, body, code, out)
	}
	return out
}

// world has prod-1.sales.orders with two rows an hour apart, and stg-1.stg,
// without a network.
func world(t testing.TB, options bqsim.Options) *bqsim.Server {
	t.Helper()
	if options.Start.IsZero() {
		options.Start = start
	}
	s := bqsim.New(options)
	ok(t, s, "POST", "/projects/prod-1/datasets", `{"datasetReference":{"datasetId":"sales"},"location":"US"}`)
	ok(t, s, "POST", "/projects/stg-1/datasets", `{"datasetReference":{"datasetId":"stg"},"location":"US"}`)
	ok(t, s, "POST", "/projects/prod-1/datasets/sales/tables", `{"tableReference":{"tableId":"orders"},"schema":{"fields":[
		{"name":"id","type":"INTEGER","mode":"REQUIRED"},{"name":"note","type":"STRING"},{"name":"day","type":"DATE"}]},
		"timePartitioning":{"type":"DAY","field":"day","expirationMs":"7776000000"}}`)
	must(t, s.Load(orders(), map[string]any{"id": 1, "note": "one"}))
	must(t, s.Advance(hour))
	must(t, s.Load(orders(), map[string]any{"id": 2}))
	must(t, s.Advance(hour))
	return s
}

// copying inserts a copy job and returns the reason for its failure, empty if
// it is done, the reason with "HTTP " before it if it was refused.
func copying(t testing.TB, s *bqsim.Server, operation, source, destination, more string) string {
	t.Helper()
	ref := func(path string) string {
		p := strings.SplitN(path, ".", 3)
		return `{"projectId":"` + p[0] + `","datasetId":"` + p[1] + `","tableId":"` + p[2] + `"}`
	}
	return outcome(t, s, `{"copy":{"operationType":"`+operation+`","sourceTables":[`+ref(source)+`],"destinationTable":`+ref(destination)+more+`}}`)
}

// querying is copying for a statement.
func querying(t testing.TB, s *bqsim.Server, sql string) string {
	t.Helper()
	text, err := json.Marshal(sql)
	must(t, err)
	return outcome(t, s, `{"query":{"useLegacySql":false,"query":`+string(text)+`}}`)
}

func outcome(t testing.TB, s *bqsim.Server, configuration string) string {
	t.Helper()
	code, out := call(t, s, "POST", "/projects/stg-1/jobs", `{"configuration":`+configuration+`}`)
	if code != http.StatusOK {
		return "HTTP " + firstError(out)
	}
	status, _ := out["status"].(map[string]any)
	failure, failed := status["errorResult"].(map[string]any)
	if !failed {
		return ""
	}
	return failure["reason"].(string) + ": " + failure["message"].(string)
}

func firstError(out map[string]any) string {
	failure := out["error"].(map[string]any)["errors"].([]any)[0].(map[string]any)
	return failure["reason"].(string) + ": " + failure["message"].(string)
}

func TestRequestsThatAreRefused(t *testing.T) {
	s := world(t, bqsim.Options{})
	const tables = "/projects/prod-1/datasets/sales/tables"
	tests := map[string]struct {
		verb, path, body string
		code             int
		reason           string
	}{
		"a method that is not simulated":      {"POST", tables + "/orders:setIamPolicy", `{}`, 501, "notImplemented"},
		"a path that is no method":            {"GET", "/", ``, 501, "notImplemented"},
		"a body that is no JSON":              {"POST", tables, `{"a`, 400, "parseError"},
		"a body that is no object":            {"POST", tables, `[1]`, 400, "parseError"},
		"two bodies":                          {"POST", tables, `{} {}`, 400, "parseError"},
		"null":                                {"POST", tables, `null`, 400, "parseError"},
		"levels of JSON without an end":       {"POST", tables, strings.Repeat(`{"a":`, 100_000), 400, "parseError"},
		"a body above the limit":              {"POST", tables, `{"description":"` + strings.Repeat("x", 11<<20) + `"}`, 413, "uploadTooLarge"},
		"a field that the API does not have":  {"POST", tables, `{"tableReference":{"tableId":"t"},"colour":1}`, 400, "badRequest"},
		"a schema that is no object":          {"POST", tables, `{"tableReference":{"tableId":"t"},"schema":[]}`, 400, "invalid"},
		"a schema with a column twice":        {"POST", tables, `{"tableReference":{"tableId":"t"},"schema":{"fields":[{"name":"a","type":"STRING"},{"name":"A","type":"STRING"}]}}`, 400, "invalid"},
		"a type that is none":                 {"POST", tables, `{"tableReference":{"tableId":"t"},"schema":{"fields":[{"name":"a","type":"MONEY"}]}}`, 400, "invalid"},
		"a name with a decorator":             {"POST", tables, `{"tableReference":{"tableId":"t$1"}}`, 400, "invalid"},
		"a name of 1,025 bytes":               {"POST", tables, `{"tableReference":{"tableId":"a` + strings.Repeat("é", 512) + `"}}`, 400, "invalid"},
		"a table that is there":               {"POST", tables, `{"tableReference":{"tableId":"orders"}}`, 409, "duplicate"},
		"an expiration that is past":          {"POST", tables, `{"tableReference":{"tableId":"t"},"expirationTime":"1"}`, 400, "invalid"},
		"a label key in upper case":           {"POST", tables, `{"tableReference":{"tableId":"t"},"labels":{"Env":"x"}}`, 400, "invalid"},
		"a view over a table that is missing": {"POST", tables, `{"tableReference":{"tableId":"v"},"view":{"query":"SELECT 1 FROM sales.gone","useLegacySql":false}}`, 404, "notFound"},
		"a view that is a script":             {"POST", tables, `{"tableReference":{"tableId":"v"},"view":{"query":"SELECT 1; DROP TABLE x","useLegacySql":false}}`, 400, "invalidQuery"},
		"a materialized view over a snapshot": {"POST", tables, `{"tableReference":{"tableId":"v"},"materializedView":{"query":"SELECT 1 FROM sales.frozen"}}`, 400, "invalidQuery"},
		"a dataset that is missing":           {"GET", "/projects/prod-1/datasets/none/tables", ``, 404, "notFound"},
		"a dataset with a dash":               {"POST", "/projects/prod-1/datasets", `{"datasetReference":{"datasetId":"my-ds"}}`, 400, "invalid"},
		"a window of 50 hours":                {"PATCH", "/projects/prod-1/datasets/sales", `{"maxTimeTravelHours":"50"}`, 400, "invalid"},
		"a dataset that moves":                {"PATCH", "/projects/prod-1/datasets/sales", `{"location":"EU"}`, 400, "invalid"},
		"deleting a dataset in use":           {"DELETE", "/projects/prod-1/datasets/sales", ``, 400, "resourceInUse"},
		"deleting a dataset and its contents": {"DELETE", "/projects/prod-1/datasets/sales?deleteContents=true", ``, 501, "notImplemented"},
		"a column that changes its type":      {"PATCH", tables + "/orders", `{"schema":{"fields":[{"name":"id","type":"STRING"}]}}`, 400, "invalid"},
		"a page token from elsewhere":         {"GET", tables + "?pageToken=%25", ``, 400, "invalid"},
		"a selection of fields that is none":  {"GET", tables + "?fields=a(b", ``, 400, "invalid"},
		"a decorator outside of a copy":       {"GET", tables + "/orders@0", ``, 501, "notImplemented"},
		"legacy SQL":                          {"POST", "/projects/p/queries", `{"query":"SELECT COUNT(*) FROM sales.orders"}`, 501, "notImplemented"},
		"SQL beyond the list":                 {"POST", "/projects/p/queries", `{"query":"SELECT 1","useLegacySql":false}`, 400, "invalidQuery"},
		"a load job":                          {"POST", "/projects/p/jobs", `{"configuration":{"load":{}}}`, 501, "notImplemented"},
		"a job that says nothing":             {"POST", "/projects/p/jobs", `{}`, 400, "invalid"},
		"a job ID with a dot":                 {"POST", "/projects/p/jobs", `{"jobReference":{"jobId":"a.b"},"configuration":{"query":{"useLegacySql":false,"query":"SELECT UNIX_MILLIS(CURRENT_TIMESTAMP())"}}}`, 400, "invalid"},
		"a dry run of a copy":                 {"POST", "/projects/p/jobs", `{"configuration":{"dryRun":true,"copy":{"sourceTable":{"datasetId":"a","tableId":"b"},"destinationTable":{"datasetId":"a","tableId":"c"}}}}`, 501, "notImplemented"},
		"a job that is not there":             {"GET", "/projects/p/jobs/none", ``, 404, "notFound"},
		"a policy without a predicate":        {"POST", tables + "/orders/rowAccessPolicies", `{"rowAccessPolicyReference":{"policyId":"p"}}`, 400, "invalid"},
		"a routine without a type":            {"POST", "/projects/prod-1/datasets/sales/routines", `{"routineReference":{"routineId":"f"}}`, 400, "invalid"},
		"rows of a view":                      {"GET", tables + "/recent/data", ``, 400, "invalid"},
	}
	if got := copying(t, s, "SNAPSHOT", "prod-1.sales.orders", "prod-1.sales.frozen", ""); got != "" {
		t.Fatal(got)
	}
	ok(t, s, "POST", tables, `{"tableReference":{"tableId":"recent"},"view":{"query":"SELECT id FROM sales.orders","useLegacySql":false}}`)
	before := len(s.Calls())
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			code, out := call(t, s, tt.verb, tt.path, tt.body)
			if code != tt.code || !strings.HasPrefix(firstError(out), tt.reason+": ") {
				t.Errorf("got %d %v, want %d %s", code, out, tt.code, tt.reason)
			}
		})
	}
	if got := len(s.Calls()) - before; got != len(tests) {
		t.Errorf("%d calls are in the list, %d were made", got, len(tests))
	}
}

func TestBothPrefixesAndFieldsAreHonoured(t *testing.T) {
	s := world(t, bqsim.Options{})
	for _, prefix := range []string{"", "/bigquery/v2"} {
		out := ok(t, s, "GET", prefix+"/projects/prod-1/datasets/sales/tables/orders?fields=id,tableReference(tableId,projectId),schema/fields/name", "")
		text, err := json.Marshal(out)
		must(t, err)
		const want = `{"id":"prod-1:sales.orders","schema":{"fields":[{"name":"id"},{"name":"note"},{"name":"day"}]},"tableReference":{"projectId":"prod-1","tableId":"orders"}}`
		if string(text) != want {
			t.Errorf("%s\ngot  %s\nwant %s", prefix, text, want)
		}
	}
}
