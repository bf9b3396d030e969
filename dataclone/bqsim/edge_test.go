// SPDX-License-Identifier: Apache-2.0

package bqsim_test

import (
	"strings"
	"testing"

	"github.com/watertight-go/watertight/dataclone/bqsim"
)

func TestPlainCopyAppendsAndTruncatesAndKeepsThePast(t *testing.T) {
	s := world(t, bqsim.Options{})
	copying(t, s, "COPY", source, "stg-1.stg.t", "")
	must(t, s.Advance(hour))
	for _, step := range []struct{ disposition, rows string }{{"WRITE_APPEND", "4"}, {"WRITE_TRUNCATE", "2"}} {
		if got := copying(t, s, "COPY", source, "stg-1.stg.t", `,"writeDisposition":"`+step.disposition+`"`); got != "" {
			t.Fatal(got)
		}
		if rows := numRows(t, s, "t"); rows != step.rows {
			t.Errorf("after %s: %s rows, want %s", step.disposition, rows, step.rows)
		}
		must(t, s.Advance(hour))
	}
	if got := copying(t, s, "CLONE", "stg-1.stg.t"+at(3*hour+hour/2), "stg-1.stg.past", ""); got != "" || numRows(t, s, "past") != "4" {
		t.Errorf("clone of the time between: %q, %s rows", got, numRows(t, s, "past"))
	}
	ok(t, s, "POST", "/projects/stg-1/datasets/stg/tables", `{"tableReference":{"tableId":"other"},"schema":{"fields":[{"name":"x","type":"STRING"}]}}`)
	if got := copying(t, s, "COPY", source, "stg-1.stg.other", `,"writeDisposition":"WRITE_APPEND"`); !strings.HasPrefix(got, "invalid: Provided Schema does not match") {
		t.Errorf("append to another schema: %q", got)
	}
}

func TestTextsInOptionsMayHoldQuotesAndEscapes(t *testing.T) {
	s := world(t, bqsim.Options{})
	const sql = "CREATE SNAPSHOT TABLE stg-1.stg.t CLONE `prod-1`.`sales`.orders OPTIONS(description='it\\'s \\\\ \\n \"x\"', friendly_name=r\"\"\"a\\\"b\"\"\")"
	if got := querying(t, s, sql); got != "" {
		t.Fatal(got)
	}
	out := ok(t, s, "GET", "/projects/stg-1/datasets/stg/tables/t", "")
	if out["description"] != "it's \\ \n \"x\"" || out["friendlyName"] != `a\"b` {
		t.Errorf("description %q, name %q", out["description"], out["friendlyName"])
	}
}

func TestProjectOfADomain(t *testing.T) {
	s := world(t, bqsim.Options{})
	ok(t, s, "POST", "/projects/example.com:p/datasets", `{"datasetReference":{"datasetId":"d"}}`)
	if got := querying(t, s, "CREATE TABLE `example.com:p.d.t` CLONE `prod-1.sales.orders`"); got != "" {
		t.Fatal(got)
	}
	if out := ok(t, s, "GET", "/projects/example.com%3Ap/datasets/d/tables/t", ""); out["numRows"] != "2" {
		t.Errorf("clone: %v", out)
	}
}

func TestUpdateReplacesWhatItLeavesOut(t *testing.T) {
	s := world(t, bqsim.Options{})
	const path = "/projects/stg-1/datasets/stg"
	ok(t, s, "PATCH", path, `{"description":"x","labels":{"a":"b"}}`)
	if out := ok(t, s, "PATCH", path, `{"labels":{"c":"d"}}`); out["description"] != "x" || len(out["labels"].(map[string]any)) != 2 {
		t.Errorf("patched: %v", out)
	}
	if out := ok(t, s, "PUT", path, `{"labels":{"c":"e"}}`); out["description"] != nil || len(out["labels"].(map[string]any)) != 1 || out["location"] != "US" {
		t.Errorf("updated: %v", out)
	}
	ok(t, s, "POST", path+"/tables", `{"tableReference":{"tableId":"t"},"description":"x","expirationTime":"1795400000000","schema":{"fields":[{"name":"a","type":"BOOL"}]}}`)
	out := ok(t, s, "PUT", path+"/tables/t", `{"friendlyName":"y"}`)
	if out["description"] != nil || out["expirationTime"] != nil || out["friendlyName"] != "y" || out["schema"] == nil {
		t.Errorf("updated table: %v", out)
	}
}

func TestUnchangedResourceIsNotSentAgain(t *testing.T) {
	s := world(t, bqsim.Options{})
	const path = "/projects/prod-1/datasets/sales/tables/orders"
	etag := ok(t, s, "GET", path, "")["etag"].(string)
	if code, out := call(t, s, "GET", path, "", "If-None-Match", etag); code != 304 || out != nil {
		t.Errorf("%d %v", code, out)
	}
}

func TestHiddenDatasetsAreListedOnlyWithAll(t *testing.T) {
	s := world(t, bqsim.Options{})
	ok(t, s, "POST", "/projects/stg-1/datasets", `{"datasetReference":{"datasetId":"_hidden"},"labels":{"a":"b"}}`)
	for query, want := range map[string]int{"": 1, "?all=true": 2} {
		if got := ok(t, s, "GET", "/projects/stg-1/datasets"+query, "")["datasets"].([]any); len(got) != want {
			t.Errorf("%q: %v", query, got)
		}
	}
	ok(t, s, "DELETE", "/projects/stg-1/datasets/_hidden", "")
	if code, _ := call(t, s, "GET", "/projects/stg-1/datasets/_hidden", ""); code != 404 {
		t.Errorf("deleted dataset: %d", code)
	}
}

func TestSmallResourcesAreFoundListedAndDeleted(t *testing.T) {
	s := world(t, bqsim.Options{})
	must(t, s.AddModel(bqsim.DatasetRef{Project: "prod-1", Dataset: "sales"}, "m", "KMEANS"))
	const sales = "/projects/prod-1/datasets/sales"
	ok(t, s, "POST", sales+"/routines", `{"routineReference":{"routineId":"f"},"routineType":"SCALAR_FUNCTION","definitionBody":"1"}`)
	ok(t, s, "POST", sales+"/tables/orders/rowAccessPolicies", `{"rowAccessPolicyReference":{"policyId":"p"},"filterPredicate":"id = 1","grantees":["user:a@example.com"]}`)
	for path, key := range map[string]string{sales + "/routines": "routines", sales + "/models": "models", sales + "/tables/orders/rowAccessPolicies": "rowAccessPolicies"} {
		if got := ok(t, s, "GET", path, "")[key].([]any); len(got) != 1 {
			t.Errorf("%s: %v", path, got)
		}
		name := map[string]string{"routines": "/f", "models": "/m", "rowAccessPolicies": "/p"}[key]
		ok(t, s, "GET", path+name, "")
		ok(t, s, "DELETE", path+name, "")
		if code, _ := call(t, s, "GET", path+name, ""); code != 404 {
			t.Errorf("%s after its deletion: %d", path+name, code)
		}
	}
}
