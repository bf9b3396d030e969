// SPDX-License-Identifier: Apache-2.0

package dataclone_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/dataclone"
)

func TestSelections(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2026, 11, d, 18, 0, 0, 0, time.UTC) }
	all := []string{"events_20261120", "events_20261121", "events_20261122", "events_20261399", "20261122", "orders", "log20261121", "log20261122"}
	for sentence, tt := range map[string]struct {
		selection dataclone.Selection
		want      []string
	}{
		"nothing said is everything": {dataclone.Selection{}, all},
		"what is included":           {dataclone.Selection{Include: []string{"ord*"}}, []string{"orders"}},
		"exclusion wins":             {dataclone.Selection{Include: []string{"events_*"}, Exclude: []string{"*22", "*99"}}, []string{"events_20261120", "events_20261121"}},
		"the newest shard of each prefix, and what is no shard": {
			dataclone.Selection{Shards: dataclone.Shards{Last: 1}},
			[]string{"events_20261122", "events_20261399", "20261122", "orders", "log20261122"},
		},
		"more than there are": {dataclone.Selection{Shards: dataclone.Shards{Last: 9}}, all},
		"shards of days, both ends among them": {
			dataclone.Selection{Shards: dataclone.Shards{From: day(21), To: day(21)}},
			[]string{"events_20261121", "events_20261399", "20261122", "orders", "log20261121"},
		},
		"the newest of those days": {
			dataclone.Selection{Shards: dataclone.Shards{To: day(21), Last: 1}},
			[]string{"events_20261121", "events_20261399", "20261122", "orders", "log20261121"},
		},
	} {
		t.Run(sentence, func(t *testing.T) {
			s := aShop()
			s.sales.Tables = nil
			for _, name := range all {
				s.table(name)
			}
			s.request.Select = tt.selection
			p := s.plan()
			var got, rest []string
			for _, step := range p.Steps {
				if step.Kind == dataclone.CloneTable {
					got = append(got, step.Destination.Table)
				}
			}
			for _, skipped := range p.Skipped {
				rest = append(rest, skipped.Object.Table)
			}
			slices.Sort(got)
			if diff := cmp.Diff(slices.Sorted(slices.Values(tt.want)), got); diff != "" {
				t.Errorf("cloned (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(slices.Sorted(slices.Values(all)), slices.Sorted(slices.Values(append(rest, got...)))); diff != "" {
				t.Errorf("cloned or said to be left out (-want +got):\n%s", diff)
			}
		})
	}
}

// What a selection cannot mean is an error, and never means everything.
func TestSelectionsThatSayNothingAreRefused(t *testing.T) {
	for sentence, tt := range map[string]struct {
		edit  func(*shop)
		field string
	}{
		"an unknown word on new tables": {func(s *shop) { s.request.Select.New = "perhaps" }, "select.new"},
		"a negative number of shards":   {func(s *shop) { s.request.Select.Shards.Last = -1 }, "select.shards.last"},
		"days from the later on": {func(s *shop) {
			s.request.Select.Shards = dataclone.Shards{From: shopTime(), To: shopTime().Add(-24 * time.Hour)}
		}, "select.shards.to"},
		"a deleted table that is there": {func(s *shop) {
			s.request.Select.Deleted = []dataclone.TableRef{s.sales.Ref.Table("orders")}
		}, "select.deleted"},
		"a deleted table of another dataset": {func(s *shop) {
			s.request.Select.Deleted = []dataclone.TableRef{{Project: "prod-1", Dataset: "other", Table: "x"}}
		}, "select.deleted"},
		"a protection that could match nothing": {func(s *shop) { s.request.Protect.Patterns = []string{"prod-[0-9]"} }, "protect.patterns[0]"},
		"a protection that is empty":            {func(s *shop) { s.request.Protect.Patterns = []string{""} }, "protect.patterns[0]"},
		"a label of ownership":                  {func(s *shop) { s.request.Labels = map[string]string{dataclone.LabelPlan: "x"} }, "labels[watertight-plan]"},
	} {
		t.Run(sentence, func(t *testing.T) {
			s := aShop()
			tt.edit(s)
			found := slices.ContainsFunc(s.plan().Findings, func(f bulkhead.Finding) bool {
				return f.Rule == dataclone.InvalidRequest && f.Field == tt.field && f.Severity == bulkhead.Error
			})
			if !found {
				t.Errorf("got %v", s.plan().Findings)
			}
		})
	}
}

// A generation is a dataset whose name has the plan's time, and only what carries the
// mark of the environment is one.
func TestGenerations(t *testing.T) {
	s := aShop()
	s.request.Select.Generation = true
	base := s.staging.Ref
	resolved := s.request.Resolve(shopTime(), s.mappings...)
	want := dataclone.DatasetRef{Project: base.Project, Dataset: "stg_g20261122T115900"}
	if len(resolved) != 1 || resolved[0].To != want {
		t.Fatalf("got %v", resolved)
	}
	s.staging.Ref = want
	p := s.plan()
	if step := stepOf(t, p, "orders"); step.Destination.In() != want || p.Findings.Err() != nil {
		t.Errorf("got %v, %v", step.Destination, p.Findings)
	}
	owned := dataclone.Mark{Environment: "staging", Plan: strings.Repeat("a", 32)}
	other := dataclone.Mark{Environment: "pr-1", Plan: strings.Repeat("a", 32)}
	in := func(name string, labels map[string]string) dataclone.Dataset {
		return dataclone.Dataset{Ref: dataclone.DatasetRef{Project: base.Project, Dataset: name}, Labels: labels}
	}
	gone := in("stg_g20261119T115900", owned.Labels(nil))
	gone.Absent = true
	elsewhere := in("stg_g20261118T115900", owned.Labels(nil))
	elsewhere.Ref.Project = "stg-two"
	catalog := dataclone.Catalog{Datasets: []dataclone.Dataset{
		in("stg_g20261122T115900", owned.Labels(nil)), in("stg_g20251222T115900", owned.Labels(nil)),
		in("stg_g20261121T115900", other.Labels(nil)), in("stg_g20261120T115900", nil), in("stg_gabc", owned.Labels(nil)),
		in("stg", owned.Labels(nil)), in("stgg_g20261122T115900", owned.Labels(nil)), gone, elsewhere,
	}}
	var got []string
	for _, d := range dataclone.Generations(catalog, base, "staging") {
		got = append(got, d.Dataset)
	}
	if diff := cmp.Diff([]string{"stg_g20251222T115900", "stg_g20261122T115900"}, got); diff != "" {
		t.Errorf("generations (-want +got):\n%s", diff)
	}
}
