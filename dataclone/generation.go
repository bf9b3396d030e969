// SPDX-License-Identifier: Apache-2.0

package dataclone

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// generation is how the name of a dataset says the plan's time, in UTC.
const generation = "_g20060102T150405"

// Resolve returns the datasets with the names that [PlanDataset] gives the
// destinations: with [Selection.Generation] they contain the time at which tables are
// read. So whoever reads a catalog knows which datasets to ask for. Now is BigQuery's
// time, that of the catalog.
func (r Request) Resolve(now time.Time, datasets ...Mapping) []Mapping {
	out := slices.Clone(datasets)
	if r.Select.Generation {
		for i := range out {
			out[i].To.Dataset += r.asOf(now).Format(generation)
		}
	}
	slices.SortFunc(out, Mapping.compare)
	return slices.Compact(out)
}

// Generations returns the datasets of a catalog that [PlanDataset] named as
// generations of base, and that carry the mark of the environment, the oldest first.
func Generations(c Catalog, base DatasetRef, environment string) []DatasetRef {
	type dated struct {
		ref  DatasetRef
		asOf time.Time
	}
	var found []dated
	for _, d := range c.Datasets {
		suffix, ok := strings.CutPrefix(d.Ref.Dataset, base.Dataset)
		asOf, err := time.Parse(generation, suffix)
		mark, owned := MarkOf(d.Labels)
		if ok && err == nil && owned && !d.Absent && d.Ref.Project == base.Project && mark.Environment == environment {
			found = append(found, dated{d.Ref, asOf})
		}
	}
	slices.SortFunc(found, func(a, b dated) int { return cmp.Or(a.asOf.Compare(b.asOf), a.ref.Compare(b.ref)) })
	var out []DatasetRef
	for _, d := range slices.Compact(found) {
		out = append(out, d.ref)
	}
	return out
}

// asOf is the time at which a plan reads.
func (r Request) asOf(now time.Time) time.Time {
	if r.AsOf.IsZero() {
		return plain(now.Add(-margin))
	}
	return plain(r.AsOf)
}

// plain is a time in UTC and whole milliseconds, as a plan holds it. Of a year that
// BigQuery's client cannot write, it is the zero time
// (cloud.google.com/go/bigquery v1.86.2, table.go: 1678 to 2262).
func plain(t time.Time) time.Time {
	t = t.UTC().Truncate(time.Millisecond)
	if t.Year() < 1678 || t.Year() > 2262 {
		return time.Time{}
	}
	return t
}

// stamp writes a time for people.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
