// SPDX-License-Identifier: Apache-2.0

package bqclone

import (
	"context"
	"strings"

	"google.golang.org/api/bigquery/v2"

	"github.com/watertight-go/watertight/dataclone"
)

// checkTarget reads the dataset that a step writes again, right before the write, and
// returns it unless the step must not.
func (r *run) checkTarget(ctx context.Context, d dataclone.DatasetRef) error {
	got, err := r.getDataset(ctx, d, "METADATA")
	if err != nil {
		return err
	}
	return r.mayWrite(d, got)
}

func (r *run) mayWrite(d dataclone.DatasetRef, got *bigquery.Dataset) error {
	if why := r.protects(d, got.Labels); why != "" {
		return broken(dataclone.DestinationProtected, "%s: %s", d, why)
	}
	if r.plan.Location != "" && !strings.EqualFold(got.Location, r.plan.Location) {
		return broken(dataclone.RegionMismatch, "%s is in %q, and the plan is for %q", d, got.Location, r.plan.Location)
	}
	if kind := kindOf(got); kind != dataclone.StandardDataset {
		return broken(dataclone.DestinationProtected, "%s is of the kind %s: what is written there is somewhere else", d, kind)
	}
	return nil
}

// checkSource reads the source of a step again. Tables of production change all the
// time, and their etags with them, without a change for the plan: what counts is that
// it is the table that was there at the plan's time, with the shape of the plan.
func (r *run) checkSource(ctx context.Context, s dataclone.Step) error {
	got, err := r.tableUnless(ctx, s.Source, s.SourceETag)
	if err != nil || got == nil {
		return err
	}
	t := tableOf(s.Source, got)
	if s.Shape != "" && t.Shape() != s.Shape {
		return broken(SourceChanged, "%s has other columns, partitions, clustering or keys than when the plan was made", s.Source)
	}
	if readsThePast(s) && t.Created.After(r.plan.AsOf) {
		return broken(SourceChanged, "%s was made again at %v, after the plan's time", s.Source, t.Created)
	}
	return nil
}

// whose says why what is at the destination of a step that copies is not what the step
// makes, or nil if it is.
func (r *run) whose(s dataclone.Step, got *bigquery.Table) error {
	mark, ours := dataclone.MarkOf(got.Labels)
	base, copied := baseOf(got)
	switch {
	case !ours || mark.Environment != r.mark.Environment:
		return broken(dataclone.DestinationExists, "%s is there and was made by somebody else", s.Destination)
	case !copied || base.Table != s.Source:
		return broken(dataclone.NotOwned, "%s is there and is no clone or snapshot of %s", s.Destination, s.Source)
	case readsThePast(s) && !base.Time.Equal(r.plan.AsOf):
		return broken(dataclone.Stale, "%s is there, as of %v: drop it, or clone into another dataset", s.Destination, base.Time)
	case (s.Latest || s.Kind == dataclone.RestoreSnapshot) && mark != r.mark:
		return broken(dataclone.DestinationExists, "%s is there, and an other plan made it", s.Destination)
	default:
		return nil
	}
}
