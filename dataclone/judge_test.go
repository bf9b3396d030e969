// SPDX-License-Identifier: Apache-2.0

package dataclone_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/dataclone"
)

// rulesOf returns severity and rule of each finding, once.
func rulesOf(p *dataclone.Plan) []string {
	var out []string
	for _, f := range p.Findings {
		if line := fmt.Sprintf("%s %s", f.Severity, strings.TrimPrefix(f.Rule, "dataclone/")); len(out) == 0 || out[len(out)-1] != line {
			out = append(out, line)
		}
	}
	return out
}

// made is something in staging's dataset that carries the labels of a plan.
func made(kind dataclone.TableType, environment string, bases ...dataclone.Base) dataclone.Table {
	staging := dataclone.DatasetRef{Project: "stg-one", Dataset: "stg"}
	return dataclone.Table{
		Ref: staging.Table("orders"), Type: kind, Bases: bases, Created: shopTime().Add(-time.Hour),
		Labels: dataclone.Mark{Environment: environment, Plan: strings.Repeat("0", 32)}.Labels(nil),
	}
}

// What a plan is judged by, apart from definitions and personal data: each case makes
// one thing of a plan wrong, or nearly. The numbers are those of the cases that the
// package was designed by.
func TestPlansAreJudged(t *testing.T) {
	asOf := shopTime().Add(-time.Minute)
	there := func(s *shop, tables ...dataclone.Table) {
		s.staging = dataclone.Dataset{Ref: s.staging.Ref, Location: "US", Organization: "1", Tables: tables, Routines: []dataclone.Routine{}, Access: []dataclone.Access{}}
	}
	orders := func(s *shop) *dataclone.Table { return &s.sales.Tables[0] }
	base := func(name string, at time.Time) dataclone.Base {
		return dataclone.Base{Table: dataclone.TableRef{Project: "prod-1", Dataset: "sales", Table: name}, Time: at}
	}
	chain := func(n int) []dataclone.Base {
		var out []dataclone.Base
		for i := range n {
			out = append(out, base(fmt.Sprintf("b%d", i), asOf))
		}
		return out
	}
	for sentence, tt := range map[string]struct {
		edit func(*shop)
		want []string
	}{
		"one table is fine (1)":        {func(*shop) {}, nil},
		"several tables are fine (2)":  {func(s *shop) { s.table("users"); s.table("lines") }, nil},
		"a time in the future (4)":     {func(s *shop) { s.request.AsOf = shopTime().Add(time.Second) }, []string{"error future-as-of"}},
		"a time before the window (5)": {func(s *shop) { s.request.AsOf = shopTime().Add(-169 * time.Hour); orders(s).Created = time.Unix(0, 0) }, []string{"error outside-window"}},
		"a time at the edge of the window (6)": {func(s *shop) {
			s.sales.MaxTimeTravelHours = 48
			s.request.AsOf = shopTime().Add(-47*time.Hour - 50*time.Minute)
			orders(s).Created = time.Unix(0, 0)
		}, []string{"warning window-expires-soon"}},
		"a window that is none (7)":         {func(s *shop) { s.sales.MaxTimeTravelHours = 50 }, []string{"error window-not-multiple-of-24"}},
		"a table younger than the time (8)": {func(s *shop) { orders(s).Created = asOf.Add(time.Second) }, []string{"error created-after-as-of"}},
		"a new table that is to be skipped leaves nothing (9)": {func(s *shop) {
			s.request.Select.New = dataclone.SkipNewTables
			orders(s).Created = asOf.Add(time.Second)
		}, []string{"error nothing-selected", "warning created-after-as-of"}},
		"a new table that is cloned as it is (10)": {func(s *shop) { s.request.Select.New = dataclone.CloneLatest; orders(s).Created = asOf.Add(time.Second) }, []string{"warning inconsistent"}},
		"the source as destination (13)":           {func(s *shop) { s.mappings[0].To = s.mappings[0].From; s.request.Protect.SameProject = true }, []string{"error destination-is-source"}},
		"a destination that differs in case (14)": {func(s *shop) {
			s.sales.CaseInsensitive = true
			s.mappings[0].To = dataclone.DatasetRef{Project: "prod-1", Dataset: "SALES"}
			s.more = append(s.more, dataclone.Dataset{Ref: s.mappings[0].To, Absent: true, Organization: "1"})
			s.request.Protect.SameProject = true
		}, []string{"error destination-is-source"}},
		"a protected project (15)":                   {func(s *shop) { s.request.Protect.Patterns = []string{"stg-one"} }, []string{"error destination-protected"}},
		"a protected pattern (16)":                   {func(s *shop) { s.request.Protect.Patterns = []string{"stg-*"} }, []string{"error destination-protected"}},
		"a pattern of another project (16)":          {func(s *shop) { s.request.Protect.Patterns = []string{"prod-*"} }, nil},
		"a destination in the source's project (17)": {func(s *shop) { inProject(s, "prod-1") }, []string{"error destination-protected"}},
		"the same when it is allowed (17)":           {func(s *shop) { inProject(s, "prod-1"); s.request.Protect.SameProject = true }, nil},
		"a destination whose label says production":  {func(s *shop) { there(s); s.staging.Labels = map[string]string{"env": "production"} }, []string{"error destination-protected"}},
		"another location (18)":                      {func(s *shop) { there(s); s.staging.Location = "EU" }, []string{"error region-mismatch"}},
		"a location in small letters (19)":           {func(s *shop) { there(s); s.staging.Location = "us" }, nil},
		"a region for a multi-region (19)":           {func(s *shop) { there(s); s.staging.Location = "us-east1" }, []string{"error region-mismatch"}},
		"another organization":                       {func(s *shop) { s.staging.Organization = "2" }, []string{"error org-mismatch"}},
		"an organization that nobody knows":          {func(s *shop) { s.staging.Organization = "" }, []string{"warning evidence-missing"}},
		"a view under the name (20)": {func(s *shop) {
			there(s, dataclone.Table{Ref: s.staging.Ref.Table("orders"), Type: dataclone.LogicalView})
		}, []string{"error destination-exists"}},
		"an empty table of nobody under the name (21)": {func(s *shop) {
			there(s, dataclone.Table{Ref: s.staging.Ref.Table("orders"), Type: dataclone.StandardTable})
		}, []string{"error destination-exists"}},
		"our clone of another time under the name (23)": {func(s *shop) {
			there(s, made(dataclone.StandardTable, "staging", base("orders", asOf.Add(-time.Hour))))
		}, []string{"error stale"}},
		"our clone of another table under the name (24)":     {func(s *shop) { there(s, made(dataclone.StandardTable, "staging", base("users", asOf))) }, []string{"error not-owned"}},
		"a clone of another environment under the name (24)": {func(s *shop) { there(s, made(dataclone.StandardTable, "pr-1", base("orders", asOf))) }, []string{"error not-owned"}},
		"a managed table of Iceberg (44)":                    {func(s *shop) { orders(s).Managed = "BIGLAKE" }, []string{"error unsupported-source"}},
		"a linked dataset (45)":                              {func(s *shop) { s.sales.Kind = dataclone.LinkedDataset }, []string{"error unsupported-source"}},
		"a replica":                                          {func(s *shop) { orders(s).Replicated = true }, []string{"error unsupported-source"}},
		"fine-grained changes (46)":                          {func(s *shop) { orders(s).Options.FineGrainedMutations = true }, []string{"error unsupported-source"}},
		"options that were not read":                         {func(s *shop) { orders(s).Options = nil }, []string{"warning evidence-missing"}},
		"row policies that were not read":                    {func(s *shop) { orders(s).Policies = nil }, []string{"warning evidence-missing"}},
		"rows in the streaming buffer (47)":                  {func(s *shop) { orders(s).Buffer = &dataclone.StreamingBuffer{Rows: 120, Oldest: asOf.Add(-time.Hour)} }, []string{"warning streaming-buffer-excluded"}},
		"a table that takes changes":                         {func(s *shop) { orders(s).MaxStaleness = "0-0 0 0:15:0"; orders(s).PrimaryKey = []string{"id"} }, []string{"warning cdc-table"}},
		"an expiration in the past (48)":                     {func(s *shop) { s.request.TTL = -time.Hour }, []string{"error expiration-past"}},
		"a life that is too long (49)":                       {func(s *shop) { s.request.TTL, s.request.MaxTTL = 400*24*time.Hour, 30*24*time.Hour }, []string{"error expiration-too-far"}},
		"no life at all (49)":                                {func(s *shop) { s.request.TTL = 0 }, []string{"error no-expiration"}},
		"no life at all, where the dataset has one (53)":     {func(s *shop) { there(s); s.staging.DefaultTableExpiration = time.Hour; s.request.TTL = 0 }, []string{"error no-expiration", "warning dataset-default-expiration"}},
		"a life, where the dataset has one (53)":             {func(s *shop) { there(s); s.staging.DefaultTableExpiration = time.Hour; s.request.TTL = 24 * time.Hour }, nil},
		"a chain of three (51)":                              {func(s *shop) { orders(s).Bases = chain(2) }, nil},
		"a chain of four (51)":                               {func(s *shop) { orders(s).Bases = chain(3) }, []string{"error chain-too-deep"}},
		"partitions that the destination deletes (54)": {func(s *shop) {
			there(s)
			s.staging.DefaultPartitionExpiration = 7 * 24 * time.Hour
			orders(s).Partitioning = dataclone.Partitioning{Type: "DAY", Expiration: 90 * 24 * time.Hour}
			s.request.Select.Snapshots = true
		}, []string{"warning partition-expiration-override"}},
		"row access policies in the past (55)":    {func(s *shop) { orders(s).Policies.Policies = []dataclone.RowPolicy{{ID: "p", Filter: "TRUE"}} }, []string{"error rls-time-travel"}},
		"a tag that says production":              {func(s *shop) { orders(s).Tags = map[string]string{"1/environment": "production"} }, []string{"warning tag-environment"}},
		"the name of a dataset that is none (58)": {func(s *shop) { s.mappings[0].To.Dataset = "my-ds" }, []string{"error evidence-missing", "error names"}},
		"a label that is none (58)":               {func(s *shop) { s.request.Labels = map[string]string{"Env": "x"} }, []string{"error names"}},
		"too many labels (58)":                    {func(s *shop) { s.request.Labels = manyLabels(62) }, []string{"error names"}},
		"as many labels as there may be (58)":     {func(s *shop) { s.request.Labels = manyLabels(61) }, nil},
		"an environment that is no label":         {func(s *shop) { s.request.Environment = "Staging!" }, []string{"error names"}},
		"a pattern that names nothing":            {func(s *shop) { s.request.Select.Include = []string{"orders", "invoices"} }, []string{"warning unmatched-pattern"}},
		"a dataset that is not in the catalog":    {func(s *shop) { s.mappings[0].To = dataclone.DatasetRef{Project: "stg-one", Dataset: "other"} }, []string{"error evidence-missing"}},
		"two tables for one name": {func(s *shop) {
			other := s.sales
			other.Ref.Dataset = "stock"
			other.Tables = []dataclone.Table{s.sales.Tables[0]}
			other.Tables[0].Ref.Dataset = "stock"
			s.more = append(s.more, other)
			s.mappings = append(s.mappings, dataclone.Mapping{From: other.Ref, To: s.staging.Ref})
		}, []string{"error destination-twice"}},
		"a snapshot that would get other keys": {func(s *shop) {
			s.table("users")
			orders(s).ForeignKeys = []dataclone.ForeignKey{{Name: "k", Columns: []string{"id"}, References: s.sales.Ref.Table("users"), ReferencedColumns: []string{"id"}}}
			s.request.Select.Snapshots = true
		}, []string{"warning foreign-key-prod"}},
		"a table that is in the catalog twice": {func(s *shop) { s.sales.Tables = append(s.sales.Tables, s.sales.Tables[0]) }, []string{"error nothing-selected", "error catalog-inconsistent"}},
		"a source that is not there":           {func(s *shop) { s.sales = dataclone.Dataset{Ref: s.sales.Ref, Absent: true, Organization: "1"} }, []string{"error nothing-selected", "error source-missing"}},
		"one of two sources that is not in the catalog": {func(s *shop) {
			s.mappings = append(s.mappings, dataclone.Mapping{From: dataclone.DatasetRef{Project: "prod-1", Dataset: "stock"}, To: s.staging.Ref})
		}, []string{"error evidence-missing"}},
		"a source that is not in the catalog": {func(s *shop) { s.mappings[0].From.Dataset = "nothing" }, []string{"error nothing-selected", "error evidence-missing"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			s := aShop()
			tt.edit(s)
			p := s.plan()
			if diff := cmp.Diff(tt.want, rulesOf(p)); diff != "" {
				t.Errorf("findings (-want +got):\n%s%v", diff, p.Findings)
			}
		})
	}
}

