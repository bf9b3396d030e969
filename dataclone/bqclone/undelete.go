// SPDX-License-Identifier: Apache-2.0

package bqclone

import (
	"context"

	"google.golang.org/api/bigquery/v2"

	"github.com/watertight-go/watertight/dataclone"
)

// undelete copies a table that is gone, as of the plan's time, and marks the copy. No
// statement of SQL reaches such a table ("Restore deleted tables").
func (r *run) undelete(ctx context.Context, s dataclone.Step, e *Event) (found bool, err error) {
	if err := r.checkTarget(ctx, s.Target()); err != nil {
		return false, err
	}
	// The job would fill a table that is there and empty (WRITE_EMPTY), whoever made it.
	found, err = r.undeleted(ctx, s, nil)
	if err != nil {
		return false, err
	}
	if !found {
		source := toTable(s.Source)
		source.TableId = decorated(source.TableId, r.plan.AsOf)
		found, err = r.jobs(ctx, s, e, &bigquery.JobConfiguration{Copy: &bigquery.JobConfigurationTableCopy{
			SourceTable:      source,
			DestinationTable: toTable(s.Destination),
			OperationType:    "COPY",
			WriteDisposition: "WRITE_EMPTY",
		}}, r.undeleted)
		if err != nil {
			return found, err
		}
	}
	got, err := r.getTable(ctx, s.Destination)
	if err != nil {
		return found, err
	}
	if mark, _ := dataclone.MarkOf(got.Labels); mark == r.mark {
		return found, nil
	}
	return found, r.patchTable(ctx, s.Destination, got.Etag, &bigquery.Table{
		Labels: r.mark.Labels(r.plan.ExtraLabels), ExpirationTime: r.plan.Expires.UnixMilli(),
	})
}

// undeleted reports whether the copy of a deleted table is there. It may have no mark
// yet, if the run ended between the job and the mark: then a job of the step made it.
func (r *run) undeleted(ctx context.Context, s dataclone.Step, _ *bigquery.Job) (bool, error) {
	got, err := r.getTable(ctx, s.Destination)
	if isAbsent(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if mark, _ := dataclone.MarkOf(got.Labels); mark == r.mark {
		return true, nil
	}
	made, err := r.madeByJob(ctx, r.plan, r.hash, s, got)
	if err == nil && !made {
		err = broken(dataclone.DestinationExists, "%s is there and is not what the plan makes", s.Destination)
	}
	return made, err
}

// madeByJob reports whether a job of the step made a table that has no mark yet: the
// table was made while that job ran, and the job did not fail. Labels tell nothing: a
// copy has those of its source.
func (c *Client) madeByJob(ctx context.Context, p *dataclone.Plan, hash string, s dataclone.Step, got *bigquery.Table) (bool, error) {
	for attempt := 1; attempt <= mostJobs; attempt++ {
		job, err := c.getJob(ctx, &bigquery.JobReference{ProjectId: p.Project, JobId: jobName(hash, s, attempt), Location: p.Location})
		if err != nil {
			return false, unlessAbsent(err)
		}
		ran := job.Status != nil && job.Status.State == "DONE" && job.Status.ErrorResult == nil && job.Statistics != nil
		if ran && job.Statistics.CreationTime <= got.CreationTime && got.CreationTime <= job.Statistics.EndTime {
			return true, nil
		}
	}
	return false, nil
}

// dropUndeleted deletes the copy of a deleted table, also one that has no mark yet.
func (u undoing) dropUndeleted(ctx context.Context, s dataclone.Step) (out Removal, there bool, err error) {
	out, there, err = u.dropTable(ctx, s.Destination, u.ours)
	if err != nil || out.Left != notOurs {
		return out, there, err
	}
	got, err := u.getTable(ctx, s.Destination)
	if err != nil {
		return out, false, unlessAbsent(err)
	}
	if _, marked := dataclone.MarkOf(got.Labels); marked {
		return out, true, nil
	}
	made, err := u.madeByJob(ctx, u.plan, u.hash, s, got)
	if err != nil || !made {
		return out, true, err
	}
	out.Left = ""
	err = u.deleteTable(ctx, s.Destination, got.Etag)
	return out, true, changedMeanwhile(&out, unlessAbsent(err))
}
