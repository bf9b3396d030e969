// SPDX-License-Identifier: Apache-2.0

package dataclone_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/dataclone"
)

// someCatalog draws datasets of two projects, whose tables are of all kinds and clones
// of each other, and a request with mappings between any of them.
func someCatalog(t *rapid.T) (dataclone.Catalog, dataclone.Request, []dataclone.Mapping) {
	ref := rapid.Custom(func(t *rapid.T) dataclone.DatasetRef {
		return dataclone.DatasetRef{
			Project: rapid.SampledFrom([]string{"prod-1", "stg-one"}).Draw(t, "project"),
			Dataset: rapid.SampledFrom([]string{"a", "b", "c", "A", "_h", "x-y"}).Draw(t, "dataset"),
		}
	})
	when := rapid.Custom(func(t *rapid.T) time.Time {
		return shopTime().Add(time.Duration(rapid.Int64Range(-200, 1).Draw(t, "hours")) * time.Hour)
	})
	table := rapid.Custom(func(t *rapid.T) dataclone.Table {
		out := dataclone.Table{
			Type: rapid.SampledFrom([]dataclone.TableType{
				dataclone.StandardTable, dataclone.StandardTable, dataclone.StandardTable,
				dataclone.SnapshotTable, dataclone.LogicalView, dataclone.ExternalTable, "STRANGE",
			}).Draw(t, "type"),
			Created: when.Draw(t, "created"), ETag: "e",
			Labels: map[string]string{"env": rapid.SampledFrom([]string{"staging", "staging", "prod"}).Draw(t, "env")},
		}
		out.Ref.Table = rapid.SampledFrom([]string{"t", "u", "v", "events_20261101", "events_20261102", "no$"}).Draw(t, "name")
		if out.Type == dataclone.LogicalView {
			out.View = &dataclone.View{Query: "SELECT 1 FROM " + rapid.SampledFrom([]string{"a.t", "b.u", "a.t AS a, a.u"}).Draw(t, "query")}
		}
		if rapid.IntRange(0, 3).Draw(t, "clone") == 0 {
			out.Bases = []dataclone.Base{{Table: ref.Draw(t, "base").Table("t"), Time: when.Draw(t, "base time")}}
			out.Labels = dataclone.Mark{Environment: "staging", Plan: strings.Repeat("a", 32)}.Labels(nil)
		}
		return out
	})
	dataset := rapid.Custom(func(t *rapid.T) dataclone.Dataset {
		d := dataclone.Dataset{
			Ref: ref.Draw(t, "ref"), Absent: rapid.Bool().Draw(t, "absent"), Location: rapid.SampledFrom([]string{"US", "US", "us", "EU"}).Draw(t, "location"),
			CaseInsensitive: rapid.Bool().Draw(t, "case"), MaxTimeTravelHours: rapid.SampledFrom([]int{0, 48, 50, 168}).Draw(t, "window"),
		}
		if !d.Absent {
			d.Tables = rapid.SliceOfN(table, 0, 6).Draw(t, "tables")
		}
		for i := range d.Tables {
			d.Tables[i].Ref = d.Ref.Table(d.Tables[i].Ref.Table)
		}
		return d
	})
	r := dataclone.Request{
		Environment: rapid.SampledFrom([]string{"staging", "staging", "staging", "pr-1", ""}).Draw(t, "environment"),
		TTL:         time.Duration(rapid.Int64Range(-1, 480).Draw(t, "ttl")) * time.Hour,
		Protect: dataclone.Protection{
			Patterns:    rapid.SliceOfN(rapid.SampledFrom([]string{"prod-*", "*.b", "stg-one", "!"}), 0, 2).Draw(t, "patterns"),
			SameProject: rapid.Bool().Draw(t, "same project"),
		},
		Select: dataclone.Selection{
			Snapshots: rapid.Bool().Draw(t, "snapshots"), New: rapid.SampledFrom([]dataclone.NewTables{"", "skip", "skip", "latest"}).Draw(t, "new"),
			Generation: rapid.Bool().Draw(t, "generation"), Shards: dataclone.Shards{Last: rapid.IntRange(0, 2).Draw(t, "last")},
		},
	}
	if rapid.Bool().Draw(t, "time") {
		r.AsOf = when.Draw(t, "as of")
	}
	datasets := rapid.SliceOfN(dataset, 2, 6).Draw(t, "datasets")
	known := rapid.Custom(func(t *rapid.T) dataclone.DatasetRef { return rapid.SampledFrom(datasets).Draw(t, "known").Ref })
	mapping := rapid.Custom(func(t *rapid.T) dataclone.Mapping {
		return dataclone.Mapping{From: rapid.OneOf(known, known, ref).Draw(t, "from"), To: rapid.OneOf(known, known, ref).Draw(t, "to")}
	})
	mappings := rapid.SliceOfN(mapping, 1, 2).Draw(t, "mappings")
	if rapid.IntRange(0, 3).Draw(t, "likely") > 0 { // to run
		source, target := datasets[0], dataclone.Dataset{Ref: dataclone.DatasetRef{Project: "stg-one", Dataset: "new"}, Absent: true}
		source.Ref, source.Absent, source.MaxTimeTravelHours = dataclone.DatasetRef{Project: "prod-1", Dataset: "a"}, false, 168
		source.Tables = slices.DeleteFunc(source.Tables, func(t dataclone.Table) bool { return t.Type != dataclone.StandardTable || t.Ref.Table == "no$" })
		source.Tables = append(source.Tables, dataclone.Table{Ref: source.Ref.Table("sure"), Type: dataclone.StandardTable, Created: shopTime().Add(-time.Hour)})
		for i := range source.Tables {
			source.Tables[i].Ref = source.Ref.Table(source.Tables[i].Ref.Table)
		}
		datasets = []dataclone.Dataset{source, target}
		mappings = []dataclone.Mapping{{From: source.Ref, To: target.Ref}}
		r.AsOf, r.Environment, r.TTL, r.Protect.Patterns = time.Time{}, "staging", time.Hour, []string{"prod-*"}
	}
	return dataclone.Catalog{Now: shopTime(), Datasets: datasets}, r, mappings
}

