// SPDX-License-Identifier: Apache-2.0

package bqclone

import (
	"context"
	"errors"
	"iter"
	"sync"
	"sync/atomic"

	"github.com/watertight-go/watertight/dataclone"
)

// A State says how far a step came.
type State string

// States of steps.
const (
	// Done was done by this run.
	Done State = "done"
	// Found was done before, as far as this run can tell by itself.
	Found State = "found"
	// Failed was not done.
	Failed State = "failed"
	// Running has a job that BigQuery may still run: the context ended, and a copy
	// cannot be stopped. The next run finds it.
	Running State = "running"
	// NotRun was not begun, since another step failed or the context ended.
	NotRun State = "not-run"
)

// An Event is what became of one step.
type Event struct {
	Step  dataclone.Step
	State State
	// Job is the ID of the step's last job, and Attempt its number, from 1. Empty and
	// zero for a step that needs no job.
	Job     string
	Attempt int
}

// Run runs a plan, and yields an event for each of its steps when it is done with it.
// The hash is that of the plan that somebody approved. The error beside an event is a
// [*StepError], and the error of the context where that ended. A plan that is not run
// yields a single [*RefusedError] with an empty event, and writes nothing; so does, as a
// [*CallError], a BigQuery that does not tell the time.
//
// Steps of a stage run at once. After one failed none is begun, those that run are
// waited for, and the rest is yielded as NotRun. When ctx ends, or the caller breaks
// off the loop, no step is begun and none is waited for. In all cases Run can be called
// again, with the same plan, by any client, and goes on; a step is never done twice.
//
// A step that clones a table takes three calls: its source and the destination's
// dataset are read again, and a job is inserted. Then the job is asked for until it is
// done.
func (c *Client) Run(ctx context.Context, p *dataclone.Plan, approved string) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		r, err := c.prepareInTurn(ctx, p, approved)
		if err != nil {
			yield(Event{}, err)
			return
		}
		for steps := p.Steps; len(steps) > 0; {
			n := 1
			for n < len(steps) && steps[n].Stage == steps[0].Stage {
				n++
			}
			if !r.stage(ctx, steps[:n], yield) {
				return
			}
			steps = steps[n:]
		}
	}
}

// A run is a plan that is being run.
type run struct {
	*Client
	plan    *dataclone.Plan
	hash    string
	mark    dataclone.Mark
	stopped atomic.Bool // no step is begun any more
	// authorized are views that a step of another view authorized. Client.access guards it.
	authorized map[dataclone.TableRef]bool
}

type outcome struct {
	event Event
	err   error
}

// stage runs steps at once, and reports whether the caller wants to hear more. When it
// returns, all that it began has ended.
func (r *run) stage(ctx context.Context, steps []dataclone.Step, yield func(Event, error) bool) bool {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	outcomes := make(chan outcome)
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(r.options.Workers, len(steps)) {
		workers.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(steps) {
					return
				}
				outcomes <- r.step(ctx, steps[i])
			}
		})
	}
	go func() { workers.Wait(); close(outcomes) }()
	wanted := true
	for o := range outcomes {
		if wanted && !yield(o.event, o.err) {
			wanted = false
			r.stopped.Store(true)
			cancel()
		}
	}
	return wanted
}

// step runs one step when it is its turn, unless the run has stopped by then.
func (r *run) step(ctx context.Context, s dataclone.Step) outcome {
	e := Event{Step: s}
	release, err := r.working.take(ctx)
	if err != nil {
		return outcome{Event{Step: s, State: NotRun}, err}
	}
	defer release()
	if r.stopped.Load() || ctx.Err() != nil {
		e.State = NotRun
		return outcome{e, ctx.Err()}
	}
	found, err := r.perform(ctx, s, &e)
	switch still := (*runningError)(nil); {
	case err == nil && found:
		e.State = Found
	case err == nil:
		e.State = Done
	case errors.As(err, &still):
		e.State = Running
	default:
		e.State = Failed
	}
	if err == nil {
		return outcome{event: e}
	}
	r.stopped.Store(true)
	failed := &StepError{Step: s.ID, Kind: s.Kind, Object: objectOf(s), Job: e.Job, Err: err}
	if rule := (*ruleError)(nil); errors.As(err, &rule) {
		failed.Rule = rule.rule
	}
	return outcome{e, failed}
}

func objectOf(s dataclone.Step) string {
	if s.Destination != (dataclone.TableRef{}) {
		return s.Destination.String()
	}
	return s.Dataset.String()
}

// perform does what a step says, and reports whether it was done before.
func (r *run) perform(ctx context.Context, s dataclone.Step, e *Event) (found bool, err error) {
	switch s.Kind {
	case dataclone.CreateDataset:
		return r.createDataset(ctx, s)
	case dataclone.CloneTable, dataclone.SnapshotOf, dataclone.RestoreSnapshot:
		return r.copyTable(ctx, s, e)
	case dataclone.UndeleteTable:
		return r.undelete(ctx, s, e)
	case dataclone.CreateExternal:
		return r.createExternal(ctx, s)
	case dataclone.SetForeignKeys:
		return r.setForeignKeys(ctx, s)
	case dataclone.CreateRoutine:
		return r.createRoutine(ctx, s)
	case dataclone.CreateView, dataclone.CreateMaterializedView:
		return r.createView(ctx, s)
	case dataclone.AuthorizeView:
		return r.authorizeView(ctx, s)
	default:
		return false, broken(PlanChanged, "the kind %q is none that this version runs", s.Kind)
	}
}
