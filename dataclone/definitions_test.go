// SPDX-License-Identifier: Apache-2.0

package dataclone_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/dataclone"
)

// What a view's query becomes. The numbers are those of the cases that the package was
// designed by.
func TestViewIsMadeAgainOverTheClones(t *testing.T) {
	for name, tt := range map[string]struct{ query, want string }{
		"a path in one pair of backticks keeps one (28)":           {"SELECT 1 FROM `prod-1.sales.orders`", "SELECT 1 FROM `stg-one.stg.orders`"},
		"a column behind the path is rewritten too (29)":           {"SELECT `prod-1.sales.orders`.id FROM `prod-1.sales.orders`", "SELECT `stg-one.stg.orders`.id FROM `stg-one.stg.orders`"},
		"a name without project is of the view's project (30)":     {"SELECT 1 FROM sales.orders", "SELECT 1 FROM `stg-one`.`stg`.orders"},
		"literals and comments stay (31)":                          {"SELECT 'prod-1.sales.orders' -- sales.orders\nFROM sales.orders /* sales.x */ # sales.y", "SELECT 'prod-1.sales.orders' -- sales.orders\nFROM `stg-one`.`stg`.orders /* sales.x */ # sales.y"},
		"raw and long literals stay (32)":                          {`SELECT r'\' FROM sales.x', """FROM` + "\n" + `sales.x""" FROM sales.orders`, `SELECT r'\' FROM sales.x', """FROM` + "\n" + `sales.x""" FROM ` + "`stg-one`.`stg`.orders"},
		"the dataset's INFORMATION_SCHEMA is that of staging (38)": {"SELECT 1 FROM sales.INFORMATION_SCHEMA.TABLES", "SELECT 1 FROM `stg-one`.`stg`.INFORMATION_SCHEMA.TABLES"},
		"public data are read where they are":                      {"SELECT 1 FROM `bigquery-public-data.usa_names.x`, sales.orders", "SELECT 1 FROM `bigquery-public-data.usa_names.x`, `stg-one`.`stg`.orders"},
		"a wildcard covers the clones (37)":                        {"SELECT 1 FROM `prod-1.sales.ord*`", "SELECT 1 FROM `stg-one.stg.ord*`"},
		"a table of staging stays one":                             {"SELECT 1 FROM `stg-one.stg.mine`, sales.orders", "SELECT 1 FROM `stg-one.stg.mine`, `stg-one`.`stg`.orders"},
		"a query in brackets is one":                               {"(SELECT 1 FROM sales.orders)", "(SELECT 1 FROM `stg-one`.`stg`.orders)"},
	} {
		t.Run(name, func(t *testing.T) {
			s := aShop()
			s.view("v", tt.query)
			plan := s.plan()
			if got := findingsOf(plan); len(got) > 0 {
				t.Fatalf("findings %q", got)
			}
			step := stepOf(t, plan, "v")
			if diff := cmp.Diff(tt.want, step.View.Query); diff != "" {
				t.Errorf("query (-want +got):\n%s", diff)
			}
			if clone := stepOf(t, plan, "orders"); step.Stage <= clone.Stage && !strings.Contains(tt.query, "INFORMATION_SCHEMA") {
				t.Errorf("stage %d, and the clone has %d", step.Stage, clone.Stage)
			}
			if step.Kind != dataclone.CreateView || step.SourceETag != "e-v" {
				t.Errorf("got %+v", step)
			}
		})
	}
}

