// SPDX-License-Identifier: Apache-2.0

package bqclone

import (
	"context"
	"net/http"

	"google.golang.org/api/bigquery/v2"

	"github.com/watertight-go/watertight/dataclone"
)

// What follows are the calls of the API, each with its retries and limits. None
// deletes a dataset with what is in it.

func (c *Client) getDataset(ctx context.Context, d dataclone.DatasetRef, view string) (*bigquery.Dataset, error) {
	return call(ctx, c, "datasets.get", d.String(), func(ctx context.Context) (*bigquery.Dataset, error) {
		return c.rest.Datasets.Get(d.Project, d.Dataset).DatasetView(view).Context(ctx).Do()
	})
}

func (c *Client) insertDataset(ctx context.Context, d dataclone.DatasetRef, body *bigquery.Dataset) (*bigquery.Dataset, error) {
	return call(ctx, c, "datasets.insert", d.String(), func(ctx context.Context) (*bigquery.Dataset, error) {
		return c.rest.Datasets.Insert(d.Project, body).Context(ctx).Do()
	})
}

func (c *Client) patchDataset(ctx context.Context, d dataclone.DatasetRef, etag string, body *bigquery.Dataset) error {
	_, err := call(ctx, c, "datasets.patch", d.String(), func(ctx context.Context) (*bigquery.Dataset, error) {
		patch := c.rest.Datasets.Patch(d.Project, d.Dataset, body).Context(ctx)
		patch.Header().Set("If-Match", etag)
		return patch.Do()
	})
	return err
}

func (c *Client) deleteDataset(ctx context.Context, d dataclone.DatasetRef, etag string) error {
	return c.delete(ctx, "datasets.delete", d.String(), func(ctx context.Context) error {
		call := c.rest.Datasets.Delete(d.Project, d.Dataset).Context(ctx)
		call.Header().Set("If-Match", etag)
		return call.Do()
	})
}

func (c *Client) getTable(ctx context.Context, t dataclone.TableRef) (*bigquery.Table, error) {
	return call(ctx, c, "tables.get", t.String(), func(ctx context.Context) (*bigquery.Table, error) {
		return c.rest.Tables.Get(t.Project, t.Dataset, t.Table).View("STORAGE_STATS").Context(ctx).Do()
	})
}

// tableUnless is getTable, and nil if the table still has the etag: BigQuery answers
// HTTP 304 then, without the table.
func (c *Client) tableUnless(ctx context.Context, t dataclone.TableRef, etag string) (*bigquery.Table, error) {
	got, err := call(ctx, c, "tables.get", t.String(), func(ctx context.Context) (*bigquery.Table, error) {
		return c.rest.Tables.Get(t.Project, t.Dataset, t.Table).View("STORAGE_STATS").IfNoneMatch(etag).Context(ctx).Do()
	})
	if answered(err, http.StatusNotModified) {
		return nil, nil
	}
	return got, err
}

func (c *Client) insertTable(ctx context.Context, t dataclone.TableRef, body *bigquery.Table) (*bigquery.Table, error) {
	return call(ctx, c, "tables.insert", t.String(), func(ctx context.Context) (*bigquery.Table, error) {
		return c.rest.Tables.Insert(t.Project, t.Dataset, body).Context(ctx).Do()
	})
}

func (c *Client) patchTable(ctx context.Context, t dataclone.TableRef, etag string, body *bigquery.Table) error {
	_, err := call(ctx, c, "tables.patch", t.String(), func(ctx context.Context) (*bigquery.Table, error) {
		patch := c.rest.Tables.Patch(t.Project, t.Dataset, t.Table, body).Context(ctx)
		patch.Header().Set("If-Match", etag)
		return patch.Do()
	})
	return err
}

func (c *Client) deleteTable(ctx context.Context, t dataclone.TableRef, etag string) error {
	return c.delete(ctx, "tables.delete", t.String(), func(ctx context.Context) error {
		call := c.rest.Tables.Delete(t.Project, t.Dataset, t.Table).Context(ctx)
		call.Header().Set("If-Match", etag)
		return call.Do()
	})
}

func (c *Client) getRoutine(ctx context.Context, t dataclone.TableRef) (*bigquery.Routine, error) {
	return call(ctx, c, "routines.get", t.String(), func(ctx context.Context) (*bigquery.Routine, error) {
		return c.rest.Routines.Get(t.Project, t.Dataset, t.Table).Context(ctx).Do()
	})
}

func (c *Client) insertRoutine(ctx context.Context, t dataclone.TableRef, body *bigquery.Routine) (*bigquery.Routine, error) {
	return call(ctx, c, "routines.insert", t.String(), func(ctx context.Context) (*bigquery.Routine, error) {
		return c.rest.Routines.Insert(t.Project, t.Dataset, body).Context(ctx).Do()
	})
}

func (c *Client) deleteRoutine(ctx context.Context, t dataclone.TableRef, etag string) error {
	return c.delete(ctx, "routines.delete", t.String(), func(ctx context.Context) error {
		call := c.rest.Routines.Delete(t.Project, t.Dataset, t.Table).Context(ctx)
		call.Header().Set("If-Match", etag)
		return call.Do()
	})
}

func (c *Client) getJob(ctx context.Context, ref *bigquery.JobReference) (*bigquery.Job, error) {
	return call(ctx, c, "jobs.get", ref.JobId, func(ctx context.Context) (*bigquery.Job, error) {
		return c.rest.Jobs.Get(ref.ProjectId, ref.JobId).Location(ref.Location).Context(ctx).Do()
	})
}

// insertJob answers with the status of the job and, of a dry run, with what it would
// read, and not with all that was sent.
func (c *Client) insertJob(ctx context.Context, project, object string, job *bigquery.Job) (*bigquery.Job, error) {
	return call(ctx, c, "jobs.insert", object, func(ctx context.Context) (*bigquery.Job, error) {
		return c.rest.Jobs.Insert(project, job).Fields("status", "statistics/query/referencedTables").Context(ctx).Do()
	})
}

// delete makes a call that deletes. What another attempt deleted before its answer was
// lost is deleted.
func (c *Client) delete(ctx context.Context, method, object string, do func(context.Context) error) error {
	attempts := 0
	_, err := call(ctx, c, method, object, func(ctx context.Context) (struct{}, error) {
		attempts++
		err := do(ctx)
		if attempts > 1 && answered(err, http.StatusNotFound) {
			err = nil
		}
		return struct{}{}, err
	})
	return err
}
