// SPDX-License-Identifier: Apache-2.0

package bqclone

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"google.golang.org/api/bigquery/v2"
)

// longPoll is how long BigQuery may take to answer a query before it says that it is
// not done.
const longPoll = 20 * time.Second

// A query is one SELECT.
type query struct {
	project  string // runs it and pays
	location string
	text     string
	// maxBytes ends the query before it costs more. Zero is no limit.
	maxBytes int64
}

// rows runs a query and returns its rows, whose cells are strings. NULL is "".
func (c *Client) rows(ctx context.Context, q query) ([][]string, error) {
	request := &bigquery.QueryRequest{
		Query:              q.text,
		Location:           q.location,
		MaximumBytesBilled: q.maxBytes,
		TimeoutMs:          longPoll.Milliseconds(),
		UseLegacySql:       new(false),
		UseQueryCache:      new(false),
	}
	first, err := call(ctx, c, "jobs.query", q.project, func(ctx context.Context) (*bigquery.QueryResponse, error) {
		return c.rest.Jobs.Query(q.project, request).Context(ctx).Do()
	})
	if err != nil {
		return nil, err
	}
	out, complete, token := appendRows(nil, first.Rows), first.JobComplete, first.PageToken
	job := first.JobReference
	for !complete || token != "" {
		if job == nil {
			return nil, errors.New("bqclone: BigQuery gave a query no job")
		}
		page, err := call(ctx, c, "jobs.getQueryResults", job.JobId, func(ctx context.Context) (*bigquery.GetQueryResultsResponse, error) {
			return c.rest.Jobs.GetQueryResults(job.ProjectId, job.JobId).Location(job.Location).PageToken(token).
				TimeoutMs(longPoll.Milliseconds()).Context(ctx).Do()
		})
		if err != nil {
			return nil, err
		}
		out, complete, token = appendRows(out, page.Rows), page.JobComplete, page.PageToken
	}
	return out, nil
}

func appendRows(out [][]string, rows []*bigquery.TableRow) [][]string {
	for _, row := range rows {
		var cells []string
		if row != nil {
			for _, cell := range row.F {
				text := ""
				if cell != nil {
					text, _ = cell.V.(string)
				}
				cells = append(cells, text)
			}
		}
		out = append(out, cells)
	}
	return out
}

// clock asks for the time on BigQuery's clock.
func (c *Client) clock(ctx context.Context, project, location string) (time.Time, error) {
	rows, err := c.rows(ctx, query{project: project, location: location, text: "SELECT UNIX_MILLIS(CURRENT_TIMESTAMP())"})
	if err != nil {
		return time.Time{}, err
	}
	if len(rows) != 1 || len(rows[0]) != 1 {
		return time.Time{}, errors.New("bqclone: BigQuery did not tell its time")
	}
	ms, err := strconv.ParseInt(rows[0][0], 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("bqclone: BigQuery's time: %w", err)
	}
	return time.UnixMilli(ms).UTC(), nil
}
