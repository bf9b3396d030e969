// SPDX-License-Identifier: Apache-2.0

package bqclone

import (
	"context"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"
	"google.golang.org/api/bigquery/v2"

	"github.com/watertight-go/watertight/dataclone"
)

// Read returns what BigQuery has in the datasets: for a plan, those of both sides. A
// dataset that is not there is Absent; one that may not be read, or that changes its
// tables while it is read so that one cannot be found, is an error or left out.
//
// It makes one call for a dataset and one for each 1,000 tables, and for each table
// one, or two with its row access policies. With the quota of 100 calls a second and
// method, 10,000 tables take two minutes.
func (c *Client) Read(ctx context.Context, datasets ...dataclone.DatasetRef) (dataclone.Catalog, error) {
	datasets = slices.Compact(slices.SortedFunc(slices.Values(datasets), dataclone.DatasetRef.Compare))
	now, err := c.clock(ctx, c.project, "")
	if err != nil {
		return dataclone.Catalog{}, fmt.Errorf("bqclone: reading the clock: %w", err)
	}
	out := dataclone.Catalog{Now: now, Datasets: make([]dataclone.Dataset, len(datasets))}
	for i, ref := range datasets {
		if out.Datasets[i], err = c.readDataset(ctx, ref); err != nil {
			return dataclone.Catalog{}, fmt.Errorf("bqclone: reading %s: %w", ref, err)
		}
	}
	if err := c.followBases(ctx, out.Datasets); err != nil {
		return dataclone.Catalog{}, fmt.Errorf("bqclone: reading what clones were made of: %w", err)
	}
	return out, nil
}

func (c *Client) readDataset(ctx context.Context, ref dataclone.DatasetRef) (dataclone.Dataset, error) {
	got, withAccess, err := c.describe(ctx, ref)
	if isAbsent(err) {
		return dataclone.Dataset{Ref: ref, Absent: true}, nil
	}
	if err != nil {
		return dataclone.Dataset{}, err
	}
	d := datasetOf(ref, got)
	if withAccess {
		d.Access = accessOf(got.Access)
	}
	names, err := c.listTables(ctx, ref)
	if err != nil {
		return d, err
	}
	group, ctx := errgroup.WithContext(ctx)
	var options map[string]dataclone.TableOptions
	bare := d // the others write d meanwhile
	group.Go(func() (err error) { d.Tables, err = c.readTables(ctx, ref, names); return err })
	group.Go(func() (err error) { options, err = c.readOptions(ctx, bare); return err })
	group.Go(func() (err error) { d.Routines, err = c.readRoutines(ctx, ref); return err })
	group.Go(func() (err error) { d.Models, err = c.listModels(ctx, ref); return err })
	if err := group.Wait(); err != nil {
		return d, err
	}
	for i := range d.Tables {
		if d.Tables[i].Type == dataclone.StandardTable {
			o := options[d.Tables[i].Ref.Table]
			d.Tables[i].Options = &o
		}
	}
	return d, nil
}

// describe reads a dataset with its access list, or without if that is not allowed:
// it needs bigquery.datasets.getIamPolicy ("Release notes", March 17, 2026).
func (c *Client) describe(ctx context.Context, ref dataclone.DatasetRef) (d *bigquery.Dataset, withAccess bool, err error) {
	d, err = c.getDataset(ctx, ref, "FULL")
	if !isForbidden(err) {
		return d, true, err
	}
	d, err = c.getDataset(ctx, ref, "METADATA")
	return d, false, err
}

func datasetOf(ref dataclone.DatasetRef, d *bigquery.Dataset) dataclone.Dataset {
	return dataclone.Dataset{
		Ref:                        ref,
		ETag:                       d.Etag,
		Location:                   d.Location,
		Labels:                     d.Labels,
		CaseInsensitive:            d.IsCaseInsensitive,
		MaxTimeTravelHours:         int(d.MaxTimeTravelHours),
		DefaultTableExpiration:     span(d.DefaultTableExpirationMs),
		DefaultPartitionExpiration: span(d.DefaultPartitionExpirationMs),
		Kind:                       kindOf(d),
	}
}

// readTables reads tables at once. One that was deleted since it was listed is left out.
func (c *Client) readTables(ctx context.Context, in dataclone.DatasetRef, names []string) ([]dataclone.Table, error) {
	out := make([]dataclone.Table, len(names))
	err := c.parallel(ctx, len(names), func(ctx context.Context, i int) error {
		ref := in.Table(names[i])
		got, err := c.getTable(ctx, ref)
		if isAbsent(err) {
			return nil
		}
		if err != nil {
			return err
		}
		out[i] = tableOf(ref, got)
		if out[i].Type == dataclone.StandardTable && !c.options.SkipRowPolicies {
			out[i].Policies, err = c.readPolicies(ctx, ref)
		}
		return err
	})
	return slices.DeleteFunc(out, func(t dataclone.Table) bool { return t.Ref == dataclone.TableRef{} }), err
}

func (c *Client) readPolicies(ctx context.Context, t dataclone.TableRef) (*dataclone.RowPolicies, error) {
	out := &dataclone.RowPolicies{}
	err := pages(func(token string) (string, error) {
		page, err := call(ctx, c, "rowAccessPolicies.list", t.String(), func(ctx context.Context) (*bigquery.ListRowAccessPoliciesResponse, error) {
			return c.rest.RowAccessPolicies.List(t.Project, t.Dataset, t.Table).PageToken(token).Context(ctx).Do()
		})
		if err != nil {
			return "", err
		}
		for _, p := range page.RowAccessPolicies {
			if p == nil {
				continue
			}
			policy := dataclone.RowPolicy{Filter: p.FilterPredicate}
			if p.RowAccessPolicyReference != nil {
				policy.ID = p.RowAccessPolicyReference.PolicyId
			}
			out.Policies = append(out.Policies, policy)
		}
		return page.NextPageToken, nil
	})
	if isForbidden(err) || isAbsent(err) {
		return nil, nil // unread: plans say what they cannot judge without
	}
	return out, err
}

// readOptions reads the options of tables that no resource of the API has.
func (c *Client) readOptions(ctx context.Context, d dataclone.Dataset) (map[string]dataclone.TableOptions, error) {
	rows, err := c.rows(ctx, query{project: c.project, location: d.Location,
		text: fmt.Sprintf("SELECT table_name, option_value FROM `%s.INFORMATION_SCHEMA.TABLE_OPTIONS` WHERE option_name = \"enable_fine_grained_mutations\"", d.Ref)})
	out := map[string]dataclone.TableOptions{}
	for _, row := range rows {
		if len(row) == 2 {
			out[row[0]] = dataclone.TableOptions{FineGrainedMutations: row[1] == "true"}
		}
	}
	return out, err
}

// parallel calls do for 0 to n-1, as many at once as there are workers, until one
// fails.
func (c *Client) parallel(ctx context.Context, n int, do func(context.Context, int) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(c.options.Workers)
	for i := range n {
		if ctx.Err() != nil {
			break
		}
		group.Go(func() error { return do(ctx, i) })
	}
	return group.Wait()
}
