// SPDX-License-Identifier: Apache-2.0

package dataclone

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/dataclone/viewsql"
)

// publicProject has datasets that everybody may read, also staging.
const publicProject = "bigquery-public-data"

// A rewriter says what takes the place of datasets that definitions name.
type rewriter struct {
	// moves are those of the request's definitions, and kept what they map to itself.
	moves []Mapping
	kept  map[DatasetRef]bool
	// texts is how the texts of one dataset are rewritten.
	texts viewsql.Mapping
}

// newRewriter judges what the request says about further datasets. It reports whether
// texts can be rewritten at all.
func (d *draft) newRewriter() (rewriter, bool) {
	r := rewriter{kept: map[DatasetRef]bool{}}
	before := len(d.findings)
	for i, m := range d.request.Definitions.Datasets {
		field := fmt.Sprintf("definitions.datasets[%d]", i)
		switch {
		case d.production(m.To) != "":
			d.fail(ReferencesProd, d.request.object(), field, "map it to a dataset of staging",
				"would let staging's definitions name %s: %s", m.To, d.production(m.To))
		case slices.ContainsFunc(d.mappings, func(n Mapping) bool { return same(n.From, m.From) }):
			d.fail(InvalidRequest, d.request.object(), field, "remove it", "maps %s, which the plan clones", m.From)
		case m.From == m.To:
			r.kept[m.From] = true
		default:
			r.moves = append(r.moves, m)
		}
	}
	slices.SortFunc(r.moves, Mapping.compare)
	mapped := d.mapped()
	if mapped {
		if err := r.in(d, d.mappings[0]).texts.Validate(); err != nil {
			d.fail(InvalidRequest, d.request.object(), "definitions.datasets", "mend the mappings",
				"and the datasets of the plan cannot be mapped together: %v", err)
		}
	}
	return r, mapped && len(d.findings) == before
}

// mapped judges the datasets of the plan by themselves, and reports whether texts can
// be rewritten from the one to the other.
func (d *draft) mapped() bool {
	before := len(d.findings)
	for _, m := range d.mappings {
		for _, ref := range []DatasetRef{m.From, m.To} {
			if err := ref.Validate(); err != nil {
				d.fail(Names, ref.object(), "datasetReference", "choose another name", "%s", oneLine(err))
			}
		}
		if slices.ContainsFunc(d.mappings, func(n Mapping) bool { return same(n.From, m.To) }) {
			return false // DestinationIsSource
		}
	}
	return len(d.mappings) > 0 && len(d.findings) == before
}

// in returns r for texts of the dataset m.From. Where a source has several destinations,
// a text goes on in that of its own dataset.
func (r rewriter) in(d *draft, m Mapping) rewriter {
	out := viewsql.Mapping{DefaultProject: m.From.Project}
	done := map[DatasetRef]bool{}
	for _, n := range slices.Concat([]Mapping{m}, d.mappings, r.moves) {
		if done[n.From] {
			continue
		}
		done[n.From] = true
		from := d.datasets[n.From]
		out.Moves = append(out.Moves, viewsql.Move{From: viewsql.Dataset(n.From), To: viewsql.Dataset(n.To), FoldCase: from != nil && from.CaseInsensitive})
	}
	r.texts = out
	return r
}

// production says why a dataset is production's, or returns "".
func (d *draft) production(dataset DatasetRef) string {
	for _, m := range d.mappings {
		if same(m.From, dataset) {
			return "it is a source of the plan"
		}
	}
	var labels map[string]string
	if known := d.datasets[dataset]; known != nil {
		labels = known.Labels
	}
	return d.request.Protect.Protects(dataset, labels)
}

// A shape says what a text is.
type shape int

const (
	whole      shape = iota // a query or statements
	expression              // of one value
)

