// SPDX-License-Identifier: Apache-2.0

package viewsql

import (
	"slices"
	"strings"
)

// A Kind is what a reference is about.
type Kind string

const (
	// Table is a table, a view, a materialized view, a snapshot, or all tables that a
	// name with a wildcard covers.
	Table Kind = "table"
	// Routine is a function, a table function or a procedure.
	Routine Kind = "routine"
	// Model is a model of BigQuery ML.
	Model Kind = "model"
	// Schema is a dataset as a whole.
	Schema Kind = "schema"
	// InformationSchema is a view of INFORMATION_SCHEMA.
	InformationSchema Kind = "information-schema"
	// Column is a table's name before a column or in place of a row.
	Column Kind = "column"
	// Array is an array of an alias of the same query: FROM dataset.orders AS o, o.items.
	Array Kind = "array"
	// Connection is a connection to something outside of BigQuery.
	Connection Kind = "connection"
)

// A Reference is a name in a text that something else has.
type Reference struct {
	Kind  Kind
	Write bool // the statement changes it, or what it holds; a call of a procedure counts

	// Project, Dataset and Name are what it refers to. The project of a name without one
	// is the default project. Dataset is empty for a name without dataset, which a
	// temporary table, an argument or the dataset of a session may have. Name is as
	// written, with wildcards and decorators, and empty for a Schema.
	Project, Dataset, Name string

	To Dataset // what the dataset was rewritten to, or zero

	Position
	Text string // as it is written
}

// Mapped tells whether the reference was rewritten.
func (r Reference) Mapped() bool { return r.To != Dataset{} }

// resolution decides what the paths of a text refer to.
type resolution struct {
	*analysis
	mapping Mapping

	references []Reference
	edits      []edit
}

func (r *resolution) resolve() {
	for _, p := range r.paths {
		switch {
		case p.dashes:
			r.dashes(p)
		case p.place == Column:
			r.column(p)
		case p.place == Connection:
			r.add(p, Reference{Kind: Connection, Name: strings.Join(p.parts(), ".")})
		default:
			r.object(p)
		}
	}
}

// dashes refuses what looks like the table of a project with dashes, where GoogleSQL
// sees subtractions.
func (r *resolution) dashes(p path) {
	parts := p.parts()
	if len(parts) >= 3 && r.to(parts[0], parts[1]) != (Dataset{}) {
		r.notice(AmbiguousName, p.first, "a project with dashes stands in backticks here")
	}
}

// column handles a path in an expression, which names a table only if it says so by
// itself: with its project, or in one pair of backticks.
func (r *resolution) column(p path) {
	parts := p.parts()
	name, several := p.qualifier()
	if p.suspect && several && r.declared[name] && r.mentions(p) {
		r.notice(AmbiguousName, p.first, "the alias has the name of a mapped dataset or project")
		return
	}
	switch whole := len(p.components[0].parts); {
	case len(parts) >= 3 && r.to(parts[0], parts[1]) != Dataset{}:
		if several && (r.declared[name] || p.scope.sees(name, len(r.tokens))) {
			r.notice(AmbiguousName, p.first, "the alias has the name of a mapped project")
			return
		}
		r.qualified(p, Column, 2)
	case whole == 2 && r.to(r.mapping.DefaultProject, parts[0]) != Dataset{}:
		r.qualified(p, Column, 1)
	case p.misplaced && r.to(r.mapping.DefaultProject, parts[0]) != Dataset{}:
		r.notice(UnknownSyntax, p.first, "it may be a table, and no clause that is known has one here")
	}
}

// mentions tells whether the first part of a path is the name of a mapped dataset or of
// its project.
func (r *resolution) mentions(p path) bool {
	first := p.components[0].parts[0]
	for _, m := range r.mapping.Moves {
		if strings.EqualFold(first, m.From.Dataset) || strings.EqualFold(first, m.From.Project) {
			return true
		}
	}
	return false
}

// object handles a path in the place of an object.
func (r *resolution) object(p path) {
	if p.place == Routine {
		routine, ok := r.routine(p)
		if !ok {
			return
		}
		p = routine
	}
	parts := p.parts()
	if legacyColon(parts) {
		r.notice(LegacySQL, p.first, "a colon that is not behind the domain of a project is legacy SQL")
		return
	}
	if r.alias(p, parts) {
		return
	}
	if i := informationSchema(parts); i >= 0 {
		r.informationSchema(p, parts, i)
		return
	}
	named := 1 // parts of the name behind the dataset
	if p.place == Schema {
		named = 0
	}
	switch n := len(parts) - named; {
	case n == 0:
		if name := strings.ToLower(parts[0]); !r.tables[name] {
			r.add(p, Reference{Kind: p.place, Name: parts[0]})
		}
	case n == 1:
		r.qualified(p, p.place, 1)
	case n == 2 && r.to(parts[0], parts[1]) == Dataset{} && r.to(r.mapping.DefaultProject, parts[0]) != Dataset{}:
		r.notice(AmbiguousName, p.first, "it begins with a mapped dataset, or with a project of the same name")
	case n > 2 && (r.to(parts[0], parts[1]) != Dataset{} || r.to(r.mapping.DefaultProject, parts[0]) != Dataset{}):
		r.notice(UnknownSyntax, p.first, "the path of a table has more than three parts")
	default:
		r.qualified(p, p.place, 2)
	}
}

