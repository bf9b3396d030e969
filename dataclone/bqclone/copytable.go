// SPDX-License-Identifier: Apache-2.0

package bqclone

import (
	"context"
	"errors"
	"fmt"

	"google.golang.org/api/bigquery/v2"
	"google.golang.org/api/googleapi"

	"github.com/watertight-go/watertight/dataclone"
)

// mostJobs is how many jobs a step may have over all runs: each that failed takes a
// name, and the next run has to find the first that is free.
const mostJobs = 100

// copyTable makes a clone, a snapshot, or a table of a snapshot.
func (r *run) copyTable(ctx context.Context, s dataclone.Step, e *Event) (found bool, err error) {
	if err := r.checkSource(ctx, s); err != nil {
		return false, err
	}
	if err := r.checkTarget(ctx, s.Target()); err != nil {
		return false, err
	}
	if s.Kind == dataclone.SnapshotOf {
		release, err := r.snapshots.take(ctx)
		if err != nil {
			return false, err
		}
		defer release()
	}
	return r.jobs(ctx, s, e, &bigquery.JobConfiguration{Query: &bigquery.JobConfigurationQuery{
		Query:        r.plan.SQL(s, r.mark),
		UseLegacySql: new(false),
	}}, r.present)
}

// jobs submits the job of a step. Its name has the number of the attempt, since
// BigQuery takes a name once: a job that failed before is passed over. Whether a job
// that is done counts is said by there, which looks at what it made; it gets no job where
// none of the step was done and the destination is there.
func (r *run) jobs(ctx context.Context, s dataclone.Step, e *Event, work *bigquery.JobConfiguration,
	there func(context.Context, dataclone.Step, *bigquery.Job) (bool, error),
) (found bool, err error) {
	failures := 0
	for e.Attempt = 1; e.Attempt <= mostJobs; e.Attempt++ {
		e.Job = jobName(r.hash, s, e.Attempt)
		done, adopted, err := r.submit(ctx, s.Destination.String(), &bigquery.Job{
			Configuration: work,
			JobReference:  &bigquery.JobReference{ProjectId: r.plan.Project, JobId: e.Job, Location: r.plan.Location},
		})
		failed := (*JobError)(nil)
		switch {
		case err == nil && !adopted:
			return false, nil
		case err == nil:
			if ok, err := there(ctx, s, done); ok || err != nil {
				return true, err
			}
			// Somebody deleted what that job made: it is made again.
		case !errors.As(err, &failed):
			return adopted, unfinished(ctx, e.Job, err)
		case failed.Reason == "duplicate":
			if ok, err := there(ctx, s, nil); ok || err != nil {
				return true, err
			}
			if failures++; failures >= r.options.Attempts {
				return false, err
			}
		case adopted: // a failure of an earlier run
		default:
			failures++
			if failures >= r.options.Attempts || !passing(&googleapi.Error{Errors: []googleapi.ErrorItem{{Reason: failed.Reason}}}) {
				return false, err
			}
			if err := sleep(ctx, r.backoff<<failures); err != nil {
				return false, err
			}
		}
	}
	return false, broken(PlanChanged, "%d jobs of the step failed: make a new plan", mostJobs)
}

// jobName is the ID of the job of an attempt.
func jobName(hash string, s dataclone.Step, attempt int) string {
	return fmt.Sprintf("watertight-%s-%s-%d", hash[:16], s.ID, attempt)
}

// unfinished is the error of a job whose insertion had no answer since the context
// ended: BigQuery may run it.
func unfinished(ctx context.Context, job string, err error) error {
	still := (*runningError)(nil)
	if ctx.Err() == nil || errors.As(err, &still) {
		return err
	}
	return &runningError{job: job, err: err}
}

// present reports whether the destination is what the step makes. The error says why
// something else is there.
func (r *run) present(ctx context.Context, s dataclone.Step, _ *bigquery.Job) (bool, error) {
	got, err := r.getTable(ctx, s.Destination)
	if isAbsent(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	err = r.whose(s, got)
	return err == nil, err
}
