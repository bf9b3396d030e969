// SPDX-License-Identifier: Apache-2.0

package bqclone

import (
	"context"
	"slices"

	"google.golang.org/api/bigquery/v2"

	"github.com/watertight-go/watertight/dataclone"
)

// createDataset makes a dataset. A private one has from the beginning no reader but
// the owners of its project.
func (r *run) createDataset(ctx context.Context, s dataclone.Step) (found bool, err error) {
	body := &bigquery.Dataset{
		DatasetReference: &bigquery.DatasetReference{ProjectId: s.Dataset.Project, DatasetId: s.Dataset.Dataset},
		Location:         s.Location,
		Labels:           r.mark.Labels(r.plan.ExtraLabels),
	}
	if why := r.protects(s.Dataset, body.Labels); why != "" {
		return false, broken(dataclone.DestinationProtected, "%s: %s", s.Dataset, why)
	}
	if s.Private {
		body.Access = []*bigquery.DatasetAccess{{Role: "OWNER", SpecialGroup: "projectOwners"}}
	}
	_, err = r.insertDataset(ctx, s.Dataset, body)
	if !isDuplicate(err) {
		return false, err
	}
	got, withAccess, err := r.describe(ctx, s.Dataset)
	if err != nil {
		return false, err
	}
	if mark, ours := dataclone.MarkOf(got.Labels); !ours || mark.Environment != r.mark.Environment {
		return false, broken(dataclone.DestinationExists, "%s is there and was made by somebody else after the plan", s.Dataset)
	}
	if s.Private && (!withAccess || opened(got)) {
		return false, broken(dataclone.DestinationExists, "%s is there, and nobody but its owners may have access to it", s.Dataset)
	}
	return true, r.mayWrite(s.Dataset, got)
}

// opened reports whether anybody has access to a dataset beside owners and views.
func opened(d *bigquery.Dataset) bool {
	return slices.ContainsFunc(d.Access, func(a *bigquery.DatasetAccess) bool {
		return a != nil && a.View == nil && (a.Role != "OWNER" || a.SpecialGroup != "projectOwners" && a.UserByEmail == "")
	})
}

// changes is how often something is read again that somebody else changed meanwhile.
const changes = 10

// authorizeView adds a view to the access list of the dataset that holds what it reads,
// and with it all views that the stage would add there: BigQuery takes 5 changes of a
// dataset in 10 seconds ("Quotas and limits"). The steps of these then have nothing to do.
func (r *run) authorizeView(ctx context.Context, s dataclone.Step) (found bool, err error) {
	release, err := r.access.take(ctx)
	if err != nil {
		return false, err
	}
	defer release()
	for range changes {
		var got *bigquery.Dataset
		if got, err = r.getDataset(ctx, s.Dataset, "FULL"); err != nil {
			return false, err
		}
		if err = r.mayWrite(s.Dataset, got); err != nil {
			return false, err
		}
		missing := r.unauthorized(s, got)
		if !slices.Contains(missing, s.Destination) {
			return !r.authorized[s.Destination], nil
		}
		for _, view := range missing {
			got.Access = append(got.Access, &bigquery.DatasetAccess{View: toTable(view)})
		}
		if err = r.patchDataset(ctx, s.Dataset, got.Etag, &bigquery.Dataset{Access: got.Access}); !isOutdated(err) {
			for _, view := range missing {
				r.authorized[view] = err == nil
			}
			return false, err
		}
	}
	return false, err
}

// unauthorized returns the views that the stage of a step authorizes in its dataset and
// that the dataset does not admit yet.
func (r *run) unauthorized(s dataclone.Step, d *bigquery.Dataset) []dataclone.TableRef {
	admitted := make(map[dataclone.TableRef]bool)
	for _, a := range d.Access {
		if a != nil && a.View != nil {
			admitted[fromTable(a.View)] = true
		}
	}
	var out []dataclone.TableRef
	for _, other := range r.plan.Steps {
		if other.Kind == s.Kind && other.Dataset == s.Dataset && other.Stage == s.Stage && !admitted[other.Destination] {
			admitted[other.Destination] = true
			out = append(out, other.Destination)
		}
	}
	return out
}
