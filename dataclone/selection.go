// SPDX-License-Identifier: Apache-2.0

package dataclone

import (
	"fmt"
	"slices"
	"time"

	"github.com/watertight-go/watertight/bulkhead"
)

// tables adds a step for each table that is selected and has data of its own.
func (d *draft) tables() {
	asOf := d.request.asOf(d.now)
	matched := make(map[string]bool)
	for _, m := range d.mappings {
		from := d.datasets[m.From]
		switch {
		case from == nil:
			d.fail(EvidenceMissing, m.From.object(), "", "read it into the catalog", "is not in the catalog, so nobody knows what there is to clone")
			continue
		case from.Absent:
			d.fail(SourceMissing, m.From.object(), "", "name a dataset that is there", "is not there, so there is nothing to clone")
			continue
		}
		dropped := d.request.Select.Shards.dropped(from.Tables)
		for i := range from.Tables {
			t := &from.Tables[i]
			included, excluded := d.request.Select.selects(t.Ref.Table, matched)
			if t.Type != StandardTable && t.Type != SnapshotTable {
				continue
			}
			switch {
			case !included:
				d.skip(t.Ref, "it is not among what the request includes")
			case excluded:
				d.skip(t.Ref, "the request excludes it")
			case dropped[t.Ref] != "":
				d.skip(t.Ref, dropped[t.Ref])
			case t.Created.After(asOf) && d.request.Select.New == SkipNewTables:
				d.skip(t.Ref, "it was made after the plan's time")
				d.warn(CreatedAfterAsOf, t.Ref.object(), "creationTime", "plan again later, to have it",
					"was made at %s, after the plan's time, and is left out", stamp(t.Created))
			default:
				d.steps = append(d.steps, d.request.Select.step(t, m.To, asOf))
			}
		}
		for _, r := range from.Routines {
			d.request.Select.selects(r.Ref.Table, matched) // definitions asks again
		}
	}
	d.deleted()
	d.unmatched(matched)
}

// step makes the step for one table. A snapshot is the same at any time, and cannot be
// asked for one ("Create table snapshots").
func (s Selection) step(t *Table, to DatasetRef, asOf time.Time) Step {
	snapshot := t.Type == SnapshotTable
	step := Clone(t.Ref, to.Table(t.Ref.Table))
	switch {
	case s.Snapshots:
		step.Kind = SnapshotOf
		step.Latest = snapshot
	case snapshot:
		step.Kind = RestoreSnapshot
	}
	if s.New == CloneLatest && t.Created.After(asOf) && step.Kind != RestoreSnapshot {
		step.Latest = true
	}
	return step
}

// selects says whether the patterns include a name, and whether they exclude it. It
// notes which patterns match.
func (s Selection) selects(name string, matched map[string]bool) (included, excluded bool) {
	hit := func(patterns []string) (any bool) {
		for _, pattern := range patterns {
			if matches(pattern, name) {
				any, matched[pattern] = true, true
			}
		}
		return any
	}
	included, excluded = hit(s.Include), hit(s.Exclude)
	return included || len(s.Include) == 0, excluded
}

// unmatched finds patterns that name nothing, as one with a typing error does.
func (d *draft) unmatched(matched map[string]bool) {
	for _, list := range []struct {
		field    string
		patterns []string
	}{{"select.include", d.request.Select.Include}, {"select.exclude", d.request.Select.Exclude}} {
		for i, pattern := range list.patterns {
			if !matched[pattern] {
				d.warn(UnmatchedPattern, d.request.object(), fmt.Sprintf("%s[%d]", list.field, i), "mend or remove the pattern",
					"the pattern %q names nothing in the datasets", abridged(pattern))
			}
		}
	}
}

// deleted adds the steps that bring back what was deleted after the plan's time.
func (d *draft) deleted() {
	to := make(map[DatasetRef][]DatasetRef)
	for _, m := range d.mappings {
		to[m.From] = append(to[m.From], m.To)
	}
	names := slices.SortedFunc(slices.Values(d.request.Select.Deleted), TableRef.Compare)
	for _, t := range slices.Compact(names) {
		switch {
		case len(to[t.In()]) == 0:
			d.fail(InvalidRequest, t.object(), "select.deleted", "map its dataset, or leave it out",
				"is in no dataset that the plan clones")
		case d.table(t) != nil:
			d.fail(InvalidRequest, t.object(), "select.deleted", "leave it out",
				"is there: it was not deleted, or made again since, and then BigQuery does not say which of the two a time names")
		default:
			for _, dataset := range to[t.In()] {
				d.steps = append(d.steps, Step{Kind: UndeleteTable, Source: t, Destination: dataset.Table(t.Table)})
			}
		}
	}
}

func (d *draft) skip(t TableRef, reason string) {
	d.skipped = append(d.skipped, Skipped{Object: t, Reason: reason})
}

func (d *draft) fail(rule string, object bulkhead.Ref, field, fix, format string, args ...any) {
	d.findings = append(d.findings, bulkhead.Finding{
		Rule: rule, Severity: bulkhead.Error, Object: object, Field: field, Message: fmt.Sprintf(format, args...), Fix: fix,
	})
}

func (d *draft) warn(rule string, object bulkhead.Ref, field, fix, format string, args ...any) {
	d.findings = append(d.findings, bulkhead.Finding{
		Rule: rule, Severity: bulkhead.Warning, Object: object, Field: field, Message: fmt.Sprintf(format, args...), Fix: fix,
	})
}