// A view that would still name production, or may, is no step of the plan, and its
// finding names the view and the line.
func TestViewIsRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		query string
		edit  func(*shop)
		want  []string
		text  string // in the message
	}{
		"that names what is not there (27)":            {query: "SELECT 1\nFROM sales.gone", want: []string{"dataclone/missing-dependency sales.v view.query"}, text: "line 2"},
		"that names what the request excludes":         {query: "SELECT 1 FROM sales.orders", edit: func(s *shop) { s.request.Select.Exclude = []string{"orders"}; s.table("x") }, want: []string{"dataclone/missing-dependency sales.v view.query"}},
		"that names itself (27)":                       {query: "SELECT 1 FROM sales.v", want: []string{"dataclone/definition-cycle sales.v view.query"}},
		"that has a literal without end (32)":          {query: "SELECT 1 FROM sales.orders WHERE x = 'a", want: []string{"dataclone/sql-not-understood sales.v view.query"}},
		"whose alias is the dataset's name (33)":       {query: "SELECT EXTRACT(DAY FROM sales.ts) FROM sales.orders AS sales", want: []string{"dataclone/alias-ambiguous sales.v view.query"}},
		"whose alias has an array (34)":                {query: "SELECT 1 FROM sales.orders AS sales, sales.items", want: []string{"dataclone/alias-ambiguous sales.v view.query"}},
		"that names another dataset of production":     {query: "SELECT 1 FROM sales.orders, hr.people", want: []string{"dataclone/references-prod sales.v view.query"}},
		"that names a dataset that a pattern protects": {query: "SELECT 1 FROM `prod-two.hr.people`", edit: func(s *shop) { s.request.Protect.Patterns = []string{"prod-*"} }, want: []string{"dataclone/references-prod sales.v view.query"}},
		"that names a dataset whose label says production": {query: "SELECT 1 FROM `other-proj.hr.people`", edit: func(s *shop) {
			s.more = append(s.more, dataclone.Dataset{Ref: dataclone.DatasetRef{Project: "other-proj", Dataset: "hr"}, Labels: map[string]string{"env": "production"}})
		}, want: []string{"dataclone/references-prod sales.v view.query"}},
		"that names a dataset of which nobody said anything (36)": {query: "SELECT 1 FROM `other-proj.hr.people`", want: []string{"dataclone/unmapped-dataset sales.v view.query"}},
		"that spells the dataset in another case":                 {query: "SELECT 1 FROM SALES.orders", want: []string{"dataclone/references-prod sales.v view.query"}},
		"that reads another database":                             {query: "SELECT * FROM EXTERNAL_QUERY('c', 'SELECT 1')", want: []string{"dataclone/external-data sales.v view.query"}},
		"that reads all of production's region":                   {query: "SELECT 1 FROM `prod-1`.`region-us`.INFORMATION_SCHEMA.TABLES", want: []string{"dataclone/references-prod sales.v view.query", "dataclone/project-metadata sales.v view.query"}},
		"that uses a model":                                       {query: "SELECT * FROM ML.PREDICT(MODEL sales.m, TABLE sales.orders)", want: []string{"dataclone/missing-dependency sales.v view.query"}},
		"that is more than a query":                               {query: "SELECT 1; DROP TABLE sales.orders", want: []string{"dataclone/sql-not-understood sales.v view.query"}},
		"that is legacy SQL (39)":                                 {query: "SELECT 1 FROM [prod-1:sales.orders]", edit: func(s *shop) { s.sales.Tables[1].View.LegacySQL = true }, want: []string{"dataclone/legacy-sql sales.v view.query"}},
		"that has functions of legacy SQL":                        {query: "SELECT 1 FROM sales.orders", edit: func(s *shop) { s.sales.Tables[1].View.Resources = true }, want: []string{"dataclone/legacy-sql sales.v view.query"}},
		"that hides legacy SQL (39)":                              {query: "SELECT 1 FROM [prod-1:sales.orders]", want: []string{"dataclone/legacy-sql sales.v view.query"}},
		"whose query nobody read":                                 {edit: func(s *shop) { s.sales.Tables[1].View = nil }, want: []string{"dataclone/evidence-missing sales.v view.query"}},
		"that calls a routine when nobody read the routines":      {query: "SELECT sales.f(1)", edit: func(s *shop) { s.sales.Routines = nil }, want: []string{"dataclone/evidence-missing sales.v view.query"}},
		"that calls a routine that is not there":                  {query: "SELECT sales.f(1)", want: []string{"dataclone/missing-dependency sales.v view.query"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := aShop()
			s.view("v", tt.query)
			if tt.edit != nil {
				tt.edit(s)
			}
			plan := s.plan()
			got := slices.DeleteFunc(findingsOf(plan), func(f string) bool { return strings.Contains(f, " request") })
			slices.Sort(got)
			slices.Sort(tt.want)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s\n%v", diff, plan.Findings)
			}
			if hasStep(plan, "v") {
				t.Errorf("the view is in the plan: %+v", plan.Steps)
			}
			if !strings.Contains(fmt.Sprint(plan.Findings), tt.text) {
				t.Errorf("%v does not say %q", plan.Findings, tt.text)
			}
		})
	}
}