// inProject puts staging's dataset into another project.
func inProject(s *shop, project string) {
	s.staging.Ref.Project = project
	s.mappings[0].To = s.staging.Ref
}

func manyLabels(n int) map[string]string {
	out := make(map[string]string)
	for i := range n {
		out[fmt.Sprintf("key-%d", i)] = "x"
	}
	return out
}

// A clone that is there already, of the same table and time, is not made again (22).
func TestWhatIsMadeIsNotMadeAgain(t *testing.T) {
	s := aShop()
	base := dataclone.Base{Table: s.sales.Ref.Table("orders"), Time: shopTime().Add(-time.Minute)}
	clone := made(dataclone.StandardTable, "staging", base)
	clone.Expires = shopTime().Add(time.Hour)
	s.staging = dataclone.Dataset{Ref: s.staging.Ref, Location: "US", Organization: "1", Tables: []dataclone.Table{clone}, Routines: []dataclone.Routine{}, Access: []dataclone.Access{}}
	s.table("users")
	p := s.plan()
	if len(p.Findings) > 0 || hasStep(p, "orders") || !hasStep(p, "users") || len(p.Skipped) != 1 {
		t.Errorf("steps %v, skipped %v, findings %v", p.Steps, p.Skipped, p.Findings)
	}
}

// All tables are read at one time, which is cut to milliseconds (2, 3).
func TestOneTimeForAll(t *testing.T) {
	s := aShop()
	s.table("users")
	s.request.AsOf = shopTime().Add(-time.Hour + 123456789*time.Nanosecond)
	p := s.plan()
	for _, name := range []string{"orders", "users"} {
		if sql := p.SQL(stepOf(t, p, name), p.Mark()); !strings.Contains(sql, "FOR SYSTEM_TIME AS OF TIMESTAMP_MILLIS(1795345200123) ") {
			t.Errorf("%s: %s", name, sql)
		}
	}
}

