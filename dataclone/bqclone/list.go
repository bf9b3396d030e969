// SPDX-License-Identifier: Apache-2.0

package bqclone

import (
	"context"
	"fmt"
	"slices"
	"time"

	"google.golang.org/api/bigquery/v2"

	"github.com/watertight-go/watertight/dataclone"
)

// pageSize is how many entries of a list are asked for at once. BigQuery may give
// fewer.
const pageSize = 1000

// pages gets the pages of a list, each with the token of the one before.
func pages(get func(token string) (next string, err error)) error {
	for token := ""; ; {
		next, err := get(token)
		if err != nil || next == "" {
			return err
		}
		if next == token {
			return fmt.Errorf("bqclone: a list has no end: the page after %q is the same page", token)
		}
		token = next
	}
}

// listTables returns the names of what tables.list lists, in order.
func (c *Client) listTables(ctx context.Context, d dataclone.DatasetRef) ([]string, error) {
	var names []string
	err := pages(func(token string) (string, error) {
		page, err := call(ctx, c, "tables.list", d.String(), func(ctx context.Context) (*bigquery.TableList, error) {
			return c.rest.Tables.List(d.Project, d.Dataset).MaxResults(pageSize).PageToken(token).Context(ctx).Do()
		})
		if err != nil {
			return "", err
		}
		for _, t := range page.Tables {
			if t != nil && t.TableReference != nil {
				names = append(names, t.TableReference.TableId)
			}
		}
		return page.NextPageToken, nil
	})
	slices.Sort(names)
	return slices.Compact(names), err
}

func (c *Client) listModels(ctx context.Context, d dataclone.DatasetRef) ([]string, error) {
	var names []string
	err := pages(func(token string) (string, error) {
		page, err := call(ctx, c, "models.list", d.String(), func(ctx context.Context) (*bigquery.ListModelsResponse, error) {
			return c.rest.Models.List(d.Project, d.Dataset).MaxResults(pageSize).PageToken(token).Context(ctx).Do()
		})
		if err != nil {
			return "", err
		}
		for _, m := range page.Models {
			if m != nil && m.ModelReference != nil {
				names = append(names, m.ModelReference.ModelId)
			}
		}
		return page.NextPageToken, nil
	})
	slices.Sort(names)
	return names, err
}

func (c *Client) listRoutines(ctx context.Context, d dataclone.DatasetRef) ([]string, error) {
	var names []string
	err := pages(func(token string) (string, error) {
		page, err := call(ctx, c, "routines.list", d.String(), func(ctx context.Context) (*bigquery.ListRoutinesResponse, error) {
			return c.rest.Routines.List(d.Project, d.Dataset).MaxResults(pageSize).PageToken(token).Context(ctx).Do()
		})
		if err != nil {
			return "", err
		}
		for _, r := range page.Routines {
			if r != nil && r.RoutineReference != nil {
				names = append(names, r.RoutineReference.RoutineId)
			}
		}
		return page.NextPageToken, nil
	})
	slices.Sort(names)
	return slices.Compact(names), err
}

// readRoutines reads each routine: the list leaves out most of what they are.
func (c *Client) readRoutines(ctx context.Context, d dataclone.DatasetRef) ([]dataclone.Routine, error) {
	names, err := c.listRoutines(ctx, d)
	if err != nil {
		return nil, err
	}
	out := make([]dataclone.Routine, len(names))
	err = c.parallel(ctx, len(names), func(ctx context.Context, i int) error {
		ref := d.Table(names[i])
		got, err := c.getRoutine(ctx, ref)
		if isAbsent(err) {
			return nil
		}
		if err == nil {
			out[i], err = routineOf(ref, got)
		}
		return err
	})
	return slices.DeleteFunc(out, func(r dataclone.Routine) bool { return r.Ref == dataclone.TableRef{} }), err
}

func span(ms int64) time.Duration { return time.Duration(ms) * time.Millisecond }
