// SPDX-License-Identifier: Apache-2.0

package bqclone_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/watertight-go/watertight/dataclone"
	"github.com/watertight-go/watertight/dataclone/bqclone"
)

// A plan with steps of all kinds but snapshots and restores is killed after each of its
// calls, and finished by the next run: each job is made once, what is there in the end is
// marked, and production is not written.
func TestRunOfAllKindsSurvivesAKillAfterEachCall(t *testing.T) {
	step := int64(1)
	if testing.Short() {
		step = 9
	}
	seen := make(map[dataclone.Kind]bool)
	for after := int64(1); ; after += step {
		w, p := allKinds(t)
		for _, s := range p.Steps {
			seen[s.Kind] = true
		}
		writes := len(w.sim.Writes())
		failed := w.kill(p, after)
		states, err := w.run(w.client(bqclone.Options{Workers: 1}), p)
		if err != nil || states[bqclone.Done]+states[bqclone.Found] != len(p.Steps) {
			t.Fatalf("killed after call %d: then %v, %v", after, states, err)
		}
		w.untouched(writes)
		w.jobsOnce(p, after)
		w.complete(p, after)
		if !failed {
			break // the run has no more calls
		}
	}
	for _, kind := range []dataclone.Kind{
		dataclone.CreateDataset, dataclone.CloneTable, dataclone.UndeleteTable, dataclone.CreateExternal, dataclone.SetForeignKeys,
		dataclone.CreateRoutine, dataclone.CreateView, dataclone.CreateMaterializedView, dataclone.AuthorizeView,
	} {
		if !seen[kind] {
			t.Errorf("no step of the kind %s", kind)
		}
	}
}

// allKinds is a world whose plan has steps of many kinds.
func allKinds(t *testing.T) (*world, *dataclone.Plan) {
	w := keyed(t)
	w.table("gone", nil)
	w.table("plain", nil)
	w.external()
	w.routine()
	w.described()
	w.materialized("prod-1.sales.plain")
	w.must(w.sim.Advance(2 * time.Minute))
	r := request()
	r.Data = dataclone.PersonalData{Mode: dataclone.KeepPersonalData}
	r.AsOf = w.sim.Now().Add(-time.Minute)
	r.Definitions.Materialize = true
	r.Definitions.URIs = map[string]string{"gs://prod/rates.csv": "gs://stg/rates.csv"}
	r.Select.Deleted = []dataclone.TableRef{sales.Table("gone")}
	w.must(w.dataset(sales).Table("gone").Delete(t.Context()))
	w.must(w.sim.Advance(time.Minute))
	p := w.plan(r)
	// A view over a private clone, as the planner makes where data is masked: it masks
	// nothing that was deleted, so no plan of its own has both.
	private := masked().Data.Private
	last := p.Steps[len(p.Steps)-1].Stage
	view := staging.Table("of_private")
	p.Steps = append(p.Steps,
		dataclone.Step{ID: "p1", Kind: dataclone.CreateDataset, Stage: last + 1, Dataset: private, Location: "US", Private: true},
		dataclone.Step{ID: "p2", Kind: dataclone.CloneTable, Stage: last + 2, Source: sales.Table("plain"), Destination: private.Table("plain")},
		dataclone.Step{
			ID: "p3", Kind: dataclone.CreateView, Stage: last + 3, Source: sales.Table("plain"), Destination: view,
			View: &dataclone.View{Query: "SELECT id FROM `stg-one.private.plain`", ColumnDescriptions: map[string]string{"id": "A number."}},
		},
		dataclone.Step{ID: "p4", Kind: dataclone.AuthorizeView, Stage: last + 4, Dataset: private, Destination: view},
	)
	return w, p
}

// jobsOnce fails the test unless each step that copies has one job.
func (w *world) jobsOnce(p *dataclone.Plan, after int64) {
	w.t.Helper()
	want := 0
	for _, s := range p.Steps {
		if slices.Contains([]dataclone.Kind{dataclone.CloneTable, dataclone.UndeleteTable}, s.Kind) {
			want++
		}
	}
	made := map[string]int{}
	it := w.user.Jobs(w.t.Context())
	it.ProjectID = p.Project
	for {
		job, err := it.Next()
		if err != nil {
			break
		}
		if strings.HasPrefix(job.ID(), "watertight-") {
			made[job.ID()]++
		}
	}
	if len(made) != want {
		w.t.Errorf("killed after call %d: %d jobs, want %d: %v", after, len(made), want, made)
	}
}

// complete fails the test unless what the steps make is there, marked and described.
func (w *world) complete(p *dataclone.Plan, after int64) {
	w.t.Helper()
	for _, s := range p.Steps {
		switch s.Kind {
		case dataclone.CreateDataset, dataclone.AuthorizeView:
		case dataclone.CreateRoutine:
			meta, err := w.dataset(s.Destination.In()).Routine(s.Destination.Table).Metadata(w.t.Context())
			w.must(err)
			if mark, _ := dataclone.MarkIn(meta.Description); mark != p.Mark() {
				w.t.Errorf("killed after call %d: %s has the description %q", after, s.Destination, meta.Description)
			}
		default:
			meta := w.metadata(s.Destination)
			w.marked(s.Destination.String(), meta.Labels, p)
			if !meta.ExpirationTime.Equal(p.Expires) {
				w.t.Errorf("killed after call %d: %s ends at %v", after, s.Destination, meta.ExpirationTime)
			}
			if s.Kind == dataclone.SetForeignKeys && len(meta.TableConstraints.ForeignKeys) != len(s.ForeignKeys) {
				w.t.Errorf("killed after call %d: %s has the keys %+v", after, s.Destination, meta.TableConstraints)
			}
			if s.View != nil {
				for _, f := range meta.Schema {
					if f.Description != s.View.ColumnDescriptions[f.Name] {
						w.t.Errorf("killed after call %d: %s.%s has the description %q", after, s.Destination, f.Name, f.Description)
					}
				}
			}
		}
	}
	meta, err := w.dataset(masked().Data.Private).Metadata(w.t.Context())
	w.must(err)
	if len(meta.Access) != 2 {
		w.t.Errorf("killed after call %d: the private dataset has the access %+v", after, meta.Access)
	}
}