// A time without a zone would be read as one in Los Angeles (11).
func TestTimesNeedAZone(t *testing.T) {
	for _, text := range []string{"2026-11-22 04:00:00", "2026-11-22T04:00:00", "2026-11-22", ""} {
		if _, err := dataclone.ParseAsOf(text); err == nil {
			t.Errorf("%q is read", text)
		}
	}
	got, err := dataclone.ParseAsOf("2026-11-22T04:00:00.123456-08:00")
	if want := time.Date(2026, 11, 22, 12, 0, 0, 123e6, time.UTC); err != nil || !got.Equal(want) {
		t.Errorf("got %s, %v", got, err)
	}
}

// Of two datasets, only the one with the short window is too old (12).
func TestEachDatasetHasItsWindow(t *testing.T) {
	s := aShop()
	s.request.AsOf = shopTime().Add(-72 * time.Hour)
	s.sales.MaxTimeTravelHours = 48
	s.sales.Tables[0].Created = time.Unix(0, 0)
	other := s.sales
	other.Ref.Dataset, other.MaxTimeTravelHours = "stock", 168
	table := s.sales.Tables[0]
	table.Ref = other.Ref.Table("items")
	other.Tables = []dataclone.Table{table}
	target := dataclone.DatasetRef{Project: "stg-one", Dataset: "stock"}
	s.more = []dataclone.Dataset{other, {Ref: target, Absent: true, Organization: "1"}}
	s.mappings = append(s.mappings, dataclone.Mapping{From: other.Ref, To: target})
	if diff := cmp.Diff([]string{"dataclone/outside-window sales maxTimeTravelHours"}, findingsOf(s.plan())); diff != "" {
		t.Error(diff)
	}
}

