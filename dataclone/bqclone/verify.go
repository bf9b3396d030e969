// SPDX-License-Identifier: Apache-2.0

package bqclone

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/watertight-go/watertight/dataclone"
)

// A Level says how much of a clone is compared with its source.
type Level int

// Levels, each with those before. Verify says at which level a result holds.
const (
	// Metadata compares columns, partitioning, clustering and the primary key, and
	// what the clone was made of and when. It reads no rows and costs nothing.
	Metadata Level = iota
	// Counts compares how many rows there are. A count costs nothing.
	Counts
	// Fingerprints compares all rows by a hash, whatever their order. It reads both
	// sides whole, which costs what a query of all of their bytes costs.
	Fingerprints
)

// A Result is what Verify says of one table.
type Result struct {
	Step        string
	Source      dataclone.TableRef
	Destination dataclone.TableRef
	// Equal says that nothing of the level differs. It is false if something does,
	// or if something could not be compared.
	Equal bool
	// Differences are what differs, and Unknown what could not be compared and why.
	Differences, Unknown []string
}

// Verify compares what a run of the plan made with the sources as of the plan's time,
// table by table, in the order of the steps. With Fingerprints, a query that would
// read more than maxBytes is not run, and its table is Unknown; zero is no limit.
//
// Rows in the streaming buffer of a source at the plan's time are in neither side. A
// reader who is masked, or who sees a part of the rows, compares what it sees.
func (c *Client) Verify(ctx context.Context, p *dataclone.Plan, level Level, maxBytes int64) ([]Result, error) {
	if err := p.Validate(); err != nil {
		return nil, &RefusedError{Err: err}
	}
	steps := copies(p)
	out := make([]Result, len(steps))
	err := c.parallel(ctx, len(steps), func(ctx context.Context, i int) (err error) {
		out[i], err = c.verify(ctx, p, steps[i], level, maxBytes)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("bqclone: verifying: %w", err)
	}
	return out, nil
}

func (c *Client) verify(ctx context.Context, p *dataclone.Plan, s dataclone.Step, level Level, maxBytes int64) (Result, error) {
	r := Result{Step: s.ID, Source: s.Source, Destination: s.Destination}
	got, err := c.getTable(ctx, s.Destination)
	if isAbsent(err) {
		r.differs("%s is not there", s.Destination)
		return r, nil
	}
	if err != nil {
		return r, err
	}
	clone := tableOf(s.Destination, got)
	base, copied := baseOf(got)
	switch {
	case !copied || base.Table != s.Source:
		r.differs("it is no clone or snapshot of the source")
	case readsThePast(s) && !base.Time.Equal(p.AsOf):
		r.differs("it is as of %v, and the plan is as of %v", base.Time, p.AsOf)
	}
	if clone.Shape() != s.Shape {
		r.differs("columns, partitioning, clustering or the primary key are not those of the plan")
	}
	if level >= Counts && copied {
		if err := c.compareRows(ctx, p, s, clone, base, level, maxBytes, &r); err != nil {
			return r, err
		}
	}
	r.Equal = len(r.Differences) == 0 && len(r.Unknown) == 0
	return r, nil
}

// compareRows runs the same query on both sides, once for each.
func (c *Client) compareRows(ctx context.Context, p *dataclone.Plan, s dataclone.Step, clone dataclone.Table, base dataclone.Base, level Level, maxBytes int64, r *Result) error {
	source := clone
	source.Ref = s.Source
	text, what := "SELECT COUNT(*)", "the number of rows"
	if level >= Fingerprints {
		text += ", BIT_XOR(FARM_FINGERPRINT(TO_JSON_STRING(t))), SUM(CAST(FARM_FINGERPRINT(TO_JSON_STRING(t)) AS BIGNUMERIC))"
		what = "the rows"
	}
	at := base.Time
	if s.Kind == dataclone.RestoreSnapshot {
		at = time.Time{} // a snapshot has one version
	}
	ask := func(tail string) ([][]string, bool, error) {
		rows, err := c.rows(ctx, query{project: p.Project, location: p.Location, text: text + tail, maxBytes: maxBytes})
		switch why := reason(err); {
		case why == "bytesBilledLimitExceeded":
			r.unknown("a query of %s or of its source would read more than %d bytes", clone.Ref, maxBytes)
			return nil, false, nil
		case isForbidden(err) || isAbsent(err) || answered(err, 400):
			r.unknown("BigQuery refused a query: %v", err)
			return nil, false, nil
		}
		return rows, err == nil, err
	}
	want, ok, err := ask(from(source, at))
	if !ok {
		return err
	}
	got, ok, err := ask(from(clone, time.Time{}))
	if !ok {
		return err
	}
	if !slices.EqualFunc(want, got, slices.Equal) {
		r.differs("%s: %v in the source, %v in the clone", what, want, got)
	}
	return nil
}

func (r *Result) differs(format string, args ...any) {
	r.Differences = append(r.Differences, fmt.Sprintf(format, args...))
}

func (r *Result) unknown(format string, args ...any) {
	r.Unknown = append(r.Unknown, fmt.Sprintf(format, args...))
}

// copies are the steps of a plan that make clones, snapshots and tables of snapshots.
func copies(p *dataclone.Plan) []dataclone.Step {
	var out []dataclone.Step
	for _, s := range p.Steps {
		switch s.Kind {
		case dataclone.CloneTable, dataclone.SnapshotOf, dataclone.RestoreSnapshot:
			out = append(out, s)
		default: // copies nothing that has a base
		}
	}
	return out
}
