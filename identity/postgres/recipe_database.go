// SPDX-License-Identifier: Apache-2.0

package postgres

import (
	"fmt"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/identity/recipe"
)

// SeparateDatabase returns the recipe that gives staging a database of its own in
// production's server, and closes all others to it: the tighter of the two.
//
// Whoever connects to a database because everybody may is granted that explicitly before
// everybody may not, so nobody of production loses anything. Take the snapshot just
// before: a role that was made since is not shut out, the recipe stops.
//
// What the recipe makes is made once. A role, database or schema of the same name that
// is not as the recipe makes it is somebody else's, and left alone. A mistake in the plan
// is a [*bulkhead.InvalidError] with all there are.
func (s *Snapshot) SeparateDatabase(p Plan) (Recipe, error) {
	w := worldOf(s, Boundary{Away: p.Away})
	errs := p.judge(w)
	if w.whole(p.Database) {
		errs = append(errs, field.Invalid(field.NewPath("database"), p.Database, "is production's"))
	}
	if d := w.databases[p.Database]; d != nil && w.holds(d) && !w.whole(p.Database) {
		errs = append(errs, field.Invalid(field.NewPath("database"), p.Database, "holds something of production"))
	}
	if p.Connections < 1 {
		errs = append(errs, field.Invalid(field.NewPath("connections"), p.Connections, "a limit is needed, or staging may take all connections of the server"))
	}
	if err := refuse("Plan", errs); err != nil {
		return Recipe{}, err
	}
	k := &cook{world: w, Plan: p}
	k.makeRoles()
	k.makeDatabase()
	k.grant(databaseTarget(p.Database), "database "+p.Database, "CONNECT")
	k.closeDatabases()
	k.closePublicSchema()
	k.makeSchema()
	k.add(recipe.Statement{
		Database: p.Database,
		Text:     "ALTER DATABASE " + identifier(p.Database) + " SET search_path = " + identifier(p.Schema),
		Done: "SELECT EXISTS (SELECT FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase WHERE s.setrole = 0 AND d.datname = " + literal(p.Database) +
			" AND " + inPath(p.Schema) + " = ANY (s.setconfig))",
		Undo:    "ALTER DATABASE " + identifier(p.Database) + " RESET search_path",
		Changes: "staging finds its objects in schema " + p.Schema,
	})
	k.open("all roles see the names of all databases and roles, and statistics of each database")
	k.open("CPU, memory, disks and the log are shared; statement_timeout and work_mem of a role are defaults that it may change")
	return k.Recipe, nil
}

// closeDatabases closes all databases but staging's own to everybody.
func (k *cook) closeDatabases() {
	for _, d := range byKey(k.Databases, func(d Database) string { return d.Name }) {
		if d.Name != k.Database || k.shared(&d) {
			k.closeDatabase(&d)
		}
	}
}

func (k *cook) makeDatabase() {
	name := identifier(k.Database)
	is := "SELECT EXISTS (SELECT FROM pg_database WHERE datname = " + literal(k.Database)
	k.add(recipe.Statement{
		Text: "CREATE DATABASE " + name + " OWNER " + identifier(k.Owner) + " TEMPLATE template0 " + limit(k.Connections),
		Done: is + " AND pg_get_userbyid(datdba) = " + literal(k.Owner) + " AND datconnlimit = " + fmt.Sprint(k.Connections) + ")",
		// Another database of this name is production's, for all we know.
		Refuse:  is + ")",
		Undo:    "DROP DATABASE " + name,
		Changes: "database " + k.Database + " is staging's; what somebody put into template1 is not in it",
	})
	t := databaseTarget(k.Database)
	k.add(recipe.Statement{
		Text: "REVOKE ALL ON DATABASE " + name + " FROM PUBLIC", Done: t.withdrawn([]string{"CONNECT", "TEMPORARY", "CREATE"}),
		Undo: "GRANT CONNECT, TEMPORARY ON DATABASE " + name + " TO PUBLIC", Changes: "not everybody connects to staging",
	})
}

func (k *cook) closePublicSchema() {
	t := schemaTarget(k.Database, "public")
	k.add(recipe.Statement{
		Database: k.Database,
		Text:     "REVOKE ALL ON SCHEMA public FROM PUBLIC", Done: t.withdrawn([]string{"USAGE", "CREATE"}),
		Undo: "GRANT USAGE ON SCHEMA public TO PUBLIC", Changes: "nothing that is put into schema public is everybody's",
	})
}

// inPath is how a search path of one schema stands in pg_db_role_setting: quoted where it
// has to be (PostgreSQL 18, src/backend/utils/misc/guc_funcs.c,
// flatten_set_variable_args).
func inPath(schema string) string { return "'search_path=' || quote_ident(" + literal(schema) + ")" }