// Whatever a catalog and a request say, no plan without errors writes what it reads or
// what is protected, or reads at two times, and each is a plan that can be read again.
func TestPlansThatRunWriteNoProduction(t *testing.T) {
	var ran int
	rapid.Check(t, func(t *rapid.T) {
		c, r, mappings := someCatalog(t)
		p := dataclone.PlanDataset(c, r, mappings...)
		if p.Findings.Err() != nil {
			return
		}
		ran++
		var sources []dataclone.DatasetRef
		for _, m := range p.Datasets {
			sources = append(sources, m.From)
		}
		for _, s := range p.Steps {
			for _, pattern := range r.Protect.Patterns {
				if (dataclone.Protection{Patterns: []string{pattern}, SameProject: true}).Protects(s.Target(), nil) != "" {
					t.Fatalf("%+v writes what %q protects", s, pattern)
				}
			}
			if slices.ContainsFunc(sources, func(d dataclone.DatasetRef) bool { return strings.EqualFold(d.String(), s.Target().String()) }) {
				t.Fatalf("%+v writes a source", s)
			}
			if sql := p.SQL(s, p.Mark()); strings.Contains(sql, "SYSTEM_TIME") && !strings.Contains(sql, fmt.Sprintf("TIMESTAMP_MILLIS(%d) OPTIONS", p.AsOf.UnixMilli())) {
				t.Fatalf("another time: %s", sql)
			}
		}
		var text bytes.Buffer
		if err := p.WriteJSON(&text); err != nil {
			t.Fatal(err)
		}
		again, err := dataclone.ReadPlan(&text)
		if err != nil || again.Hash() != p.Hash() {
			t.Fatalf("does not survive: %v", err)
		}
	})
	if ran == 0 && !testing.Short() {
		t.Error("no plan without errors was drawn")
	}
}

// The order of the catalog and of the mappings does not matter.
func TestShuffledCatalogsGiveTheSamePlan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, r, mappings := someCatalog(t)
		want := dataclone.PlanDataset(c, r, mappings...)
		c.Datasets = rapid.Permutation(c.Datasets).Draw(t, "datasets")
		for i := range c.Datasets {
			c.Datasets[i].Tables = rapid.Permutation(c.Datasets[i].Tables).Draw(t, "tables")
		}
		got := dataclone.PlanDataset(c, r, rapid.Permutation(mappings).Draw(t, "mappings")...)
		if slices.ContainsFunc(want.Findings, func(f bulkhead.Finding) bool { return f.Rule == dataclone.CatalogInconsistent }) {
			return // which of two entries of one name counts is up to their order
		}
		if got.Hash() != want.Hash() {
			a, _ := json.MarshalIndent(want, "", " ")
			b, _ := json.MarshalIndent(got, "", " ")
			t.Fatalf("got %s\nwant %s", b, a)
		}
	})
}

