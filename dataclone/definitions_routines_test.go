// SPDX-License-Identifier: Apache-2.0

package dataclone_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/dataclone"
)

// fieldsOf returns the fields of a REST resource.
func fieldsOf(t *testing.T, resource json.RawMessage) map[string]any {
	t.Helper()
	var out map[string]any
	if err := json.Unmarshal(resource, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestRoutineIsMadeAgain(t *testing.T) {
	for name, tt := range map[string]struct{ kind, body, want string }{
		"a function, whose text is an expression": {
			"SCALAR_FUNCTION", "x + (SELECT MAX(id) FROM sales.orders) -- of sales.orders",
			"x + (SELECT MAX(id) FROM `stg-one`.`stg`.orders) -- of sales.orders",
		},
		"an aggregate function":                   {"AGGREGATE_FUNCTION", "SUM(x)", "SUM(x)"},
		"a table function, whose text is a query": {"TABLE_VALUED_FUNCTION", "SELECT * FROM sales.orders", "SELECT * FROM `stg-one`.`stg`.orders"},
		"a procedure, whose text is statements": {
			"PROCEDURE", "BEGIN INSERT INTO sales.orders (id) VALUES (1); CALL sales.it(); END;",
			"BEGIN INSERT INTO `stg-one`.`stg`.orders (id) VALUES (1); CALL `stg-one`.`stg`.it(); END;",
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := aShop()
			s.routine(tt.kind, "it", tt.body)
			plan := s.plan()
			if got := findingsOf(plan); len(got) > 0 {
				t.Fatal(plan.Findings)
			}
			step := stepOf(t, plan, "it", dataclone.CreateRoutine)
			want := map[string]any{
				"routineType": tt.kind, "language": "SQL", "definitionBody": tt.want, "strictMode": true,
				"routineReference": map[string]any{"projectId": "stg-one", "datasetId": "stg", "routineId": "it"},
			}
			if diff := cmp.Diff(want, fieldsOf(t, step.Resource)); diff != "" {
				t.Errorf("resource (-want +got):\n%s", diff)
			}
			if step.SourceETag != "r-it" {
				t.Errorf("etag %q", step.SourceETag)
			}
		})
	}
}

func TestRoutineIsRefused(t *testing.T) {
	for name, tt := range map[string]struct{ kind, body, want string }{
		"with SQL in a string (40)":                   {"PROCEDURE", "BEGIN\nEXECUTE IMMEDIATE 'DROP TABLE sales.orders'; END;", "dataclone/dynamic-sql"},
		"that writes another dataset":                 {"PROCEDURE", "BEGIN DELETE FROM hr.people WHERE TRUE; END;", "dataclone/references-prod"},
		"that writes files":                           {"PROCEDURE", "BEGIN EXPORT DATA OPTIONS(uri='gs://x/*') AS SELECT 1; END;", "dataclone/external-data"},
		"that changes where names are looked up":      {"PROCEDURE", "BEGIN SET @@dataset_id = 'sales'; SELECT 1 FROM t; END;", "dataclone/alias-ambiguous"},
		"that closes a bracket which it did not open": {"SCALAR_FUNCTION", "1) FROM sales.orders; SELECT (2", "dataclone/sql-not-understood"},
	} {
		t.Run(name, func(t *testing.T) {
			s := aShop()
			s.routine(tt.kind, "it", tt.body)
			plan := s.plan()
			if diff := cmp.Diff([]string{tt.want + " sales.it definitionBody"}, findingsOf(plan)); diff != "" || hasStep(plan, "it") {
				t.Errorf("findings (-want +got):\n%s%v", diff, plan.Findings)
			}
		})
	}
	t.Run("whose resource nobody read", func(t *testing.T) {
		for _, resource := range []string{"", "null", "{}", "[]", `{"definitionBody":7}`} {
			s := aShop()
			s.routine("SCALAR_FUNCTION", "it", "1").Resource = []byte(resource)
			plan := s.plan()
			if diff := cmp.Diff([]string{"dataclone/evidence-missing sales.it definitionBody"}, findingsOf(plan)); diff != "" || hasStep(plan, "it") {
				t.Errorf("%q: findings (-want +got):\n%s", resource, diff)
			}
		}
	})
}

// A routine that calls a service is left out, and what calls it is refused.
func TestRoutineWithConnectionIsLeftOut(t *testing.T) {
	for name, edit := range map[string]func(*dataclone.Routine){
		"as the catalog says":          func(r *dataclone.Routine) { r.Connection = true },
		"as its language says":         func(r *dataclone.Routine) { r.Language = "PYTHON" },
		"as only its resource says":    func(r *dataclone.Routine) { r.Resource = []byte(`{"remoteFunctionOptions":{"connection":"p.us.c"}}`) },
		"in a field of later versions": func(r *dataclone.Routine) { r.Resource = []byte(`{"x":[{"runtimeConnection":{"name":"c"}}]}`) },
	} {
		t.Run(name, func(t *testing.T) {
			s := aShop()
			edit(s.routine("SCALAR_FUNCTION", "it", "1"))
			s.view("v", "SELECT sales.it()")
			plan := s.plan()
			want := []string{"dataclone/routine-connection sales.it", "dataclone/missing-dependency sales.v view.query"}
			if diff := cmp.Diff(want, findingsOf(plan)); diff != "" || hasStep(plan, "it") || len(plan.Skipped) != 1 {
				t.Errorf("findings (-want +got):\n%s%v", diff, plan.Skipped)
			}
		})
	}
}

// JavaScript names no tables; the libraries that it loads are code of somebody.
func TestJavaScriptKeepsItsText(t *testing.T) {
	s := aShop()
	r := s.routine("SCALAR_FUNCTION", "it", "return `sales.orders`;")
	r.Language = "JAVASCRIPT"
	r.Resource = []byte(`{"language":"JAVASCRIPT","definitionBody":"return 'sales.orders' < x;","importedLibraries":["gs://prod/a.js","gs://prod/b.js"]}`)
	s.request.Definitions.URIs = map[string]string{"gs://prod/a.js": "gs://stg/a.js"}
	plan := s.plan()
	if diff := cmp.Diff([]string{"dataclone/routine-library sales.it importedLibraries[1]"}, findingsOf(plan)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	fields := fieldsOf(t, stepOf(t, plan, "it").Resource)
	if diff := cmp.Diff([]any{"gs://stg/a.js", "gs://prod/b.js"}, fields["importedLibraries"]); diff != "" || fields["definitionBody"] != "return 'sales.orders' < x;" {
		t.Errorf("resource %v", fields)
	}
}

// A routine and a table may have one name, and each is its own step.
func TestRoutineMayHaveTheNameOfATable(t *testing.T) {
	s := aShop()
	s.sales.Tables[0].Bytes = 7
	s.routine("SCALAR_FUNCTION", "orders", "1")
	s.view("v", "SELECT sales.orders(1) FROM sales.orders")
	plan := s.plan()
	if got := findingsOf(plan); len(got) > 0 || plan.Bytes != 7 {
		t.Fatal(plan.Findings, plan.Bytes)
	}
	if err := plan.Validate(); err != nil {
		t.Fatal(err)
	}
	routine := stepOf(t, plan, "orders", dataclone.CreateRoutine)
	if view := stepOf(t, plan, "v"); view.Stage <= routine.Stage || routine.SourceETag != "r-orders" {
		t.Errorf("routine %+v, view %+v", routine, view)
	}
}

func TestExternalTables(t *testing.T) {
	const resource = `{"etag":"x","schema":{"fields":[{"name":"a","type":"STRING"}]},"externalDataConfiguration":{
		"sourceUris":["gs://prod/a/*"],"sourceFormat":"CSV","csvOptions":{"skipLeadingRows":"1"},"hivePartitioningOptions":{"sourceUriPrefix":"gs://prod/a"}}}`
	for name, tt := range map[string]struct {
		uris     map[string]string
		resource string
		want     []string
	}{
		"are left out (43)":                        {nil, resource, []string{"dataclone/external-table sales.files externalDataConfiguration.sourceUris"}},
		"are made over staging's files (43)":       {map[string]string{"gs://prod/a/*": "gs://stg/a/*", "gs://prod/a": "gs://stg/a"}, resource, nil},
		"are left out if a prefix is production's": {map[string]string{"gs://prod/a/*": "gs://stg/a/*"}, resource, []string{"dataclone/external-table sales.files externalDataConfiguration.sourceUris"}},
		"are left out if a connection is production's": {
			map[string]string{"gs://prod/a/*": "gs://stg/a/*"},
			`{"externalDataConfiguration":{"connectionId":"prod-1.us.c"}}`,
			[]string{"dataclone/external-table sales.files externalDataConfiguration.connectionId"},
		},
		"cannot be made of what nobody read": {map[string]string{"gs://prod/a/*": "gs://stg/a/*"}, "", []string{"dataclone/evidence-missing sales.files externalDataConfiguration.sourceUris"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := aShop()
			s.add(dataclone.Table{Ref: s.sales.Ref.Table("files"), Type: dataclone.ExternalTable, URIs: []string{"gs://prod/a/*"}, Resource: []byte(tt.resource)})
			s.request.Definitions.URIs = tt.uris
			plan := s.plan()
			if diff := cmp.Diff(tt.want, findingsOf(plan)); diff != "" {
				t.Fatalf("findings (-want +got):\n%s%v", diff, plan.Findings)
			}
			if tt.want != nil {
				if hasStep(plan, "files") {
					t.Error("it is in the plan")
				}
				return
			}
			text := string(stepOf(t, plan, "files", dataclone.CreateExternal).Resource)
			if strings.Contains(text, "prod") || !strings.Contains(text, "skipLeadingRows") || !strings.Contains(text, `"schema"`) {
				t.Errorf("resource %s", text)
			}
		})
	}
}
