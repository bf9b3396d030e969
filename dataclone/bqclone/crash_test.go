// SPDX-License-Identifier: Apache-2.0

package bqclone_test

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/api/option"

	"github.com/watertight-go/watertight/dataclone"
	"github.com/watertight-go/watertight/dataclone/bqclone"
	"github.com/watertight-go/watertight/dataclone/bqsim"
)

// A cut is a connection that ends for good after a number of calls: the last is made,
// and its answer is lost.
type cut struct {
	calls, after int64
	end          context.CancelFunc
}

func (c *cut) RoundTrip(r *http.Request) (*http.Response, error) {
	n := atomic.AddInt64(&c.calls, 1)
	if n > c.after {
		return nil, errors.New("killed")
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	if n == c.after && err == nil {
		_ = response.Body.Close()
		c.end()
		return nil, errors.New("killed")
	}
	return response, err
}

// kill runs a plan with a client that ends with a call, and reports whether the run had
// more of them.
func (w *world) kill(p *dataclone.Plan, after int64) (failed bool) {
	ctx, cancel := context.WithCancel(w.t.Context())
	defer cancel()
	k := &cut{after: after, end: cancel}
	c := w.client(bqclone.Options{Workers: 1}, option.WithHTTPClient(&http.Client{Transport: k}))
	for _, err := range c.Run(ctx, p, p.Hash()) {
		failed = failed || err != nil
	}
	return failed
}

// A run that is killed after any of its calls is finished by the next: each clone is
// made once, by one job that succeeded, and production is not written.
func TestRunSurvivesAKillAfterEachCall(t *testing.T) {
	for after := int64(1); ; after++ {
		w := newWorld(t, bqsim.Options{JobPolls: 1}, "orders", "users")
		p := w.plan(request())
		writes := len(w.sim.Writes())
		failed := w.kill(p, after)
		if !failed {
			if after < 10 {
				t.Fatalf("a run ended after %d calls", after)
			}
			return // the run has no more calls
		}
		states, err := w.run(w.client(bqclone.Options{Workers: 1}), p)
		if err != nil || states[bqclone.Done]+states[bqclone.Found] != 3 {
			t.Fatalf("killed after call %d: then %v, %v", after, states, err)
		}
		w.untouched(writes)
		made := 0
		for _, call := range w.sim.Calls() {
			if call.Method == "jobs.insert" && call.Status == http.StatusOK {
				made++
			}
		}
		if made != 2 {
			t.Errorf("killed after call %d: %d jobs were made", after, made)
		}
	}
}

// A caller may break off at any event. Nothing goes on after that, and the next run
// finishes.
func TestRunCanBeBrokenOff(t *testing.T) {
	w := newWorld(t, bqsim.Options{}, "a", "b", "c", "d", "e", "f", "g", "h")
	p := w.plan(request())
	c := w.client(bqclone.Options{Workers: 4})
	before := runtime.NumGoroutine()
	for _, err := range c.Run(t.Context(), p, p.Hash()) {
		w.must(err)
		break
	}
	calls := len(w.sim.Calls())
	for _, err := range c.Run(t.Context(), p, p.Hash()) {
		w.must(err)
		break
	}
	deadline := time.Now().Add(5 * time.Second)
	for runtime.NumGoroutine() > before+20 && time.Now().Before(deadline) {
		time.Sleep(time.Millisecond) // connections of the client close by themselves
	}
	if n := runtime.NumGoroutine(); n > before+20 {
		t.Errorf("%d goroutines, %d before", n, before)
	}
	if calls == 0 {
		t.Error("nothing was run")
	}
	states, err := w.run(c, p)
	w.must(err)
	if states[bqclone.Done]+states[bqclone.Found] != 9 {
		t.Errorf("states %v", states)
	}
}

// When the context ends, a copy that runs is named, since it cannot be stopped, and no
// step is begun.
func TestRunNamesCopiesThatItCannotStop(t *testing.T) {
	w := newWorld(t, bqsim.Options{}, "a", "b")
	p := w.plan(request())
	w.sim.Inject(bqsim.Fault{Kind: bqsim.SlowJob, Method: "jobs.insert", Polls: 1_000_000})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	time.AfterFunc(300*time.Millisecond, cancel)
	states := make(map[bqclone.State]int)
	for e, err := range w.client(bqclone.Options{Workers: 1}).Run(ctx, p, p.Hash()) {
		states[e.State]++
		if e.State == bqclone.Running && (e.Job == "" || !errors.Is(err, context.Canceled)) {
			t.Errorf("a running copy has job %q and error %v", e.Job, err)
		}
	}
	if states[bqclone.Running] != 1 || states[bqclone.NotRun] != 1 {
		t.Errorf("states %v, want one that runs and one not run", states)
	}
}
