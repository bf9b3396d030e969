// SPDX-License-Identifier: Apache-2.0

package dataclone

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
)

// A judge finds what is wrong with a plan.
type judge struct {
	*draft
	plan    *Plan
	sources []DatasetRef            // what the plan reads, in order
	targets []DatasetRef            // what its steps want to write, in order
	refused map[DatasetRef]bool     // what of targets must not be written
	unread  map[unread]*unreadCount // evidence that is missing of tables
}

func newJudge(d *draft, p *Plan) *judge {
	sources, targets := make(map[DatasetRef]bool), make(map[DatasetRef]bool)
	for _, m := range p.Datasets {
		sources[m.From], targets[m.To] = true, true
	}
	for _, s := range d.steps {
		targets[s.Target()] = true
		if s.Destination != (TableRef{}) {
			targets[s.Destination.In()] = true
		}
	}
	return &judge{
		draft: d, plan: p,
		sources: slices.SortedFunc(maps.Keys(sources), DatasetRef.Compare),
		targets: slices.SortedFunc(maps.Keys(targets), DatasetRef.Compare),
		refused: make(map[DatasetRef]bool),
		unread:  make(map[unread]*unreadCount),
	}
}

// judge judges the plan when it has its steps. What decides which it has is judged
// before: by request, protection and destinations.
func (j *judge) judge() {
	j.times()
	j.expiry()
	j.places()
	j.limits()
	for i := range j.plan.Steps {
		s := &j.plan.Steps[i]
		j.names(s)
		if !s.copies() {
			continue
		}
		if t := j.table(s.Source); t == nil {
			j.missingSource(s)
		} else {
			j.source(s, t)
			j.rows(s, t)
			j.partitions(s, t)
		}
	}
}

// all returns the findings, with those about the catalog.
func (j *judge) all() bulkhead.Findings {
	j.reportUnread()
	return slices.Concat(j.flaws, j.findings).Sorted()
}

// object is the plan that is asked for, as findings name it.
func (r Request) object() bulkhead.Ref {
	return bulkhead.Ref{Group: host, Kind: "Plan", Name: abridged(r.Environment)}
}

// unread is one kind of evidence of the tables of one dataset.
type unread struct {
	dataset     DatasetRef
	field, what string
}

type unreadCount struct {
	first  string
	tables int
}

// missing notes that something was not read of a table. There is one finding for all
// tables of a dataset, since most often nobody asked for any.
func (j *judge) missing(t *Table, field, what string) {
	key := unread{t.Ref.In(), field, what}
	if j.unread[key] == nil {
		j.unread[key] = &unreadCount{first: t.Ref.Table}
	}
	count := j.unread[key]
	count.first = min(count.first, t.Ref.Table)
	count.tables++
}

func (j *judge) reportUnread() {
	for key, count := range j.unread {
		tables := fmt.Sprintf("table %s", abridged(count.first))
		if count.tables > 1 {
			tables = fmt.Sprintf("%d tables, such as %s,", count.tables, abridged(count.first))
		}
		j.warn(EvidenceMissing, key.dataset.object(), key.field, "read it into the catalog", "of %s %s", tables, key.what)
	}
}

// location says where a dataset is, for messages.
func location(d *Dataset) string { return cmp.Or(d.Location, "a place that is not known") }
