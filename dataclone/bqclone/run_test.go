// SPDX-License-Identifier: Apache-2.0

package bqclone_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/watertight-go/watertight/dataclone/bqclone"
	"github.com/watertight-go/watertight/dataclone/bqsim"
)

// Three tables become three clones of one time that store nothing, with three calls
// each, and a second run finds them.
func TestRunClonesTablesOfOneTime(t *testing.T) {
	w := newWorld(t, bqsim.Options{}, "lines", "orders", "users")
	p := w.plan(request())
	stored, writes, calls := w.sim.StoredBytes(), len(w.sim.Writes()), len(w.sim.Calls())
	states, err := w.run(w.client(bqclone.Options{}), p)
	w.must(err)
	if states[bqclone.Done] != 4 {
		t.Errorf("states %v, want 4 done", states)
	}
	if got := w.sim.StoredBytes(); got != stored {
		t.Errorf("%d bytes stored, %d before", got, stored)
	}
	counts := w.calls(calls)
	t.Log(counts)
	if counts["tables.get"] > 3 || counts["datasets.get"] > 3 || counts["jobs.insert"] > 3 || counts["jobs.get"] > 0 {
		t.Errorf("calls %v, want 3 a table", counts)
	}
	w.untouched(writes)
	for _, name := range []string{"lines", "orders", "users"} {
		meta, err := w.dataset(staging).Table(name).Metadata(t.Context())
		w.must(err)
		if c := meta.CloneDefinition; c == nil || !c.CloneTime.Equal(p.AsOf) || meta.NumRows != 2 || !meta.ExpirationTime.Equal(p.Expires) {
			t.Errorf("%s: %+v, %d rows", name, c, meta.NumRows)
		}
	}
	states, err = w.run(w.client(bqclone.Options{}), p)
	w.must(err)
	if states[bqclone.Found] != 4 {
		t.Errorf("states of the second run %v, want 4 found", states)
	}
}

// Faults of the service do not show: each clone is made once.
func TestRunOutlastsFaults(t *testing.T) {
	for name, faults := range map[string][]bqsim.Fault{
		"twice unavailable":                {{Kind: bqsim.Unavailable, Method: "jobs.insert"}, {Kind: bqsim.Unavailable, Method: "jobs.insert"}},
		"rate limit exceeded":              {{Kind: bqsim.RateLimitExceeded, Method: "jobs.insert"}},
		"a broken connection":              {{Kind: bqsim.Broken, Method: "tables.get"}},
		"an answer lost after success":     {{Kind: bqsim.LostResponse, Method: "jobs.insert"}},
		"an answer lost after the dataset": {{Kind: bqsim.LostResponse, Method: "datasets.insert"}},
		"a job that fails for now":         {{Kind: bqsim.FailedJob, Method: "jobs.insert", Reason: "backendError"}},
		"a slow job":                       {{Kind: bqsim.SlowJob, Method: "jobs.insert", Polls: 3}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, bqsim.Options{}, "orders")
			p := w.plan(request())
			writes := len(w.sim.Writes())
			w.sim.Inject(faults...)
			states, err := w.run(w.client(bqclone.Options{}), p)
			w.must(err)
			if states[bqclone.Done]+states[bqclone.Found] != 2 {
				t.Errorf("states %v, want 2 done or found", states)
			}
			w.untouched(writes)
			if _, err := w.dataset(staging).Table("orders").Metadata(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

// A used up quota ends the run at once, with an error that says so, and the next run
// goes on where this one ended.
func TestRunStopsAtAQuotaAndGoesOn(t *testing.T) {
	var names []string
	for i := range 20 {
		names = append(names, fmt.Sprintf("t%02d", i))
	}
	w := newWorld(t, bqsim.Options{}, names...)
	p := w.plan(request())
	w.sim.Inject(bqsim.Fault{Kind: bqsim.QuotaExceeded, Method: "jobs.insert", Skip: 6})
	states, err := w.run(w.client(bqclone.Options{Workers: 1}), p)
	var call *bqclone.CallError
	var step *bqclone.StepError
	if !errors.As(err, &call) || !call.Quota() || call.Attempts != 1 || !errors.As(err, &step) || step.Job == "" {
		t.Fatalf("error %v, want a quota", err)
	}
	if states[bqclone.Done] != 7 || states[bqclone.Failed] != 1 || states[bqclone.NotRun] != 13 {
		t.Errorf("states %v, want 7 done, 1 failed, 13 not run", states)
	}
	states, err = w.run(w.client(bqclone.Options{}), p)
	w.must(err)
	if states[bqclone.Found] != 7 || states[bqclone.Done] != 14 {
		t.Errorf("states of the second run %v, want 7 found and 14 done", states)
	}
}