// A snapshot of a snapshot has no time but its own (50).
func TestSnapshotsOfSnapshots(t *testing.T) {
	s := aShop()
	s.sales.Tables[0].Type = dataclone.SnapshotTable
	s.sales.Tables[0].Bases = []dataclone.Base{{Table: s.sales.Ref.Table("x"), Time: shopTime().Add(-time.Hour)}}
	from, to := s.sales.Ref.Table("orders"), s.staging.Ref.Table("orders")
	step := dataclone.Snapshot(from, to)
	if diff := cmp.Diff([]string{"error snapshot-of-snapshot-as-of"}, rulesOf(dataclone.PlanSteps(s.catalog(), s.request, step))); diff != "" {
		t.Error(diff)
	}
	step.Latest = true
	if p := dataclone.PlanSteps(s.catalog(), s.request, step); len(p.Findings) > 0 || strings.Contains(p.SQL(step, p.Mark()), "SYSTEM_TIME") {
		t.Errorf("findings %v", p.Findings)
	}
	if p := dataclone.PlanSteps(s.catalog(), s.request, dataclone.Restore(from, to)); len(p.Findings) > 0 {
		t.Errorf("restoring: %v", p.Findings)
	}
}

// Nobody changes a snapshot, not even the plan that made it.
func TestSnapshotsAreNotChanged(t *testing.T) {
	s := aShop()
	target := s.staging.Ref.Table("orders")
	keys := dataclone.Step{Kind: dataclone.SetForeignKeys, Destination: target, Stage: 2}
	p := dataclone.PlanSteps(s.catalog(), s.request, dataclone.Snapshot(s.sales.Ref.Table("orders"), target), keys)
	if diff := cmp.Diff([]string{"error snapshot-immutable"}, rulesOf(p)); diff != "" {
		t.Error(diff)
	}
}