// A plan that somebody edited is refused, with the place.
func TestEditedPlansAreRefused(t *testing.T) {
	var text bytes.Buffer
	p := aShop().plan()
	if err := p.WriteJSON(&text); err != nil {
		t.Fatal(err)
	}
	whole := text.String()
	for sentence, tt := range map[string]struct{ before, after, place string }{
		"another format":                     {`"format": 1`, `"format": 2`, "format"},
		"a field that is not known":          {`"format": 1`, `"format": 1, "sql": "DROP TABLE x"`, ""},
		"a step of no kind":                  {`"kind": "clone"`, `"kind": "drop"`, "steps[1].kind"},
		"a step that writes elsewhere":       {`"destination": "stg-one.stg.orders"`, `"destination": "prod-1.other.orders"`, "steps[1]"},
		"a step that writes what it reads":   {`"destination": "stg-one.stg.orders"`, `"destination": "prod-1.sales.orders"`, "steps[1]"},
		"a name that is none":                {`"destination": "stg-one.stg.orders"`, `"destination": "stg-one.stg.or$ders"`, ""},
		"a clone without a source":           {`"source": "prod-1.sales.orders",`, ``, "steps[1].source"},
		"a clone with a view":                {`"kind": "clone",`, `"kind": "clone", "view": {"query": "SELECT 1"},`, "steps[1].view"},
		"an ID that is no part of a job's":   {`"id": "00002"`, `"id": "a b"`, "steps[1].id"},
		"an ID that is taken":                {`"id": "00002"`, `"id": "00001"`, "steps[1].id"},
		"a stage that goes back":             {`"stage": 0`, `"stage": 7`, "steps[1].stage"},
		"a time of microseconds":             {`"asOf": "2026-11-22T11:59:00Z"`, `"asOf": "2026-11-22T11:59:00.000001Z"`, "asOf"},
		"a time without a zone":              {`"asOf": "2026-11-22T11:59:00Z"`, `"asOf": "2026-11-22 11:59:00"`, ""},
		"an end before the beginning":        {`"expires": "2026-11-22T13:00:00Z"`, `"expires": "2026-11-22T11:00:00Z"`, "expires"},
		"a project that is none":             {`"project": "stg-one"`, `"project": "X"`, "project"},
		"an environment that is none":        {`"environment": "staging"`, `"environment": "a b"`, "environment"},
		"something behind":                   {whole, whole + "{}", ""},
		"half a plan":                        {whole, whole[:len(whole)/2], ""},
		"nothing":                            {whole, "", ""},
		"a list":                             {whole, "[]", ""},
		"a dataset that is its own source":   {`"to": "stg-one.stg"`, `"to": "prod-1.sales"`, "datasets[0].to"},
		"a table made twice by a later step": {`"steps": [`, `"steps": [{"id": "x", "kind": "clone", "stage": 0, "source": "prod-1.sales.a", "destination": "stg-one.stg.orders"},`, "steps[2].destination"},
	} {
		t.Run(sentence, func(t *testing.T) {
			edited := strings.Replace(whole, tt.before, tt.after, 1)
			if edited == whole {
				t.Fatalf("the case edits nothing of\n%s", whole)
			}
			_, err := dataclone.ReadPlan(strings.NewReader(edited))
			wrong, ok := errors.AsType[*dataclone.PlanError](err)
			if !ok || tt.place != "" && !strings.Contains(err.Error(), "plan: "+tt.place+":") {
				t.Errorf("got %v at %+v, want %q", err, wrong, tt.place)
			}
		})
	}
}

// Names of BigQuery are printed so that they steer no terminal.
func TestSummariesEscapeNames(t *testing.T) {
	p := aShop().plan()
	p.Skipped = []dataclone.Skipped{{Object: dataclone.TableRef{Project: "p", Dataset: "d", Table: "\x1b[31m"}, Reason: "line\nbreak"}}
	var text, script bytes.Buffer
	if err := errors.Join(p.WriteSummary(&text), p.WriteScript(&script)); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(text.String()+script.String(), "\x1b\r") || !strings.Contains(text.String(), `line\nbreak`) {
		t.Errorf("%q", text.String())
	}
}

func FuzzReadPlan(f *testing.F) {
	for _, s := range []*shop{aShop(), aShopOfPeople()} {
		var text bytes.Buffer
		if err := s.plan().WriteJSON(&text); err != nil {
			f.Fatal(err)
		}
		f.Add(text.Bytes())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := dataclone.ReadPlan(bytes.NewReader(data))
		if err != nil {
			return
		}
		var text, again, out bytes.Buffer
		if err := p.WriteJSON(&text); err != nil {
			t.Fatal(err)
		}
		q, err := dataclone.ReadPlan(bytes.NewReader(text.Bytes()))
		if err != nil {
			t.Fatalf("what was read is not read again: %v", err)
		}
		if err := errors.Join(q.WriteJSON(&again), q.WriteSummary(&out), q.WriteScript(&out)); err != nil || again.String() != text.String() {
			t.Fatalf("%v: it changed", err)
		}
	})
}

// BenchmarkPlanDataset plans clones of 10,000 tables of a catalog that was read.
func BenchmarkPlanDataset(b *testing.B) {
	s := aShop()
	for i := range 9_999 {
		s.table(fmt.Sprintf("table_%d", i), dataclone.Column{Name: "id", Type: "INTEGER"}, dataclone.Column{Name: "note", Type: "STRING"})
	}
	catalog := s.catalog()
	for b.Loop() {
		if p := dataclone.PlanDataset(catalog, s.request, s.mappings...); len(p.Steps) != 10_001 || len(p.Hash()) != 64 {
			b.Fatal(p.Findings)
		}
	}
}
