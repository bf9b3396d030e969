// SPDX-License-Identifier: Apache-2.0

package bqclone

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"google.golang.org/api/bigquery/v2"
)

// A JobError is a job that BigQuery ran and that failed.
type JobError struct {
	Job string
	// Reason is a word of BigQuery, such as "duplicate" or "notFound" ("Error
	// messages"), and Message its text.
	Reason, Message string
}

// Error names the job and what BigQuery said.
func (e *JobError) Error() string { return fmt.Sprintf("job %s: %s: %s", e.Job, e.Reason, e.Message) }

// A ForeignJobError is a job that has the name of one of a plan and does something
// else.
type ForeignJobError struct {
	Job string
}

// Error names the job.
func (e *ForeignJobError) Error() string {
	return fmt.Sprintf("job %s: is there and does not do what the plan says", e.Job)
}

const (
	firstPoll   = 50 * time.Millisecond
	longestPoll = 5 * time.Second
)

// submit inserts a job, or finds the one that was inserted under its name before, and
// waits for it. It says whether the job was found, and returns it when it is done. The
// error is a [*JobError] if the job failed.
func (c *Client) submit(ctx context.Context, object string, job *bigquery.Job) (done *bigquery.Job, adopted bool, err error) {
	ref := job.JobReference
	got, err := c.insertJob(ctx, ref.ProjectId, object, job)
	switch {
	case isDuplicate(err):
		adopted = true
		if got, err = c.getJob(ctx, ref); err != nil {
			return nil, true, err
		}
		if !sameWork(job.Configuration, got.Configuration) {
			return nil, true, &ForeignJobError{Job: ref.JobId}
		}
	case err != nil:
		return nil, false, err
	}
	done, err = c.await(ctx, ref, got)
	return done, adopted, err
}

// await waits until a job is done. It goes on after ctx ended only as far as to say so.
func (c *Client) await(ctx context.Context, ref *bigquery.JobReference, job *bigquery.Job) (*bigquery.Job, error) {
	wait := firstPoll
	for {
		if s := job.Status; s != nil && s.State == "DONE" {
			if e := s.ErrorResult; e != nil {
				return nil, &JobError{Job: ref.JobId, Reason: e.Reason, Message: e.Message}
			}
			return job, nil
		}
		if err := sleep(ctx, wait/2+rand.N(wait/2)); err != nil {
			return nil, &runningError{job: ref.JobId, err: err}
		}
		wait = min(wait*8/5, longestPoll)
		var err error
		if job, err = c.getJob(ctx, ref); err != nil {
			if ctx.Err() != nil {
				return nil, &runningError{job: ref.JobId, err: err}
			}
			return nil, err
		}
	}
}

// A runningError is a job that still ran when its context ended. Copies cannot be
// stopped ("Managing tables": You can't stop a table copy operation after you start it).
type runningError struct {
	job string
	err error
}

func (e *runningError) Error() string { return fmt.Sprintf("job %s: still runs: %v", e.job, e.err) }
func (e *runningError) Unwrap() error { return e.err }

// sameWork reports whether two jobs would do the same.
func sameWork(want, got *bigquery.JobConfiguration) bool {
	switch {
	case want == nil || got == nil:
		return false
	case want.Query != nil:
		return got.Query != nil && want.Query.Query == got.Query.Query &&
			got.Query.UseLegacySql != nil && !*got.Query.UseLegacySql
	case want.Copy != nil:
		return got.Copy != nil && want.Copy.OperationType == got.Copy.OperationType &&
			want.Copy.DestinationExpirationTime == got.Copy.DestinationExpirationTime &&
			sameTable(want.Copy.DestinationTable, got.Copy.DestinationTable) &&
			sameTables(sourcesOf(want.Copy), sourcesOf(got.Copy))
	default:
		return false
	}
}

func sourcesOf(c *bigquery.JobConfigurationTableCopy) []*bigquery.TableReference {
	if c.SourceTable != nil {
		return []*bigquery.TableReference{c.SourceTable}
	}
	return c.SourceTables
}

func sameTable(a, b *bigquery.TableReference) bool {
	return a != nil && b != nil && fromTable(a) == fromTable(b)
}

func sameTables(a, b []*bigquery.TableReference) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !sameTable(a[i], b[i]) {
			return false
		}
	}
	return true
}
