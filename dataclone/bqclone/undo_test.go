// SPDX-License-Identifier: Apache-2.0

package bqclone_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/bigquery"
	"google.golang.org/api/option"

	"github.com/watertight-go/watertight/dataclone"
	"github.com/watertight-go/watertight/dataclone/bqclone"
	"github.com/watertight-go/watertight/dataclone/bqsim"
)

// undo undoes a plan, and returns why each object was left, by its name: "" if it was
// deleted.
func (w *world) undo(c *bqclone.Client, p *dataclone.Plan) map[string]string {
	w.t.Helper()
	out := map[string]string{}
	for r, err := range c.Undo(w.t.Context(), p) {
		w.must(err)
		out[r.Kind+" "+r.Object.Table] = r.Left
	}
	return out
}

// When one table of a plan fails, undo deletes what this run made, and not a table that
// was there before.
func TestUndoAfterAFailedRun(t *testing.T) {
	var names []string
	for i := range 20 {
		names = append(names, fmt.Sprintf("t%02d", i))
	}
	w := newWorld(t, bqsim.Options{}, names...)
	w.must(w.dataset(staging).Create(t.Context(), &bigquery.DatasetMetadata{Location: "US"}))
	p := w.plan(request())
	w.must(w.dataset(staging).Table("t06").Create(t.Context(), &bigquery.TableMetadata{})) // after the plan
	states, err := w.run(w.client(bqclone.Options{Workers: 1}), p)
	if ruleOf(err) != dataclone.DestinationExists || states[bqclone.Done] != 6 || states[bqclone.NotRun] != 13 {
		t.Fatalf("states %v, error %v", states, err)
	}
	writes := len(w.sim.Writes())
	left := w.undo(w.client(bqclone.Options{}), p)
	for i, name := range names[:7] {
		if why := left["table "+name]; (why != "") != (i == 6) {
			t.Errorf("%s: left since %q", name, why)
		}
	}
	if len(left) != 7 {
		t.Errorf("removals %v, want 7", left)
	}
	w.metadata(staging.Table("t06"))
	w.untouched(writes)
}

// A job that is done and failed is a failure of its step, though every call went well.
func TestRunReportsAJobThatFailed(t *testing.T) {
	w := newWorld(t, bqsim.Options{JobPolls: 2}, "orders")
	p := w.plan(request())
	w.sim.Inject(bqsim.Fault{Kind: bqsim.FailedJob, Method: "jobs.insert", Reason: "accessDenied"})
	states, err := w.run(w.client(bqclone.Options{}), p)
	if states[bqclone.Failed] != 1 || err == nil || !strings.Contains(err.Error(), "accessDenied") {
		t.Errorf("states %v, error %v", states, err)
	}
}

// A clone of the same table at another time is stale, and one of another table is
// somebody else's: neither is taken for the plan's, nor written.
func TestRunTellsStaleFromForeignClones(t *testing.T) {
	for want, from := range map[string]string{dataclone.Stale: "orders", dataclone.NotOwned: "users"} {
		t.Run(want, func(t *testing.T) {
			w := newWorld(t, bqsim.Options{}, "orders", "users")
			r := request()
			r.Select.Include = []string{"orders"}
			p := w.plan(r)
			w.must(w.dataset(staging).Create(t.Context(), &bigquery.DatasetMetadata{Location: "US", Labels: p.Mark().Labels(nil)}))
			copier := w.dataset(staging).Table("orders").CopierFrom(w.dataset(sales).Table(from))
			copier.OperationType = bigquery.CloneOperation
			_, err := copier.Run(t.Context())
			w.must(err)
			change := bigquery.TableMetadataToUpdate{}
			for key, value := range p.Mark().Labels(nil) {
				change.SetLabel(key, value)
			}
			_, err = w.dataset(staging).Table("orders").Update(t.Context(), change, "")
			w.must(err)
			before := w.metadata(staging.Table("orders")).ETag
			if _, err = w.run(w.client(bqclone.Options{}), p); ruleOf(err) != want {
				t.Errorf("error %v, want %s", err, want)
			}
			if after := w.metadata(staging.Table("orders")).ETag; after != before {
				t.Error("it was written")
			}
		})
	}
}

