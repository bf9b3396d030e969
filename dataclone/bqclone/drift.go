// SPDX-License-Identifier: Apache-2.0

package bqclone

import (
	"context"
	"fmt"
	"slices"

	"github.com/watertight-go/watertight/dataclone"
)

// A Drift says how a clone and its source went apart. More than one may be true.
type Drift struct {
	Source, Destination dataclone.TableRef
	// Behind says that the source changed after the clone's time, or has other
	// columns than when the plan was made.
	Behind bool
	// Diverged says that the clone changed since it was made.
	Diverged bool
	// Vanished says that the clone is not there, or is something else by now. Then
	// nothing is known of the others.
	Vanished bool
	// Orphaned says that the source is not there.
	Orphaned bool
	// Unknown says why nobody knows whether the clone Diverged, and what does tell.
	// Empty if it is known.
	Unknown string
}

// Drifted reports whether anything is true. What is Unknown does not count.
func (d Drift) Drifted() bool { return d.Behind || d.Diverged || d.Vanished || d.Orphaned }

// Drift says of each clone and snapshot of a plan how it and its source went apart, in
// the order of the steps. It reads no rows: a change of a table's description counts
// too, since BigQuery has one time for both (resource Table, lastModifiedTime). Of a clone
// whose foreign keys the plan set after it was made, that time does not tell whether it
// Diverged; other keys than the plan's do.
func (c *Client) Drift(ctx context.Context, p *dataclone.Plan) ([]Drift, error) {
	if err := p.Validate(); err != nil {
		return nil, &RefusedError{Err: err}
	}
	steps := copies(p)
	keys := make(map[dataclone.TableRef][]dataclone.ForeignKey)
	for _, s := range p.Steps {
		if s.Kind == dataclone.SetForeignKeys {
			keys[s.Destination] = s.ForeignKeys
		}
	}
	out := make([]Drift, len(steps))
	err := c.parallel(ctx, len(steps), func(ctx context.Context, i int) (err error) {
		out[i], err = c.drift(ctx, steps[i], keys)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("bqclone: looking for drift: %w", err)
	}
	return out, nil
}

func (c *Client) drift(ctx context.Context, s dataclone.Step, keys map[dataclone.TableRef][]dataclone.ForeignKey) (Drift, error) {
	d := Drift{Source: s.Source, Destination: s.Destination}
	clone, err := c.getTable(ctx, s.Destination)
	if err != nil {
		d.Vanished = isAbsent(err)
		return d, unlessAbsent(err)
	}
	base, copied := baseOf(clone)
	if !copied || base.Table != s.Source {
		d.Vanished = true
		return d, nil
	}
	d.Diverged = int64(clone.LastModifiedTime) > clone.CreationTime
	if set, ok := keys[s.Destination]; ok && d.Diverged && slices.EqualFunc(tableOf(s.Destination, clone).ForeignKeys, set, sameKey) {
		d.Diverged = false
		d.Unknown = "the plan set its foreign keys after it was made, so the time of its last change does not tell: Verify compares the rows"
	}
	source, err := c.getTable(ctx, s.Source)
	if err != nil {
		d.Orphaned = isAbsent(err)
		return d, unlessAbsent(err)
	}
	d.Behind = s.Kind != dataclone.RestoreSnapshot && millis(int64(source.LastModifiedTime)).After(base.Time) ||
		s.Shape != "" && tableOf(s.Source, source).Shape() != s.Shape
	return d, nil
}
