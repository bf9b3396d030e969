// SPDX-License-Identifier: Apache-2.0

package bqclone_test

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cloud.google.com/go/bigquery"
	"google.golang.org/api/option"

	"github.com/watertight-go/watertight/dataclone"
	"github.com/watertight-go/watertight/dataclone/bqclone"
	"github.com/watertight-go/watertight/dataclone/bqsim"
)

// Many runs of one client, into datasets of their own, keep together to its numbers
// of steps and snapshot jobs, and each makes its own.
func TestRunsOfOneClientShareItsLimits(t *testing.T) {
	runs := 100
	if testing.Short() {
		runs = 10
	}
	const workers, snapshots = 10, 5
	w := newWorld(t, bqsim.Options{JobPolls: 1}, "orders", "users")
	reader := w.client(bqclone.Options{Workers: 1})
	var flying, most atomic.Int64
	transport := roundTripper(func(r *http.Request) (*http.Response, error) {
		n := flying.Add(1)
		defer flying.Add(-1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		time.Sleep(time.Millisecond) // so that calls meet
		return http.DefaultTransport.RoundTrip(r)
	})
	c := w.client(bqclone.Options{Workers: workers, SnapshotJobs: snapshots}, option.WithHTTPClient(&http.Client{Transport: transport}))
	r := request()
	r.Select.Snapshots = true
	// BigQuery takes 50 snapshots of a table and day, so every fourth run makes some.
	plans := make([]*dataclone.Plan, runs)
	for i := range plans {
		to := dataclone.DatasetRef{Project: "stg-one", Dataset: fmt.Sprintf("sales_%d", i)}
		r.Select.Snapshots = i%4 == 0
		catalog, err := reader.Read(t.Context(), sales, to)
		w.must(err)
		plans[i] = dataclone.PlanDataset(catalog, r, dataclone.Mapping{From: sales, To: to})
	}
	writes := len(w.sim.Writes())
	var all sync.WaitGroup
	for _, p := range plans {
		all.Go(func() {
			for e, err := range c.Run(t.Context(), p, p.Hash()) {
				if err != nil || e.State != bqclone.Done {
					t.Errorf("%s %s: %s, %v", p.Datasets[0].To, e.Step.ID, e.State, err)
				}
			}
		})
	}
	all.Wait()
	peak := w.sim.Peak()
	if peak.Snapshots > snapshots {
		t.Errorf("%d snapshot jobs at once, want at most %d", peak.Snapshots, snapshots)
	}
	if most.Load() > workers {
		t.Errorf("%d calls at once, want at most %d", most.Load(), workers)
	}
	w.untouched(writes)
	for i, p := range plans {
		meta := w.metadata(p.Datasets[0].To.Table("orders"))
		if want := bigquery.Snapshot; i%4 == 0 && meta.Type != want {
			t.Errorf("%s has a %s", p.Datasets[0].To, meta.Type)
		}
		w.marked(meta.FullID, meta.Labels, p)
	}
	if made := w.calls(0)["jobs.insert"]; made != 2*runs {
		t.Errorf("%d jobs, want %d", made, 2*runs)
	}
}

// A client whose rate is under BigQuery's is refused no call, however many use it.
func TestRunsOfOneClientShareItsRate(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for the machine's time")
	}
	w := newWorld(t, bqsim.Options{RequestsPerSecond: 100}, "orders")
	c := w.client(bqclone.Options{RequestsPerSecond: 40, SkipRowPolicies: true})
	var all sync.WaitGroup
	for range 60 {
		all.Go(func() {
			if _, err := c.Read(t.Context(), sales); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, call := range w.sim.Calls() {
		if call.Status == 403 {
			t.Fatalf("%s was refused", call.Path)
		}
	}
}