// rewrite returns a text with its references rewritten, and the references. What is
// wrong with it is a finding, and refuses the definition.
func (d *draft) rewrite(r rewriter, def *definition, text string, s shape) (string, []viewsql.Reference) {
	prefix, suffix := "", ""
	if s == expression {
		prefix, suffix = "SELECT (", "\n)" // a comment may end the text
	}
	out, err := r.texts.Rewrite(prefix + text + suffix)
	var refused *viewsql.RefusedError
	switch {
	case errors.As(err, &refused):
		for _, n := range refused.Notices {
			d.refuse(def, ruleOf(n.Reason), "exclude it, or write it in another way", "line %d: %s: %s", n.Line, abridged(n.Text), n.Detail)
		}
		return "", nil
	case err != nil:
		d.refuse(def, InvalidRequest, "mend the mappings", "cannot be rewritten: %v", err)
		return "", nil
	}
	if s == expression && viewsql.Query(out.SQL) != nil {
		d.refuse(def, SQLNotUnderstood, "exclude it", "is not one expression")
		return "", nil
	}
	for _, n := range out.Warnings {
		d.warn(ruleOf(n.Reason), def.object, def.field, "", "line %d: %s: %s", n.Line, abridged(n.Text), n.Detail)
	}
	for _, ref := range out.References {
		if !ref.Mapped() {
			d.unmapped(r, def, ref)
		}
	}
	return strings.TrimSuffix(strings.TrimPrefix(out.SQL, prefix), suffix), out.References
}

// unmapped judges a reference that stays as it is.
func (d *draft) unmapped(r rewriter, def *definition, ref viewsql.Reference) {
	dataset := DatasetRef{Project: ref.Project, Dataset: ref.Dataset}
	switch {
	case ref.Kind == viewsql.Array, ref.Kind == viewsql.Column:
	case ref.Kind == viewsql.Connection:
		d.refuse(def, RoutineConnection, "exclude it", "line %d: %s is a connection of production", ref.Line, abridged(ref.Text))
	case regional(ref) && !strings.Contains(ref.Text, ref.Project): // of the project that the definition is in
	case ref.Dataset == "" && ref.Kind != viewsql.InformationSchema: // of the statement or the session, or none
	case ref.Project == publicProject, r.kept[dataset]:
	case slices.ContainsFunc(d.mappings, func(m Mapping) bool { return same(m.To, dataset) }):
	case d.production(dataset) != "":
		d.refuse(def, ReferencesProd, "exclude it, or map the dataset by Definitions.Datasets",
			"line %d: would still name %s: %s", ref.Line, abridged(ref.Text), d.production(dataset))
	case slices.ContainsFunc(d.mappings, func(m Mapping) bool { return strings.EqualFold(m.From.Project, ref.Project) }):
		d.refuse(def, ReferencesProd, "map the dataset by Definitions.Datasets, or clone it too",
			"line %d: would still name %s, which is in the project of a source", ref.Line, abridged(ref.Text))
	default:
		d.refuse(def, UnmappedDataset, "map the dataset by Definitions.Datasets, to itself if staging may read it",
			"line %d: names %s, and nobody said what staging reads in its place", ref.Line, abridged(ref.Text))
	}
}

// regional reports whether a view of INFORMATION_SCHEMA is that of a project or region.
func regional(ref viewsql.Reference) bool {
	return ref.Kind == viewsql.InformationSchema && (ref.Dataset == "" || strings.HasPrefix(strings.ToLower(ref.Dataset), "region-"))
}

// refuse adds a finding about the text of a definition, which is not made then.
func (d *draft) refuse(def *definition, rule, fix, format string, args ...any) {
	def.refused = true
	d.fail(rule, def.object, def.field, fix, format, args...)
}

// ruleOf returns the rule about what a text was refused or noticed for.
func ruleOf(r viewsql.Reason) string {
	switch r {
	case viewsql.LegacySQL:
		return LegacySQL
	case viewsql.AmbiguousName, viewsql.DefaultDataset:
		return AliasAmbiguous
	case viewsql.DynamicSQL:
		return DynamicSQL
	case viewsql.ExternalQuery, viewsql.ExternalData:
		return ExternalData
	case viewsql.ProjectMetadata:
		return ProjectMetadata
	default:
		return SQLNotUnderstood
	}
}
