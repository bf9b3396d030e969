// SPDX-License-Identifier: Apache-2.0

package dataclone

import (
	"slices"
	"strings"
)

// Stages of what is masked: clones come first, then the views, then what opens the
// clones to the views.
const (
	maskStage      = firstStage + 1
	authorizeStage = firstStage + 2
)

// authorizedLimit is how many views, datasets and routines the access list of a dataset
// may hold ("Authorized views", Share all views in a dataset).
const authorizedLimit = 2500

// A maskedTable is a step that copies personal data, and what is personal in it.
type maskedTable struct {
	step    *Step
	table   *Table
	columns []personalColumn
}

// mask sends clones with personal data into the private dataset, and puts in their
// place views that mask it.
func (d *draft) mask() {
	var masked []maskedTable
	var places []TableRef
	d.eachPersonal(func(s *Step, t *Table, columns []personalColumn) {
		masked = append(masked, maskedTable{s, t, columns})
		places = append(places, s.Destination)
	})
	if len(masked) == 0 || !d.privateDataset() {
		return
	}
	private := d.request.Data.Private
	names := privateNames(places)
	var made []Step
	for _, m := range masked {
		view := Step{Kind: CreateView, Stage: maskStage, Source: m.step.Source, Destination: m.step.Destination}
		m.step.Destination = private.Table(names[view.Destination])
		if query, ok := d.maskingQuery(m); ok {
			view.View = &View{Query: query, Description: m.table.Description, ColumnDescriptions: descriptions(m.table.Columns)}
			made = append(made, view, Step{Kind: AuthorizeView, Stage: authorizeStage, Dataset: private, Destination: view.Destination})
		}
	}
	d.steps = append(d.steps, made...)
	known := d.datasets[private]
	if known != nil && known.Absent {
		d.steps = append(d.steps, Step{Kind: CreateDataset, Dataset: private, Private: true})
	}
	d.authorizedLimit(private, len(masked))
}

// authorizedLimit counts the entries that the access list of the private dataset has in
// the end.
func (d *draft) authorizedLimit(private DatasetRef, more int) {
	if known := d.datasets[private]; known != nil {
		for _, a := range known.Access {
			if a.Member == "" {
				more++
			}
		}
	}
	if more > authorizedLimit {
		d.fail(TooManyAuthorized, private.object(), "access", "split the plan, with a private dataset for each part",
			"would authorize %d views, datasets and routines, of at most %d", more, authorizedLimit)
	}
}

// maskingQuery writes the query of a masking view. It names each column, and takes none
// by a star: the clone may have columns of its time that the catalog of today does not
// know, and those must not come along.
func (d *draft) maskingQuery(m maskedTable) (string, bool) {
	ok := d.filterable(m)
	of := map[string][]personalColumn{}
	for _, p := range m.columns {
		of[p.column] = append(of[p.column], p)
	}
	items := make([]string, 0, len(m.table.Columns))
	for _, c := range m.table.Columns {
		item := quotePath(c.Name)
		if personal := of[c.Name]; len(personal) > 0 {
			value, maskable := d.maskedValue(m, c, personal)
			ok = ok && maskable
			item = value + " AS " + item
		}
		items = append(items, item)
	}
	return "SELECT " + strings.Join(items, ", ") + " FROM " + quotePath(m.step.Destination.String()), ok
}

// maskedValue writes what stands in the place of a column of which some fields, or all,
// are personal.
func (d *draft) maskedValue(m maskedTable, c Column, personal []personalColumn) (string, bool) {
	object := m.table.Ref.object()
	hash := false
	for _, p := range personal {
		mask := d.request.Data.maskOf(p.path)
		if mask != HashMask {
			continue
		}
		if c.Mode == "REPEATED" || c.Type != "STRING" && c.Type != "BYTES" {
			d.fail(MaskType, object, columnField(p.path), "mask it by null",
				"is no column of type STRING or BYTES that is not repeated, so it cannot be hashed")
			return "", false
		}
		hash = true
		if p.tagged {
			d.warn(MaskTagged, object, columnField(p.path), "mask it by null, or let the readers of the view read the policy tag",
				"is hashed and has a policy tag: whoever reads the hash needs the right to read the column, through an authorized view too")
		}
	}
	if hash {
		return hashOf(c), true
	}
	value, ok := nullOf(c)
	if !ok {
		d.fail(MaskType, object, columnField(c.Name), "exclude the table",
			"has the type %q, whose NULL cannot be written from what the catalog says", abridged(c.Type))
	}
	return value, ok
}

