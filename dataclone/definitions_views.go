// SPDX-License-Identifier: Apache-2.0

package dataclone

import (
	"strings"

	"github.com/watertight-go/watertight/dataclone/viewsql"
)

// viewsOf makes the definitions of the views of a dataset that are selected.
func (d *draft) viewsOf(r rewriter, m Mapping, from *Dataset) []references {
	var out []references
	for i := range from.Tables {
		t := &from.Tables[i]
		if t.Type != LogicalView && t.Type != MaterializedView || !d.selected(t.Ref) || d.skipsDefinitions(t.Ref) {
			continue
		}
		def := &definition{
			object: t.Ref.object(), field: "view.query",
			step: Step{Kind: CreateView, Source: t.Ref, Destination: m.To.Table(t.Ref.Table)},
		}
		if t.Type == MaterializedView {
			def.field = "materializedView.query"
		}
		found := d.rewriteView(r, t, def)
		out = append(out, references{def, found})
	}
	return out
}

// rewriteView gives a definition its view, unless it has to be refused.
func (d *draft) rewriteView(r rewriter, t *Table, def *definition) []viewsql.Reference {
	switch {
	case t.View == nil:
		d.refuse(def, EvidenceMissing, "read the catalog again", "has no query in the catalog")
		return nil
	case t.View.LegacySQL || t.View.Resources:
		d.refuse(def, LegacySQL, "write the view in GoogleSQL, or exclude it", "is legacy SQL, whose references are not rewritten")
		return nil
	}
	text, found := d.rewrite(r, def, t.View.Query, whole)
	if err := viewsql.Query(text); err != nil && !def.refused {
		d.refuse(def, SQLNotUnderstood, "exclude the view", "is not one query: %v", err)
	}
	view := *t.View
	view.Query, view.Description, view.ColumnDescriptions = text, t.Description, descriptions(t.Columns)
	if t.Type == MaterializedView {
		d.materialize(t, def, &view, found)
	}
	def.step.View = &view
	return found
}

// materialize makes a materialized view as such if the request wants it, and otherwise
// takes from the view what only such ones have.
func (d *draft) materialize(t *Table, def *definition, view *View, found []viewsql.Reference) {
	if !d.request.Definitions.Materialize {
		*view = View{Query: view.Query, Description: view.Description, ColumnDescriptions: view.ColumnDescriptions}
		return
	}
	def.step.Kind = CreateMaterializedView
	view.Partitioning, view.Clustering, view.MaxStaleness = t.Partitioning, t.Clustering, t.MaxStaleness
	for _, ref := range found {
		if ref.Kind != viewsql.Table || !ref.Mapped() {
			continue
		}
		base := d.table(TableRef{ref.Project, ref.Dataset, ref.Name})
		what := ""
		switch {
		case strings.Contains(ref.Name, "*"):
			what = "a wildcard"
		case base == nil: // a missing dependency is found elsewhere
		case base.Type == MaterializedView:
			what = "a materialized view"
		case base.Type == ExternalTable:
			what = "an external table"
		case d.request.Select.Snapshots && base.Type != LogicalView:
			what = "what becomes a snapshot"
		}
		if what != "" {
			d.refuse(def, MaterializedViewBase, "leave Definitions.Materialize out, and it is made as a view",
				"reads %s in line %d, of which BigQuery materializes no view", what, ref.Line)
		}
	}
}
