// SPDX-License-Identifier: Apache-2.0

package bqclone

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"google.golang.org/api/bigquery/v2"

	"github.com/watertight-go/watertight/dataclone"
)

// A Removal is what became of one object that was to be deleted.
type Removal struct {
	// Object is a table, a view, a routine or, without a table's name, a dataset.
	Object dataclone.TableRef
	// Kind is "table", "routine" or "dataset".
	Kind string
	// Left says why the object was left. Empty if it was deleted.
	Left string
}

// Undo deletes what a run of the plan made, from the last step to the first, and
// yields each object that is there. It reads each before, and leaves what does not
// carry the plan's own mark: what was there before the run, or was made by another
// plan. A dataset is deleted if the plan made it and it is empty. Of a dataset that the
// plan or Options.Protect protects nothing is deleted.
//
// The first error of BigQuery is yielded, and ends it; Undo can be called again.
func (c *Client) Undo(ctx context.Context, p *dataclone.Plan) iter.Seq2[Removal, error] {
	return func(yield func(Removal, error) bool) {
		if err := p.Validate(); err != nil {
			yield(Removal{}, &RefusedError{Err: err})
			return
		}
		u := undoing{Client: c, plan: p, hash: p.Hash(), mark: p.Mark(), why: map[dataclone.DatasetRef]string{}}
		for _, s := range slices.Backward(p.Steps) {
			removal, there, err := u.step(ctx, s)
			if (there || err != nil) && !yield(removal, err) || err != nil {
				return
			}
		}
	}
}

// An undoing is a plan that is being undone.
type undoing struct {
	*Client
	plan *dataclone.Plan
	hash string
	mark dataclone.Mark
	why  map[dataclone.DatasetRef]string // why nothing is deleted there, by what was read once
}

// step undoes one step, and reports whether what it made is there.
func (u undoing) step(ctx context.Context, s dataclone.Step) (out Removal, there bool, err error) {
	drop := u.dropTable
	switch s.Kind {
	case dataclone.CreateDataset:
		return u.dropDataset(ctx, s.Dataset, u.ours)
	case dataclone.SetForeignKeys, dataclone.AuthorizeView:
		return out, false, nil // goes with the table
	case dataclone.CreateRoutine:
		drop = u.dropRoutine
	default:
	}
	out = Removal{Object: s.Destination, Kind: "table"}
	if s.Kind == dataclone.CreateRoutine {
		out.Kind = "routine"
	}
	if out.Left, err = u.protected(ctx, s.Destination.In()); err != nil || out.Left != "" {
		return out, err == nil, unlessAbsent(err)
	}
	if s.Kind == dataclone.UndeleteTable {
		return u.dropUndeleted(ctx, s)
	}
	return drop(ctx, s.Destination, u.ours)
}

func (u undoing) ours(m dataclone.Mark) bool { return m == u.mark }

// protected says why nothing is deleted in a dataset, or "".
func (u undoing) protected(ctx context.Context, d dataclone.DatasetRef) (string, error) {
	if why, ok := u.why[d]; ok {
		return why, nil
	}
	got, err := u.getDataset(ctx, d, "METADATA")
	if err != nil {
		return "", err
	}
	r := run{Client: u.Client, plan: u.plan}
	u.why[d] = r.protects(d, got.Labels)
	return u.why[d], nil
}

// Drop deletes what any plan of an environment made in the datasets, and yields each
// object there. It reads each before, and leaves what does not carry a mark of the
// environment. Of a dataset that is protected by Options.Protect nothing is deleted. A
// dataset is deleted if a plan of the environment made it and it is empty.
//
// The first error of BigQuery is yielded, and ends it; Drop can be called again.
func (c *Client) Drop(ctx context.Context, environment string, datasets ...dataclone.DatasetRef) iter.Seq2[Removal, error] {
	return func(yield func(Removal, error) bool) {
		ours := func(m dataclone.Mark) bool { return m.Environment == environment && environment != "" }
		for _, d := range datasets {
			if !c.dropAll(ctx, d, ours, yield) {
				return
			}
		}
	}
}

