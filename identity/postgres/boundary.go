// SPDX-License-Identifier: Apache-2.0

package postgres

import (
	"slices"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// A Boundary is what is asked about.
type Boundary struct {
	From []string // the roles that staging logs in as
	Away Production
}

// Production is what staging shall not act on. A table that one of the roles owns is
// production's wherever it is.
type Production struct {
	Roles     []string     // that production logs in as, and those that own its objects
	Databases []string     // that are production's alone
	Schemas   []SchemaName // production's in databases that both sides use
}

// A SchemaName names a schema of a database.
type SchemaName struct {
	Database, Name string
}

// judge returns what is wrong with the question. A name that the snapshot does not have
// is a mistake: nothing crosses to what is not there.
func (s *Snapshot) judge(b Boundary) error {
	w := worldOf(s, b)
	errs := s.judgeVersion()
	from, away := field.NewPath("from"), field.NewPath("away")
	if len(b.From) == 0 {
		errs = append(errs, field.Required(from, "no role"))
	}
	errs = append(errs, w.unknownRoles(from, b.From)...)
	for i, role := range b.From {
		if w.production(role) {
			errs = append(errs, field.Invalid(from.Index(i), role, "is on both sides"))
		}
		if named(role) || managed(role) {
			errs = append(errs, field.Invalid(from.Index(i), role, "is a role that nobody logs in as"))
		}
	}
	errs = append(errs, w.judgeProduction(away, b.Away)...)
	return refuse("Boundary", errs)
}

func (w *world) judgeProduction(away *field.Path, p Production) field.ErrorList {
	var errs field.ErrorList
	if len(p.Roles)+len(p.Databases)+len(p.Schemas) == 0 {
		errs = append(errs, field.Required(away, "no role, no database and no schema"))
	}
	errs = append(errs, w.unknownRoles(away.Child("roles"), p.Roles)...)
	for i, name := range p.Databases {
		if w.databases[name] == nil {
			errs = append(errs, field.NotFound(away.Child("databases").Index(i), name))
		}
	}
	for i, schema := range p.Schemas {
		at := away.Child("schemas").Index(i)
		d := w.databases[schema.Database]
		switch {
		case d == nil:
			errs = append(errs, field.NotFound(at.Child("database"), schema.Database))
		case d.Contents != nil && !slices.ContainsFunc(d.Contents.Schemas, func(s Schema) bool { return s.Name == schema.Name }):
			errs = append(errs, field.NotFound(at.Child("name"), schema.Name))
		}
	}
	return errs
}

func (w *world) unknownRoles(at *field.Path, names []string) field.ErrorList {
	var errs field.ErrorList
	for i, name := range names {
		if _, ok := w.roles[name]; !ok {
			errs = append(errs, field.NotFound(at.Index(i), name))
		}
	}
	return errs
}

// refuse returns the mistakes as one error, if there are any.
func refuse(kind string, errs field.ErrorList) error {
	if len(errs) == 0 {
		return nil
	}
	return &bulkhead.InvalidError{Object: bulkhead.Ref{Group: group, Kind: kind}, Errs: errs}
}
