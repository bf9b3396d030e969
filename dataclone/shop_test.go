// SPDX-License-Identifier: Apache-2.0

package dataclone_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/watertight-go/watertight/dataclone"
)

// A shop is production's dataset prod-1.sales, an empty one of staging's, and what is
// asked of a plan.
type shop struct {
	sales, staging dataclone.Dataset
	more           []dataclone.Dataset
	request        dataclone.Request
	mappings       []dataclone.Mapping
}

func aShop() *shop {
	source := dataclone.DatasetRef{Project: "prod-1", Dataset: "sales"}
	target := dataclone.DatasetRef{Project: "stg-one", Dataset: "stg"}
	s := &shop{
		sales:    dataclone.Dataset{Ref: source, Location: "US", Organization: "1", Routines: []dataclone.Routine{}, Access: []dataclone.Access{}},
		staging:  dataclone.Dataset{Ref: target, Absent: true, Organization: "1"},
		request:  dataclone.Request{Environment: "staging", TTL: time.Hour},
		mappings: []dataclone.Mapping{{From: source, To: target}},
	}
	s.table("orders")
	return s
}

// shopTime is when the catalog of a shop was read.
func shopTime() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }

// table adds a table to production's dataset, of which everything is known.
func (s *shop) table(name string, columns ...dataclone.Column) *dataclone.Table {
	return s.add(dataclone.Table{
		Ref: s.sales.Ref.Table(name), Type: dataclone.StandardTable, Columns: columns,
		Policies: &dataclone.RowPolicies{}, Options: &dataclone.TableOptions{},
	})
}

func (s *shop) add(t dataclone.Table) *dataclone.Table {
	t.ETag, t.Created = "e-"+t.Ref.Table, shopTime().Add(-24*time.Hour)
	s.sales.Tables = append(s.sales.Tables, t)
	return &s.sales.Tables[len(s.sales.Tables)-1]
}

func (s *shop) view(name, query string) *dataclone.Table {
	return s.add(dataclone.Table{Ref: s.sales.Ref.Table(name), Type: dataclone.LogicalView, View: &dataclone.View{Query: query}})
}

func (s *shop) materialized(name, query string) *dataclone.Table {
	return s.add(dataclone.Table{Ref: s.sales.Ref.Table(name), Type: dataclone.MaterializedView, View: &dataclone.View{Query: query, EnableRefresh: true}})
}

func (s *shop) routine(kind, name, body string) *dataclone.Routine {
	resource := fmt.Sprintf(`{"etag":"x","creationTime":"1","routineType":%q,"language":"SQL","definitionBody":%q,"strictMode":true,
		"routineReference":{"projectId":"prod-1","datasetId":"sales","routineId":%q}}`, kind, body, name)
	s.sales.Routines = append(s.sales.Routines, dataclone.Routine{Ref: s.sales.Ref.Table(name), ETag: "r-" + name, Type: kind, Language: "SQL", Body: body, Resource: []byte(resource)})
	return &s.sales.Routines[len(s.sales.Routines)-1]
}

func (s *shop) catalog() dataclone.Catalog {
	return dataclone.Catalog{Now: shopTime(), Datasets: append([]dataclone.Dataset{s.sales, s.staging}, s.more...)}
}

func (s *shop) plan() *dataclone.Plan {
	return dataclone.PlanDataset(s.catalog(), s.request, s.mappings...)
}

// findingsOf returns rule, object and field of each finding.
func findingsOf(p *dataclone.Plan) []string {
	var out []string
	for _, f := range p.Findings {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s %s", f.Rule, f.Object.Name, f.Field)))
	}
	return out
}

// stepOf returns the step that makes what has a name in staging.
func stepOf(t *testing.T, p *dataclone.Plan, name string, kinds ...dataclone.Kind) dataclone.Step {
	t.Helper()
	for _, s := range p.Steps {
		if s.Destination.Table == name && (len(kinds) == 0 || slices.Contains(kinds, s.Kind)) {
			return s
		}
	}
	t.Fatalf("no step makes %s; findings: %v", name, p.Findings)
	return dataclone.Step{}
}

func hasStep(p *dataclone.Plan, name string) bool {
	return slices.ContainsFunc(p.Steps, func(s dataclone.Step) bool { return s.Destination.Table == name })
}

func sortedBy(list []string, less func(a, b string) int) []string {
	return slices.SortedFunc(slices.Values(list), less)
}