// routine returns the path of a function or procedure without the prefix SAFE, and false
// if it is none of a dataset.
func (r *resolution) routine(p path) (path, bool) {
	parts := p.parts()
	if strings.EqualFold(parts[0], "SAFE") && len(parts) > 1 {
		if len(p.components[0].parts) > 1 {
			r.notice(UnknownSyntax, p.first, "it may be a project or the prefix SAFE")
			return p, false
		}
		p.components, parts = p.components[1:], parts[1:]
	}
	switch {
	case len(parts) == 1: // built in, temporary, or an argument
		return p, false
	case !builtIn(parts):
		return p, true
	case r.to(r.mapping.DefaultProject, parts[0]) != (Dataset{}):
		r.notice(AmbiguousName, p.first, "the mapped dataset has the name of a group of built-in functions")
	}
	return p, false
}

// alias handles a path in the place of a table that begins with an alias, and tells
// whether it does. GoogleSQL takes it for an array then, before it looks for a WITH or a
// table of the name (ZetaSQL, zetasql/analyzer/resolver_query.cc,
// ResolveTablePathExpression).
func (r *resolution) alias(p path, parts []string) bool {
	name, several := p.qualifier()
	if !several || p.place != Table || p.write {
		return false
	}
	sees := p.scope.sees(name, p.first)
	if !sees && !r.declared[name] {
		return false
	}
	if r.mentions(p) {
		r.notice(AmbiguousName, p.first, "the alias has the name of a mapped dataset or project")
		return true
	}
	if sees {
		r.add(p, Reference{Kind: Array, Name: strings.Join(parts, ".")})
	}
	return sees
}

// legacyColon tells whether a path has a colon besides the one of a project with a
// domain, as in example.com:project.
func legacyColon(parts []string) bool {
	domain, id, found := strings.Cut(strings.Join(parts, "."), ":")
	return found && (!strings.Contains(domain, ".") || !strings.Contains(id, ".") || strings.Contains(id, ":"))
}

// builtIn tells whether a function belongs to a group of built-in functions
// or procedures (BigQuery documentation, "Functions (alphabetical)"; "System procedures
// reference"; the pages of functions in "BigQuery ML" and "AI functions").
func builtIn(parts []string) bool {
	if len(parts) != 2 {
		return false
	}
	switch strings.ToUpper(parts[0]) {
	case "AEAD", "AI", "BQ", "HLL_COUNT", "KEYS", "KLL_QUANTILES", "ML", "NET", "OBJ", "SAFE", "VECTOR_INDEX":
		return true
	}
	return false
}

// informationSchema returns which part is INFORMATION_SCHEMA, or -1.
func informationSchema(parts []string) int {
	for i := 0; i < len(parts) && i < 3; i++ {
		if strings.EqualFold(parts[i], "INFORMATION_SCHEMA") {
			return i
		}
	}
	return -1
}

// informationSchema handles a view of INFORMATION_SCHEMA, of a dataset, a region or a
// project (BigQuery documentation, "Introduction to INFORMATION_SCHEMA").
func (r *resolution) informationSchema(p path, parts []string, at int) {
	of := Reference{Kind: InformationSchema, Project: r.mapping.DefaultProject, Name: strings.Join(parts[at:], ".")}
	switch {
	case at == 2:
		of.Project, of.Dataset = parts[0], parts[1]
	case at == 1 && (strings.ContainsAny(parts[0], "-:") || r.project(parts[0])) && !isRegion(parts[0]):
		of.Project = parts[0]
	case at == 1:
		of.Dataset = parts[0]
	}
	if of.Dataset == "" || isRegion(of.Dataset) {
		r.notice(ProjectMetadata, p.first, "it covers all datasets of the project or the region")
		r.add(p, of)
		return
	}
	r.qualified(p, InformationSchema, at)
}

// project tells whether a name is that of a project with mapped datasets.
func (r *resolution) project(name string) bool {
	return slices.ContainsFunc(r.mapping.Moves, func(m Move) bool { return strings.EqualFold(m.From.Project, name) })
}

func isRegion(s string) bool { return len(s) > 7 && strings.EqualFold(s[:7], "region-") }

// qualified adds a reference that names its dataset in its first one or two parts, and
// the edit if the dataset is mapped.
func (r *resolution) qualified(p path, k Kind, parts int) {
	all := p.parts()
	ref := Reference{Kind: k, Project: r.mapping.DefaultProject, Dataset: all[parts-1], Name: strings.Join(all[parts:], ".")}
	if parts == 2 {
		ref.Project = all[0]
	}
	if ref.To = r.to(ref.Project, ref.Dataset); ref.Mapped() {
		r.edits = append(r.edits, p.moved(parts, ref.To)...)
	}
	r.add(p, ref)
}

func (r *resolution) to(project, dataset string) Dataset {
	return r.mapping.to(Dataset{Project: project, Dataset: dataset})
}

func (r *resolution) add(p path, ref Reference) {
	start := p.components[0].start
	ref.Write = p.write
	ref.Position = Position{Offset: start}
	ref.Text = r.sql[start:p.components[len(p.components)-1].end]
	r.references = append(r.references, ref)
}
