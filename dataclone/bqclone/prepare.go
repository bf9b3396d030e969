// SPDX-License-Identifier: Apache-2.0

package bqclone

import (
	"context"
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/dataclone"
)

// prepareInTurn prepares a run when a step could be run.
func (c *Client) prepareInTurn(ctx context.Context, p *dataclone.Plan, approved string) (*run, error) {
	release, err := c.working.take(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	return c.prepare(ctx, p, approved)
}

// prepare refuses what must not run, before anything is written.
func (c *Client) prepare(ctx context.Context, p *dataclone.Plan, approved string) (*run, error) {
	if err := p.Validate(); err != nil {
		return nil, &RefusedError{Err: err}
	}
	plan := bulkhead.Ref{Group: host, Kind: "Plan", Name: p.Environment}
	r := &run{Client: c, plan: p, hash: p.Hash(), mark: p.Mark(), authorized: map[dataclone.TableRef]bool{}}
	if r.hash != approved {
		return nil, refuse(PlanChanged, plan, "", "its hash is %s, and %q was approved", r.hash, approved)
	}
	var wrong bulkhead.Findings
	for _, f := range p.Findings {
		if f.Severity == bulkhead.Error {
			wrong = append(wrong, f)
		}
	}
	if len(wrong) > 0 {
		return nil, &RefusedError{Findings: wrong}
	}
	for _, d := range targets(p) {
		if why := r.protects(d, nil); why != "" {
			return nil, refuse(dataclone.DestinationProtected, datasetObject(d), "", "%s", why)
		}
	}
	now, err := c.clock(ctx, p.Project, p.Location)
	switch {
	case err != nil:
		return nil, err
	case now.Before(p.AsOf):
		return nil, refuse(dataclone.FutureAsOf, plan, "asOf", "it is %v on BigQuery's clock", now)
	case !now.Before(p.Expires):
		return nil, refuse(dataclone.ExpirationPast, plan, "expires", "it is %v on BigQuery's clock", now)
	case slices.ContainsFunc(p.Steps, readsThePast) && !now.Before(p.ReadUntil):
		return nil, refuse(dataclone.OutsideWindow, plan, "readUntil", "it is %v on BigQuery's clock: what the tables held at %v can no longer be read", now, p.AsOf)
	}
	return r, nil
}

// readsThePast reports whether a step reads a table as of the plan's time.
func readsThePast(s dataclone.Step) bool {
	switch s.Kind {
	case dataclone.CloneTable, dataclone.SnapshotOf:
		return !s.Latest
	case dataclone.UndeleteTable:
		return true
	default:
		return false
	}
}

// targets are the datasets that a plan writes, each once.
func targets(p *dataclone.Plan) []dataclone.DatasetRef {
	seen := map[dataclone.DatasetRef]bool{}
	var out []dataclone.DatasetRef
	for _, s := range p.Steps {
		if d := s.Target(); !seen[d] {
			seen[d] = true
			out = append(out, d)
		}
	}
	return out
}

// sources are the datasets that a plan reads.
func sources(p *dataclone.Plan) []dataclone.DatasetRef {
	var out []dataclone.DatasetRef
	for _, m := range p.Datasets {
		out = append(out, m.From)
	}
	return out
}

// protects says why the plan must not write a dataset with these labels, or "".
func (r *run) protects(d dataclone.DatasetRef, labels map[string]string) string {
	if why := r.options.Protect.Protects(d, labels); why != "" {
		return why
	}
	return r.plan.Protect.Protects(d, labels, sources(r.plan)...)
}
