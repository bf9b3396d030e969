// SPDX-License-Identifier: Apache-2.0

package bqclone_test

import (
	"slices"
	"testing"
	"time"

	"cloud.google.com/go/bigquery"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/dataclone"
	"github.com/watertight-go/watertight/dataclone/bqclone"
	"github.com/watertight-go/watertight/dataclone/bqsim"
)

// ran is a world in which prod-1.sales has been cloned.
func ran(t *testing.T, tables ...string) (*world, *dataclone.Plan) {
	w := newWorld(t, bqsim.Options{}, tables...)
	p := w.plan(request())
	_, err := w.run(w.client(bqclone.Options{}), p)
	w.must(err)
	return w, p
}

// A row more in a clone is a difference from counts on; two equal rows more, which an
// exclusive or would not see, are one for the fingerprint; and what is written to the
// source after the plan's time is none.
func TestVerifyFindsRows(t *testing.T) {
	w, p := ran(t, "twice", "more", "same")
	w.must(w.sim.Advance(time.Minute))
	w.load(sales.Table("same"), 3)
	w.load(staging.Table("more"), 3)
	w.load(staging.Table("twice"), 4)
	w.load(staging.Table("twice"), 4)
	for level, want := range map[bqclone.Level][]string{
		bqclone.Metadata:     nil,
		bqclone.Counts:       {"more", "twice"},
		bqclone.Fingerprints: {"more", "twice"},
	} {
		results, err := w.client(bqclone.Options{}).Verify(t.Context(), p, level, 0)
		w.must(err)
		var got []string
		for _, r := range results {
			if !r.Equal {
				got = append(got, r.Destination.Table)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("level %d: %v differ, want %v: %+v", level, got, want, results)
		}
	}
}

// A query beyond the budget is not run, and what it would have told is unknown.
func TestVerifyKeepsToTheBudget(t *testing.T) {
	w, p := ran(t, "orders")
	results, err := w.client(bqclone.Options{}).Verify(t.Context(), p, bqclone.Fingerprints, 1)
	w.must(err)
	if len(results) != 1 || results[0].Equal || len(results[0].Unknown) != 1 {
		t.Errorf("results %+v, want one unknown", results)
	}
}

// Drift tells sources that went on, clones that were changed, and clones that are gone.
func TestDriftNamesTheSide(t *testing.T) {
	w, p := ran(t, "behind", "diverged", "same", "vanished")
	w.must(w.sim.Advance(time.Minute))
	w.load(sales.Table("behind"), 3)
	w.load(staging.Table("diverged"), 3)
	w.must(w.dataset(staging).Table("vanished").Delete(t.Context()))
	drifts, err := w.client(bqclone.Options{}).Drift(t.Context(), p)
	w.must(err)
	for _, d := range drifts {
		name := d.Destination.Table
		if d.Behind != (name == "behind") || d.Diverged != (name == "diverged") || d.Vanished != (name == "vanished") || d.Drifted() == (name == "same") {
			t.Errorf("%s: %+v", name, d)
		}
	}
}

// Where the plan set foreign keys, the time of the last change says nothing of the
// clone, and Drift says so; other keys than the plan's are a change.
func TestDriftKnowsForeignKeysOfThePlan(t *testing.T) {
	w := keyed(t)
	p := w.plan(request())
	w.finishLater(p)
	drift := func() bqclone.Drift {
		drifts, err := w.client(bqclone.Options{}).Drift(t.Context(), p)
		w.must(err)
		for _, d := range drifts {
			if d.Destination == staging.Table("orders") {
				return d
			}
		}
		t.Fatal("no drift of orders")
		return bqclone.Drift{}
	}
	if d := drift(); d.Drifted() || d.Unknown == "" {
		t.Errorf("after the run: %+v", d)
	}
	_, err := w.dataset(staging).Table("orders").Update(t.Context(), bigquery.TableMetadataToUpdate{
		TableConstraints: &bigquery.TableConstraints{ForeignKeys: []*bigquery.ForeignKey{}},
	}, "")
	w.must(err)
	if d := drift(); !d.Diverged || d.Unknown != "" {
		t.Errorf("without the key: %+v", d)
	}
}

// finishLater runs a plan that sets its foreign keys a second after it cloned.
func (w *world) finishLater(p *dataclone.Plan) {
	w.t.Helper()
	for e, err := range w.client(bqclone.Options{Workers: 1}).Run(w.t.Context(), p, p.Hash()) {
		w.must(err)
		if e.Step.Kind == dataclone.CloneTable {
			w.must(w.sim.Advance(time.Second))
		}
	}
}

// Undo leaves what was there before the run, and what somebody else made in the
// dataset since.
func TestUndoDeletesWhatThePlanMade(t *testing.T) {
	w, p := ran(t, "orders", "users")
	w.must(w.dataset(staging).Table("notes").Create(t.Context(), &bigquery.TableMetadata{}))
	writes := len(w.sim.Writes())
	left := map[string]string{}
	for r, err := range w.client(bqclone.Options{}).Undo(t.Context(), p) {
		w.must(err)
		left[r.String()] = r.Left
	}
	if len(left) != 3 {
		t.Errorf("removals %v, want 3", left)
	}
	if _, err := w.dataset(staging).Table("notes").Metadata(t.Context()); err != nil {
		t.Errorf("what somebody else made: %v", err)
	}
	if _, err := w.dataset(staging).Table("orders").Metadata(t.Context()); err == nil {
		t.Error("the clone is still there")
	}
	w.untouched(writes)
	// What was undone can be done again: the jobs of the first run do not count.
	_, err := w.run(w.client(bqclone.Options{}), p)
	w.must(err)
	if _, err := w.dataset(staging).Table("orders").Metadata(t.Context()); err != nil {
		t.Errorf("after the second run: %v", err)
	}
}

// Drop deletes what any plan of the environment made, and the dataset when nothing is
// left, and nothing of production whatever it is told.
func TestDropDeletesAnEnvironment(t *testing.T) {
	w, _ := ran(t, "orders")
	writes := len(w.sim.Writes())
	c := w.client(bqclone.Options{})
	for r, err := range c.Drop(t.Context(), "other", staging, sales) {
		w.must(err)
		if r.Left == "" {
			t.Errorf("for another environment: %s", r)
		}
	}
	var deleted int
	for r, err := range c.Drop(t.Context(), "staging", sales, staging) {
		w.must(err)
		if r.Left == "" {
			deleted++
		}
	}
	if deleted != 2 {
		t.Errorf("%d objects deleted, want the table and the dataset", deleted)
	}
	w.untouched(writes)
}

// Preflight names the permission that is missing, and those that production should not
// give.
func TestPreflightNamesPermissions(t *testing.T) {
	w, p := ran(t, "orders", "users")
	for _, table := range []string{"orders", "users"} {
		for _, permission := range []string{"delete", "update", "updateData"} {
			w.sim.Deny(bqsim.Access{Permission: "bigquery.tables." + permission, Resource: "projects/prod-1/datasets/sales/tables/" + table})
		}
	}
	w.sim.Deny(bqsim.Access{Permission: "bigquery.tables.getData", Resource: "projects/prod-1/datasets/sales/tables/orders"})
	w.sim.Grant(bqsim.Access{Permission: "bigquery.tables.delete", Resource: "projects/prod-1/datasets/sales/tables/users"})
	writes := len(w.sim.Writes())
	findings, err := w.client(bqclone.Options{}).Preflight(t.Context(), p)
	w.must(err)
	got := map[string]string{}
	for _, f := range findings {
		if f.Severity != bulkhead.Warning {
			t.Errorf("severity of %v", f)
		}
		got[f.Rule] += f.Object.Name
	}
	if got[bqclone.Permissions] != "sales.orders" || got[bqclone.ProductionWritable] != "sales.users" || len(got) != 3 {
		t.Errorf("findings %v", got)
	}
	if len(w.sim.Writes()) != writes {
		t.Error("Preflight wrote")
	}
}