// What the operator protects is not deleted, whatever its marks; nor is what lies in a
// dataset that became production's.
func TestUndoLeavesWhatIsProtected(t *testing.T) {
	protect := bqclone.Options{Protect: dataclone.Protection{Patterns: []string{"stg-one"}}}
	for name, o := range map[string]bqclone.Options{"by a pattern": protect, "by a label": {}} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, bqsim.Options{}, "orders")
			w.routine()
			p := w.plan(request())
			w.finish(p)
			if o.Protect.Patterns == nil {
				change := bigquery.DatasetMetadataToUpdate{}
				change.SetLabel("env", "production")
				_, err := w.dataset(staging).Update(t.Context(), change, "")
				w.must(err)
			}
			writes := len(w.sim.Writes())
			left := w.undo(w.client(o), p)
			if len(left) != 3 {
				t.Errorf("removals %v, want 3", left)
			}
			for object, why := range left {
				if why == "" {
					t.Errorf("%s was deleted", object)
				}
			}
			if n := len(w.sim.Writes()); n != writes {
				t.Errorf("%d writes", n-writes)
			}
		})
	}
}

// A table with the mark and without an end is somebody's who keeps it: it is left, with
// its dataset, and named.
func TestDropLeavesATableWithoutAnEnd(t *testing.T) {
	w, p := ran(t, "orders")
	_, err := w.dataset(staging).Table("orders").Update(t.Context(), bigquery.TableMetadataToUpdate{ExpirationTime: bigquery.NeverExpire}, "")
	w.must(err)
	left := map[string]string{}
	for r, err := range w.client(bqclone.Options{}).Drop(t.Context(), "staging", staging) {
		w.must(err)
		left[r.Kind] = r.Left
	}
	if !strings.Contains(left["table"], "expiration") || left["dataset"] != "it is not empty" {
		t.Errorf("left %q", left)
	}
	if why := w.undo(w.client(bqclone.Options{}), p)["table orders"]; !strings.Contains(why, "expiration") {
		t.Errorf("undo left it since %q", why)
	}
}

// A copy of a deleted table that has labels of production, and no mark since the run
// ended before, is found by the next run, and by undo. Nothing else without a mark is.
func TestUndeletedTablesAreFoundByTheirJobs(t *testing.T) {
	cutOff := func(t *testing.T) (*world, *dataclone.Plan) {
		w := newWorld(t, bqsim.Options{})
		w.table("orders", func(m *bigquery.TableMetadata) { m.Labels = map[string]string{"team": "sales"} })
		w.must(w.sim.Advance(time.Hour))
		p := w.withDeleted("orders")
		k := &cut{after: 1 << 40}
		ctx, cancel := context.WithCancel(t.Context())
		k.end = cancel
		c := w.client(bqclone.Options{Workers: 1}, option.WithHTTPClient(&http.Client{Transport: before("PATCH", k)}))
		failed := false
		for _, err := range c.Run(ctx, p, p.Hash()) {
			failed = failed || err != nil
		}
		cancel()
		if _, marked := dataclone.MarkOf(w.metadata(staging.Table("orders")).Labels); marked || !failed {
			t.Fatal("the run was not cut off before the mark")
		}
		return w, p
	}
	t.Run("by the next run", func(t *testing.T) {
		w, p := cutOff(t)
		w.finish(p)
		w.marked("the copy", w.metadata(staging.Table("orders")).Labels, p)
	})
	t.Run("by undo", func(t *testing.T) {
		w, p := cutOff(t)
		if left := w.undo(w.client(bqclone.Options{}), p); len(left) != 2 || left["table orders"] != "" || left["dataset "] != "" {
			t.Errorf("left %q", left)
		}
	})
	t.Run("but not an empty table of somebody else", func(t *testing.T) {
		w, p := deleted(t)
		w.must(w.dataset(staging).Create(t.Context(), &bigquery.DatasetMetadata{Location: "US", Labels: p.Mark().Labels(nil)}))
		w.must(w.dataset(staging).Table("orders").Create(t.Context(), &bigquery.TableMetadata{}))
		if _, err := w.run(w.client(bqclone.Options{}), p); ruleOf(err) != dataclone.DestinationExists {
			t.Errorf("error %v, want %s", err, dataclone.DestinationExists)
		}
		if rows := w.metadata(staging.Table("orders")).NumRows; rows != 0 {
			t.Errorf("%d rows were put there", rows)
		}
		if why := w.undo(w.client(bqclone.Options{}), p)["table orders"]; why == "" {
			t.Error("undo deleted it")
		}
	})
}

// before is a connection that is cut before the first call with a method of HTTP.
func before(method string, c *cut) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		if r.Method == method {
			c.after = 0
			c.end()
		}
		return c.RoundTrip(r)
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