// hashOf writes the SHA-256 of a column, in its type.
func hashOf(c Column) string {
	if c.Type == "BYTES" {
		return "SHA256(" + quotePath(c.Name) + ")"
	}
	return "TO_HEX(SHA256(" + quotePath(c.Name) + "))"
}

// nullOf writes a value of the type of a column with nothing in it. It does not name
// the column, so that no right to read the column is asked for.
func nullOf(c Column) (string, bool) {
	name, ok := typeOf(c)
	if c.Mode == "REPEATED" { // an array is never NULL in a table
		return name + "[]", ok
	}
	return "CAST(NULL AS " + name + ")", ok
}

// typeOf writes the type of a column in GoogleSQL.
func typeOf(c Column) (string, bool) {
	name, ok := scalarTypes()[c.Type]
	if c.Type == "RECORD" || c.Type == "STRUCT" {
		fields := make([]string, 0, len(c.Fields))
		ok = len(c.Fields) > 0
		for _, f := range c.Fields {
			inner, known := typeOf(f)
			ok = ok && known
			fields = append(fields, quotePath(f.Name)+" "+inner)
		}
		name = "STRUCT<" + strings.Join(fields, ", ") + ">"
	}
	if c.Mode == "REPEATED" {
		name = "ARRAY<" + name + ">"
	}
	return name, ok
}

// scalarTypes are the types of the REST resource and what GoogleSQL calls them ("Method
// tables.get", TableFieldSchema). A RANGE is not there: its element type is elsewhere.
func scalarTypes() map[string]string {
	return map[string]string{
		"STRING": "STRING", "BYTES": "BYTES", "INTEGER": "INT64", "INT64": "INT64", "FLOAT": "FLOAT64", "FLOAT64": "FLOAT64",
		"BOOLEAN": "BOOL", "BOOL": "BOOL", "TIMESTAMP": "TIMESTAMP", "DATE": "DATE", "TIME": "TIME", "DATETIME": "DATETIME",
		"NUMERIC": "NUMERIC", "BIGNUMERIC": "BIGNUMERIC", "GEOGRAPHY": "GEOGRAPHY", "JSON": "JSON", "INTERVAL": "INTERVAL",
	}
}

// filterable reports whether a query of the view can name partitions, if it has to.
func (d *draft) filterable(m maskedTable) bool {
	partitioning := m.table.Partitioning
	if !partitioning.RequireFilter {
		return true
	}
	hidden := partitioning.Column == "" || slices.ContainsFunc(m.columns, func(p personalColumn) bool {
		return strings.EqualFold(p.path, partitioning.Column)
	})
	if hidden {
		d.fail(MaskedPartition, m.table.Ref.object(), "requirePartitionFilter", "exclude the table, or do not require a filter",
			"needs a filter on its partitions in every query, and a masking view has no column for one")
	}
	return !hidden
}

// descriptions returns those of columns, by their paths.
func descriptions(columns []Column) map[string]string {
	out := map[string]string{}
	var walk func(prefix string, columns []Column)
	walk = func(prefix string, columns []Column) {
		for _, c := range columns {
			if c.Description != "" {
				out[prefix+c.Name] = c.Description
			}
			walk(prefix+c.Name+".", c.Fields)
		}
	}
	walk("", columns)
	if len(out) == 0 {
		return nil
	}
	return out
}
