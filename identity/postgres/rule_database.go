// SPDX-License-Identifier: Apache-2.0

package postgres

import (
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
)

const (
	// ConnectsToProduction is a role that may connect to a database of production.
	ConnectsToProduction = "postgres/connects-to-production"
	// Owns is an object that production uses and staging owns.
	Owns = "postgres/owns"
	// OpenDatabase is a database that everybody may connect to.
	OpenDatabase = "postgres/open-database"
	// TemporaryTables are files that staging fills the disk with.
	TemporaryTables = "postgres/temporary-tables"
	// Metadata is what shows in a database that both sides use.
	Metadata = "postgres/metadata"
	// EntersSchema is a schema of production that staging may use, if there were
	// something in it that it may.
	EntersSchema = "postgres/enters-schema"
	// CreatesInSchema is a schema of production in which staging makes objects.
	CreatesInSchema = "postgres/creates-in-schema"
)

// connects judges the ways into a database, and says whether one is that of its owner,
// to whom the rest follows.
func (v *visit) connects() (owner bool) {
	for _, d := range v.doors {
		switch {
		case d.owner && v.holds(v.db):
			owner = true
			v.breach(Owns, d.hops, d.change)
		case v.whole(v.db.Name):
			v.breach(ConnectsToProduction, d.hops, d.change)
		case d.public:
			v.warn(OpenDatabase, databaseRef(v.db.Name), d.change.Field, d.change.Text, "everybody may connect to %s, staging and production", v.db.Name)
		}
	}
	return owner
}

func (v *visit) temporary() {
	for _, s := range v.sources(v.db.Grants, v.db.Owner, "TEMPORARY") {
		ref := databaseRef(v.db.Name)
		v.warn(TemporaryTables, ref, s.field(), v.revoke(s, ref, databaseTarget(v.db.Name), v.db.Grants, v.db.Owner).Text,
			"%s may make temporary tables in %s, whose files are on the disk that all databases share", v.from, v.db.Name)
	}
}

func (v *visit) metadata() {
	if v.shared(v.db) {
		v.warn(Metadata, databaseRef(v.db.Name), "", "give staging a database of its own",
			"staging sees the names of production's tables and columns and the sources of its functions, and shares notifications and advisory locks with it")
	}
}

func (v *visit) schema(s Schema) {
	if !v.inside(v.db.Name, s.Name) {
		return
	}
	ref := schemaRef(v.db.Name, s.Name)
	if w := v.to[s.Owner]; w != nil {
		v.owns(w, ref, s.Owner, "ALTER SCHEMA "+identifier(s.Name)+" OWNER TO "+identifier(v.heir()))
	}
	into, enters := v.enters(s.Name) // who makes an object has to find the schema, too
	for _, source := range v.sources(s.Grants, s.Owner, "CREATE", "USAGE") {
		change := v.revoke(source, ref, schemaTarget(v.db.Name, s.Name), s.Grants, s.Owner)
		if enters && slices.Contains(source.privileges, "CREATE") {
			v.breach(CreatesInSchema, v.path(into, source.hops(ref)), change)
			continue
		}
		v.warn(EntersSchema, ref, change.Field, change.Text, "%s may use what is in %s as soon as one grant lets it", v.from, s.Name)
	}
}

func (v *visit) owns(w *way, ref bulkhead.Ref, owner, change string) {
	hop := bulkhead.Hop{Object: ref, Field: "owner", Text: "is owned by " + owner + ", and production uses it"}
	v.breach(Owns, v.path(w.hops(), []bulkhead.Hop{hop}), bulkhead.Change{Object: ref, Field: "owner", Text: change})
}