// dropAll drops what is ours in a dataset, and then the dataset. It reports whether
// to go on.
func (c *Client) dropAll(ctx context.Context, d dataclone.DatasetRef, ours func(dataclone.Mark) bool, yield func(Removal, error) bool) bool {
	got, err := c.getDataset(ctx, d, "METADATA")
	if isAbsent(err) {
		return true
	}
	if err != nil {
		yield(removalOf(d), err)
		return false
	}
	if why := c.options.Protect.Protects(d, got.Labels); why != "" {
		removal := removalOf(d)
		removal.Left = why
		return yield(removal, nil)
	}
	for _, kind := range []struct {
		list func(context.Context, dataclone.DatasetRef) ([]string, error)
		drop func(context.Context, dataclone.TableRef, func(dataclone.Mark) bool) (Removal, bool, error)
	}{{c.listRoutines, c.dropRoutine}, {c.listTables, c.dropTable}} {
		names, err := kind.list(ctx, d)
		if err != nil {
			yield(removalOf(d), err)
			return false
		}
		for _, name := range names {
			removal, there, err := kind.drop(ctx, d.Table(name), ours)
			if (there || err != nil) && !yield(removal, err) || err != nil {
				return false
			}
		}
	}
	removal, there, err := c.dropDataset(ctx, d, ours)
	return (!there && err == nil || yield(removal, err)) && err == nil
}

func removalOf(d dataclone.DatasetRef) Removal { return Removal{Object: d.Table(""), Kind: "dataset"} }

const notOurs = "it carries no mark, or that of something else"

// dropTable deletes a table, a view or a snapshot, if it is ours and did not change
// since it was read.
func (c *Client) dropTable(ctx context.Context, t dataclone.TableRef, ours func(dataclone.Mark) bool) (out Removal, there bool, err error) {
	out = Removal{Object: t, Kind: "table"}
	got, err := c.getTable(ctx, t)
	if err != nil {
		return out, false, unlessAbsent(err)
	}
	if out.Left = foreign(got, ours); out.Left != "" {
		return out, true, nil
	}
	err = c.deleteTable(ctx, t, got.Etag)
	return out, true, changedMeanwhile(&out, unlessAbsent(err))
}

// foreign says why a table is not ours, or "". A plan gives an end to all that it makes:
// a table without one was made by somebody who copied the labels, or is to be kept.
func foreign(got *bigquery.Table, ours func(dataclone.Mark) bool) string {
	mark, ok := dataclone.MarkOf(got.Labels)
	if !ok || !ours(mark) {
		return notOurs
	}
	if got.ExpirationTime == 0 {
		return "it has no expiration, and what a plan makes has one: somebody keeps it"
	}
	return ""
}

func (c *Client) dropRoutine(ctx context.Context, t dataclone.TableRef, ours func(dataclone.Mark) bool) (out Removal, there bool, err error) {
	out = Removal{Object: t, Kind: "routine"}
	got, err := c.getRoutine(ctx, t)
	if err != nil {
		return out, false, unlessAbsent(err)
	}
	if mark, ok := dataclone.MarkIn(got.Description); !ok || !ours(mark) {
		out.Left = notOurs
		return out, true, nil
	}
	err = c.deleteRoutine(ctx, t, got.Etag)
	return out, true, changedMeanwhile(&out, unlessAbsent(err))
}

// dropDataset deletes a dataset that is ours and empty. BigQuery itself refuses to
// delete one that is not empty, since it is never told to delete what is in it.
func (c *Client) dropDataset(ctx context.Context, d dataclone.DatasetRef, ours func(dataclone.Mark) bool) (out Removal, there bool, err error) {
	out = removalOf(d)
	got, err := c.getDataset(ctx, d, "METADATA")
	if err != nil {
		return out, false, unlessAbsent(err)
	}
	if mark, ok := dataclone.MarkOf(got.Labels); !ok || !ours(mark) {
		out.Left = notOurs
		return out, true, nil
	}
	if why := c.options.Protect.Protects(d, got.Labels); why != "" {
		out.Left = why
		return out, true, nil
	}
	err = c.deleteDataset(ctx, d, got.Etag)
	if reason(err) == "resourceInUse" {
		out.Left, err = "it is not empty", nil
	}
	return out, true, changedMeanwhile(&out, unlessAbsent(err))
}

func unlessAbsent(err error) error {
	if isAbsent(err) {
		return nil
	}
	return err
}

// changedMeanwhile leaves what changed between its reading and its deletion.
func changedMeanwhile(r *Removal, err error) error {
	if isOutdated(err) {
		r.Left = "it changed while it was looked at"
		return nil
	}
	return err
}

// String gives the object and what became of it.
func (r Removal) String() string {
	name := r.Object.String()
	if r.Kind == "dataset" {
		name = r.Object.In().String()
	}
	if r.Left == "" {
		return fmt.Sprintf("%s %s: deleted", r.Kind, name)
	}
	return fmt.Sprintf("%s %s: left, since %s", r.Kind, name, r.Left)
}
