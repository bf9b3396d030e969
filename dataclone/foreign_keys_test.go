// SPDX-License-Identifier: Apache-2.0

package dataclone_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/dataclone"
)

// A clone gets its source's foreign keys, which name production (57).
func TestForeignKeysNameTheClones(t *testing.T) {
	key := func(s *shop, name string) dataclone.ForeignKey {
		return dataclone.ForeignKey{Name: "to_" + name, Columns: []string{"x"}, References: s.sales.Ref.Table(name), ReferencedColumns: []string{"id"}}
	}
	for name, tt := range map[string]struct {
		edit func(*shop)
		want []string // what the keys of the clone name
		find []string
	}{
		"of the same plan":                {func(s *shop) { s.table("users") }, []string{"stg-one.stg.users"}, nil},
		"and those of others are dropped": {func(*shop) {}, nil, []string{"dataclone/foreign-key-prod sales.orders tableConstraints.foreignKeys[0]"}},
		"also where they are private": {func(s *shop) {
			s.table("users", dataclone.Column{Name: "id", Type: "STRING", PolicyTags: []string{"t"}})
			hidden := dataclone.DatasetRef{Project: "stg-one", Dataset: "hidden"}
			s.more = append(s.more, dataclone.Dataset{Ref: hidden, Absent: true, Organization: "1"})
			s.request.Data = dataclone.PersonalData{Mode: dataclone.MaskedViews, Private: hidden}
		}, []string{"stg-one.hidden.stg__users"}, nil},
		"of its own destination, where there are two": {func(s *shop) {
			s.table("users")
			first := s.staging
			first.Ref.Dataset = "a_first"
			s.more = append(s.more, first)
			s.mappings = append(s.mappings, dataclone.Mapping{From: s.sales.Ref, To: first.Ref})
		}, []string{"stg-one.stg.users"}, nil},
		"and never those of snapshots": {
			func(s *shop) { s.table("users"); s.request.Select.Snapshots = true },
			[]string{"no step"},
			[]string{"dataclone/foreign-key-prod sales.orders tableConstraints.foreignKeys[0]"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := aShop()
			s.sales.Tables[0].ForeignKeys = []dataclone.ForeignKey{key(s, "users")}
			tt.edit(s)
			plan := s.plan()
			if diff := cmp.Diff(tt.find, findingsOf(plan)); diff != "" {
				t.Errorf("findings (-want +got):\n%s%v", diff, plan.Findings)
			}
			got := []string{"no step"}
			for _, step := range plan.Steps {
				if step.Kind != dataclone.SetForeignKeys || step.Destination.Dataset == "a_first" {
					continue
				}
				got = nil
				for _, k := range step.ForeignKeys {
					got = append(got, k.References.String())
				}
				if clone := stepOf(t, plan, "orders", dataclone.CloneTable); step.Stage <= clone.Stage || step.Destination != s.staging.Ref.Table("orders") && step.Destination != clone.Destination {
					t.Errorf("step %+v", step)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("keys name (-want +got):\n%s", diff)
			}
			if err := plan.Validate(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestRowPoliciesThatReadTables(t *testing.T) {
	for name, tt := range map[string]struct {
		filter string
		want   string // in the message; empty if there is no finding
	}{
		"a filter on the row":           {"region = SESSION_USER()", ""},
		"true":                          {"TRUE", ""},
		"a subquery over production":    {"region IN (\nSELECT r FROM sales.lookup)", "sales.lookup in line 2"},
		"a subquery over another":       {"x IN (SELECT r FROM `prod-1.hr.people`)", "hr.people"},
		"a function of production":      {"sales.allowed(x)", "sales.allowed"},
		"a filter that nobody can read": {"x = 'a", "cannot be told"},
		"public data":                   {"x IN (SELECT y FROM `bigquery-public-data.a.b`)", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := aShop()
			s.sales.Tables[0].Policies = &dataclone.RowPolicies{TimeTravel: true, Policies: []dataclone.RowPolicy{{ID: "p", Filter: tt.filter}}}
			var got []string
			for _, f := range s.plan().Findings {
				if f.Rule != dataclone.RLSPredicateProd {
					continue
				}
				got = append(got, f.Object.Name+" "+f.Field)
				if !strings.Contains(f.Message, tt.want) {
					t.Errorf("%s does not say %q", f.Message, tt.want)
				}
			}
			want := []string{`sales.orders rowAccessPolicies["p"].filterPredicate`}
			if tt.want == "" {
				want = nil
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAccessLists(t *testing.T) {
	there := func(s *shop, members ...string) {
		s.staging.Absent, s.staging.Location, s.staging.Access = false, "US", []dataclone.Access{}
		for _, m := range members {
			s.staging.Access = append(s.staging.Access, dataclone.Access{Role: "READER", Member: m})
		}
	}
	tag := func(s *shop) {
		s.table("people", dataclone.Column{Name: "email", Type: "STRING", PolicyTags: []string{"t"}})
		s.request.Data.Mode = dataclone.KeepPersonalData
	}
	for name, tt := range map[string]struct {
		edit func(*shop)
		want []string
	}{
		"a destination for a group":      {func(s *shop) { there(s, "group:a@example.com"); tag(s) }, nil},
		"a destination for everybody":    {func(s *shop) { there(s, "allUsers", "allAuthenticatedUsers") }, []string{"dataclone/destination-public stg access", "dataclone/destination-public stg access"}},
		"what everybody reads already":   {func(s *shop) { there(s, "allUsers"); s.sales.Access = s.staging.Access }, nil},
		"personal data for everybody":    {func(s *shop) { there(s, "allUsers"); s.sales.Access = s.staging.Access; tag(s) }, []string{"dataclone/destination-public stg access"}},
		"a domain":                       {func(s *shop) { there(s, "domain:example.com") }, nil},
		"personal data for a domain":     {func(s *shop) { there(s, "domain:example.com"); tag(s) }, []string{"dataclone/destination-public stg access"}},
		"a list that nobody read":        {func(s *shop) { there(s); s.staging.Access = nil; tag(s) }, []string{"dataclone/evidence-missing stg access"}},
		"a list that nobody has to read": {func(s *shop) { there(s); s.staging.Access = nil }, nil},
		"a view of staging that production lets in": {
			func(s *shop) { s.sales.Access = []dataclone.Access{{View: s.staging.Ref.Table("v")}} },
			[]string{"dataclone/authorized-view-leak sales access"},
		},
		"all of staging that production lets in": {
			func(s *shop) { s.sales.Access = []dataclone.Access{{Dataset: s.staging.Ref}} },
			[]string{"dataclone/authorized-view-leak sales access"},
		},
		"a view that is cloned, and whose clone is not let in": {func(s *shop) {
			other, target := s.sales, s.staging
			other.Ref.Dataset, other.Tables, target.Ref.Dataset = "reports", nil, "stg_reports"
			s.more = append(s.more, other, target)
			s.mappings = append(s.mappings, dataclone.Mapping{From: other.Ref, To: target.Ref})
			s.sales.Access = []dataclone.Access{{View: other.Ref.Table("v")}}
		}, []string{"dataclone/authorization-not-copied sales access"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := aShop()
			tt.edit(s)
			plan := s.plan()
			if diff := cmp.Diff(tt.want, findingsOf(plan)); diff != "" {
				t.Errorf("findings (-want +got):\n%s%v", diff, plan.Findings)
			}
		})
	}
}
