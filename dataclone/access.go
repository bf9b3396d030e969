// SPDX-License-Identifier: Apache-2.0

package dataclone

import (
	"maps"
	"slices"
	"strings"
)

// access judges the access lists: who of a destination reads production, and who reads
// a destination. No access list is ever copied.
func (d *draft) access() {
	mappings := d.allMappings()
	protected := d.protectedSources()
	judged := map[DatasetRef]bool{}
	for _, m := range mappings {
		if !judged[m.From] {
			judged[m.From] = true
			d.authorized(m.From, mappings)
		}
	}
	targets := map[DatasetRef][]DatasetRef{}
	for _, m := range mappings {
		targets[m.To] = append(targets[m.To], m.From)
	}
	for _, to := range slices.SortedFunc(maps.Keys(targets), DatasetRef.Compare) {
		d.readers(to, targets[to], protected)
	}
}

// protectedSources are the datasets of which columns with policy tags are copied to
// where the destination's readers are.
func (d *draft) protectedSources() map[DatasetRef]bool {
	out := map[DatasetRef]bool{}
	for _, s := range d.steps {
		if t := d.table(s.Source); s.copies() && t != nil && s.Destination.In() != d.request.Data.Private &&
			len(d.request.Data.personalColumns(t.Columns)) > 0 {
			out[s.Source.In()] = true
		}
	}
	return out
}

// authorized finds entries of a source that let something of a destination read it,
// and those of views whose clones would have to be let in as well.
func (d *draft) authorized(source DatasetRef, mappings []Mapping) {
	known := d.datasets[source]
	if known == nil {
		return
	}
	for _, a := range known.Access {
		dataset, what := a.Dataset, "all views of "+a.Dataset.String()
		if a.View != (TableRef{}) {
			dataset, what = a.View.In(), "the view "+a.View.String()
		}
		if dataset == (DatasetRef{}) {
			continue
		}
		if slices.ContainsFunc(mappings, func(m Mapping) bool { return same(m.To, dataset) }) {
			d.fail(AuthorizedViewLeak, source.object(), "access", "remove the entry from production's access list",
				"lets %s read it, so whoever may read or replace that in staging reads production", what)
		}
		if i := slices.IndexFunc(mappings, func(m Mapping) bool { return m.From == dataset }); i >= 0 {
			d.warn(AuthorizationNotCopied, source.object(), "access", "authorize the clone in the destination, if its readers do not read both datasets",
				"lets %s read it, and the plan does not authorize what it makes of that in %s", what, mappings[i].To)
		}
	}
}

// readers judges who reads a destination that is there.
func (d *draft) readers(to DatasetRef, sources []DatasetRef, protected map[DatasetRef]bool) {
	known := d.datasets[to]
	if known == nil || known.Absent {
		return
	}
	tagged := slices.ContainsFunc(sources, func(s DatasetRef) bool { return protected[s] })
	if known.Access == nil && tagged {
		d.warn(EvidenceMissing, to.object(), "access", "read the catalog as one who may see the access list",
			"was not read, so nobody knows who reads the personal data that the plan puts there")
	}
	for _, a := range known.Access {
		everybody := public(a.Member) && !slices.ContainsFunc(sources, func(s DatasetRef) bool { return d.admits(s, a.Member) })
		if everybody || tagged && (public(a.Member) || strings.HasPrefix(a.Member, "domain:")) {
			d.fail(DestinationPublic, to.object(), "access", "remove the entry",
				"lets %s read what the plan puts there", a.Member)
		}
	}
}