// A view of the region's metadata reads that of the project that it is in: staging's,
// which is a surprise and no leak (38).
func TestMetadataOfTheRegionIsAWarning(t *testing.T) {
	s := aShop()
	s.view("v", "SELECT 1 FROM `region-us`.INFORMATION_SCHEMA.TABLES")
	plan := s.plan()
	if diff := cmp.Diff([]string{"dataclone/project-metadata sales.v view.query"}, findingsOf(plan)); diff != "" || !hasStep(plan, "v") {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

func TestDatasetsOfTheRequest(t *testing.T) {
	ref := func(s string) dataclone.DatasetRef {
		d, err := dataclone.ParseDataset(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for name, tt := range map[string]struct {
		mappings []dataclone.Mapping
		query    string
		want     []string
	}{
		"take the place of what a view names":             {[]dataclone.Mapping{{From: ref("prod-1.hr"), To: ref("stg-one.hr")}}, "SELECT 1 FROM `stg-one`.`hr`.people", nil},
		"stay where they are when they map to themselves": {[]dataclone.Mapping{{From: ref("prod-1.hr"), To: ref("prod-1.hr")}}, "SELECT 1 FROM hr.people", nil},
		"are not production's":                            {[]dataclone.Mapping{{From: ref("prod-1.hr"), To: ref("prod-1.sales")}}, "", []string{"dataclone/references-prod staging definitions.datasets[0]"}},
		"are not protected":                               {[]dataclone.Mapping{{From: ref("prod-1.hr"), To: ref("shared-x.hr")}}, "", []string{"dataclone/references-prod staging definitions.datasets[0]"}},
		"are not what the plan clones":                    {[]dataclone.Mapping{{From: ref("prod-1.sales"), To: ref("stg-one.hr")}}, "", []string{"dataclone/invalid-request staging definitions.datasets[0]"}},
		"are not mapped twice":                            {[]dataclone.Mapping{{From: ref("prod-1.hr"), To: ref("stg-one.a")}, {From: ref("prod-1.b"), To: ref("prod-1.hr")}}, "", []string{"dataclone/invalid-request staging definitions.datasets"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := aShop()
			s.view("v", "SELECT 1 FROM hr.people")
			s.request.Definitions.Datasets = tt.mappings
			s.request.Protect.Patterns = []string{"shared-*"}
			plan := s.plan()
			if diff := cmp.Diff(tt.want, findingsOf(plan)); diff != "" {
				t.Fatalf("findings (-want +got):\n%s\n%v", diff, plan.Findings)
			}
			if tt.query != "" && stepOf(t, plan, "v").View.Query != tt.query {
				t.Errorf("got %s", stepOf(t, plan, "v").View.Query)
			}
			if tt.query == "" && hasStep(plan, "v") {
				t.Error("the view is in the plan")
			}
		})
	}
}

// Tables, then v over them, then w over v (25, 26), whatever their names say.
func TestViewsComeAfterWhatTheyRead(t *testing.T) {
	s := aShop()
	s.view("a_last", "SELECT sales.f(x) FROM sales.m_middle")
	s.view("m_middle", "SELECT 1 AS x FROM sales.z_first, sales.orders")
	s.view("z_first", "SELECT 1 FROM sales.orders")
	s.routine("SCALAR_FUNCTION", "f", "(SELECT MAX(x) FROM sales.m_middle)")
	plan := s.plan()
	if got := findingsOf(plan); len(got) > 0 {
		t.Fatal(got)
	}
	var order []string
	for _, step := range plan.Steps {
		if step.Kind != dataclone.CreateDataset {
			order = append(order, fmt.Sprintf("%d %s", step.Stage, step.Destination.Table))
		}
	}
	if diff := cmp.Diff([]string{"1 orders", "2 z_first", "3 m_middle", "4 f", "5 a_last"}, order); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

// Each view of a circle is named, and none beside it.
func TestCirclesAreFound(t *testing.T) {
	s := aShop()
	s.view("a", "SELECT 1 FROM sales.b")
	s.view("b", "SELECT 1 FROM sales.c")
	s.view("c", "SELECT 1 FROM sales.a, sales.below")
	s.view("below", "SELECT 1 FROM sales.orders")
	s.view("above", "SELECT 1 FROM sales.a")
	plan := s.plan()
	want := []string{"dataclone/definition-cycle sales.a view.query", "dataclone/definition-cycle sales.b view.query", "dataclone/definition-cycle sales.c view.query"}
	if diff := cmp.Diff(want, findingsOf(plan)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	if !hasStep(plan, "below") {
		t.Error("what the circle reads is not in the plan")
	}
}

func TestMaterializedViews(t *testing.T) {
	t.Run("are made as views, which cost nothing (42)", func(t *testing.T) {
		s := aShop()
		s.materialized("m", "SELECT 1 FROM sales.orders")
		step := stepOf(t, s.plan(), "m")
		if want := (dataclone.View{Query: "SELECT 1 FROM `stg-one`.`stg`.orders"}); step.Kind != dataclone.CreateView || !cmp.Equal(*step.View, want) {
			t.Errorf("got %+v, %+v", step, step.View)
		}
	})
	t.Run("are made as such when the request says so", func(t *testing.T) {
		s := aShop()
		m := s.materialized("m", "SELECT 1 FROM sales.orders")
		m.Clustering, m.MaxStaleness, m.Partitioning = []string{"x"}, "0-0 0 4:0:0", dataclone.Partitioning{Type: "DAY", Column: "day"}
		s.request.Definitions.Materialize = true
		step := stepOf(t, s.plan(), "m")
		want := dataclone.View{Query: "SELECT 1 FROM `stg-one`.`stg`.orders", EnableRefresh: true, Clustering: m.Clustering, MaxStaleness: m.MaxStaleness, Partitioning: m.Partitioning}
		if step.Kind != dataclone.CreateMaterializedView || !cmp.Equal(*step.View, want) {
			t.Errorf("got %+v, %+v", step, step.View)
		}
	})
	for name, edit := range map[string]func(*shop){
		"are not made over snapshots (42)": func(s *shop) {
			s.request.Select.Snapshots = true
			s.materialized("m", "SELECT 1 FROM sales.orders")
		},
		"are not made over materialized views": func(s *shop) {
			s.materialized("base", "SELECT 1 FROM sales.orders")
			s.materialized("m", "SELECT 1 FROM sales.base")
		},
		"are not made over external tables": func(s *shop) {
			s.add(dataclone.Table{Ref: s.sales.Ref.Table("files"), Type: dataclone.ExternalTable, URIs: []string{"gs://a"}, Resource: []byte(`{"externalDataConfiguration":{}}`)})
			s.request.Definitions.URIs = map[string]string{"gs://a": "gs://b"}
			s.materialized("m", "SELECT 1 FROM sales.files")
		},
		"are not made over wildcards": func(s *shop) { s.materialized("m", "SELECT 1 FROM `prod-1.sales.ord*`") },
	} {
		t.Run(name, func(t *testing.T) {
			s := aShop()
			edit(s)
			s.request.Definitions.Materialize = true
			plan := s.plan()
			if diff := cmp.Diff([]string{"dataclone/materialized-view-base sales.m materializedView.query"}, findingsOf(plan)); diff != "" || hasStep(plan, "m") {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// What the runner needs of a view besides its query comes along.
func TestViewKeepsItsOptions(t *testing.T) {
	s := aShop()
	v := s.view("v", "SELECT id FROM sales.orders")
	v.View.ExplicitColumnNames, v.View.PrivacyPolicy = true, `{"aggregationThresholdPolicy":{}}`
	v.Description = "all orders"
	v.Columns = []dataclone.Column{{Name: "id", Description: "the number"}, {Name: "a", Fields: []dataclone.Column{{Name: "b", Description: "inner"}}}}
	want := dataclone.View{
		Query: "SELECT id FROM `stg-one`.`stg`.orders", ExplicitColumnNames: true, PrivacyPolicy: v.View.PrivacyPolicy,
		Description: "all orders", ColumnDescriptions: map[string]string{"id": "the number", "a.b": "inner"},
	}
	if diff := cmp.Diff(want, *stepOf(t, s.plan(), "v").View); diff != "" {
		t.Errorf("view (-want +got):\n%s", diff)
	}
}

func TestSkippedDefinitionsAreNamed(t *testing.T) {
	s := aShop()
	s.view("v", "SELECT 1 FROM sales.orders")
	s.routine("SCALAR_FUNCTION", "f", "1")
	s.sales.Models = []string{"m"}
	s.request.Definitions.Skip = true
	plan := s.plan()
	var skipped []string
	for _, x := range plan.Skipped {
		skipped = append(skipped, x.Object.Table)
	}
	slices.Sort(skipped)
	if diff := cmp.Diff([]string{"f", "m", "v"}, skipped); diff != "" || len(findingsOf(plan)) > 0 {
		t.Errorf("skipped (-want +got):\n%s%v", diff, findingsOf(plan))
	}
}

// A pattern that names only a routine is none that names nothing, and leaves it out.
func TestPatternsNameRoutinesToo(t *testing.T) {
	s := aShop()
	s.routine("SCALAR_FUNCTION", "f", "1")
	s.request.Select.Exclude = []string{"f"}
	if plan := s.plan(); len(findingsOf(plan)) > 0 || hasStep(plan, "f") || len(plan.Skipped) != 1 {
		t.Errorf("%v, skipped %v", plan.Findings, plan.Skipped)
	}
}

// Where the dataset does not tell the case of names apart, its views do not either.
func TestCaseOfADatasetThatHasNone(t *testing.T) {
	s := aShop()
	s.sales.CaseInsensitive = true
	s.view("v", "SELECT 1 FROM SALES.orders")
	if got, want := stepOf(t, s.plan(), "v").View.Query, "SELECT 1 FROM `stg-one`.`stg`.orders"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// A view may name what staging has under that name already.
func TestViewsReadWhatStagingHas(t *testing.T) {
	s := aShop()
	s.view("v", "SELECT sales.own(1) FROM sales.mine")
	s.staging.Absent, s.staging.Location = false, "US"
	s.staging.Tables = []dataclone.Table{{Ref: s.staging.Ref.Table("mine"), Type: dataclone.StandardTable}}
	s.staging.Routines = []dataclone.Routine{{Ref: s.staging.Ref.Table("own")}}
	if plan := s.plan(); len(findingsOf(plan)) > 0 || !hasStep(plan, "v") {
		t.Errorf("findings %v", plan.Findings)
	}
}