// A table takes 1,000 clones and snapshots, and a day 50 snapshots of one and 100,000
// jobs of a project (52, 59).
func TestLimitsOfBigQuery(t *testing.T) {
	for n, want := range map[int][]string{799: nil, 800: {"warning too-many-clones"}, 1000: {"error too-many-clones"}} {
		s := aShop()
		elsewhere := dataclone.Dataset{Ref: dataclone.DatasetRef{Project: "stg-one", Dataset: "others"}, Location: "US", Organization: "1"}
		for i := range n - 1 {
			clone := made(dataclone.StandardTable, "x", dataclone.Base{Table: s.sales.Ref.Table("orders"), Time: shopTime()})
			clone.Ref = elsewhere.Ref.Table(fmt.Sprintf("t%d", i))
			elsewhere.Tables = append(elsewhere.Tables, clone)
		}
		if n == 1000 {
			clone := elsewhere.Tables[0]
			clone.Ref = elsewhere.Ref.Table("last")
			elsewhere.Tables = append(elsewhere.Tables, clone)
		}
		s.more = append(s.more, elsewhere)
		if diff := cmp.Diff(want, rulesOf(s.plan())); diff != "" {
			t.Errorf("%d clones: %s", n, diff)
		}
	}
	s := aShop()
	for i := range 120_000 {
		s.table(fmt.Sprintf("events_%d", i))
	}
	if diff := cmp.Diff([]string{"error quota-budget"}, rulesOf(s.plan())); diff != "" {
		t.Error(diff)
	}
	s = aShop()
	var steps []dataclone.Step
	for i := range 60 {
		steps = append(steps, dataclone.Snapshot(s.sales.Ref.Table("orders"), s.staging.Ref.Table(fmt.Sprintf("s%d", i))))
	}
	if diff := cmp.Diff([]string{"error quota-budget"}, rulesOf(dataclone.PlanSteps(s.catalog(), s.request, steps...))); diff != "" {
		t.Error(diff)
	}
}

// A table that was deleted comes back by a copy job, without its partitions (67).
func TestDeletedTables(t *testing.T) {
	s := aShop()
	s.request.Data.Mode = dataclone.KeepPersonalData // what a deleted table has nobody knows
	s.request.Select.Deleted = []dataclone.TableRef{s.sales.Ref.Table("lost")}
	p := s.plan()
	if step := stepOf(t, p, "lost"); step.Kind != dataclone.UndeleteTable {
		t.Errorf("got %+v", step)
	}
	if diff := cmp.Diff([]string{"warning partitioning-lost"}, rulesOf(p)); diff != "" {
		t.Error(diff)
	}
}
