// SPDX-License-Identifier: Apache-2.0

package postgres

import (
	"slices"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/identity/recipe"
)

// SeparateSchema returns the recipe that gives staging a schema in a database that
// production uses too, and takes from everybody what would let it act on production. It
// is the weaker of the two: see [Recipe].Open, and the findings of [Snapshot.NoAccess].
//
// It keeps what SeparateDatabase promises. The contents of the database have to be in the
// snapshot, and production's side has to name its schemas there.
func (s *Snapshot) SeparateSchema(p Plan) (Recipe, error) {
	sorted, err := s.sorted()
	if err != nil {
		return Recipe{}, err
	}
	w := worldOf(sorted, Boundary{Away: p.Away})
	errs := p.judge(w)
	at := field.NewPath("database")
	switch d := w.databases[p.Database]; {
	case d == nil:
		errs = append(errs, field.NotFound(at, p.Database))
	case w.whole(p.Database):
		errs = append(errs, field.Invalid(at, p.Database, "is production's alone"))
	case d.Contents == nil:
		errs = append(errs, field.Invalid(at, p.Database, "was not read"))
	case !w.shared(d):
		errs = append(errs, field.Invalid(at, p.Database, "holds nothing of production; give staging a database of its own"))
	}
	if p.Connections != 0 {
		errs = append(errs, field.Forbidden(field.NewPath("connections"), "the database is production's too"))
	}
	if w.away[schemaRef(p.Database, p.Schema)] {
		errs = append(errs, field.Invalid(field.NewPath("schema"), p.Schema, "is production's"))
	}
	if err := refuse("Plan", errs); err != nil {
		return Recipe{}, err
	}
	k := &cook{world: w, Plan: p}
	k.makeRoles()
	k.grant(databaseTarget(p.Database), "database "+p.Database, "CONNECT")
	k.closeDatabases()
	k.withdrawAll()
	k.futureFunctions()
	k.makeSchema()
	for _, u := range p.Users {
		k.searchPath(u)
	}
	k.open("staging sees the names of production's tables and columns, the sources of its functions, and the names of databases and roles")
	k.open("staging shares notifications and advisory locks with production, and may make large objects")
	k.open("CPU, memory, disks and the log are shared; statement_timeout and work_mem of a role are defaults that it may change")
	return k.Recipe, nil
}

// everyone is nobody in particular: a name that no role can have.
const everyone = "\x00everyone"

// withdrawAll asks what a role could do that has what everybody has, and takes that from
// everybody, until it can do nothing.
func (k *cook) withdrawAll() {
	k.Roles = append(k.Roles, Role{Name: everyone, Login: true})
	k.roles[everyone] = k.Roles[len(k.Roles)-1]
	defer func() {
		k.Roles = k.Roles[:len(k.Roles)-1]
		delete(k.roles, everyone)
	}()
	d := k.databases[k.Database]
	d.Grants = append(d.Grants, Grant{Grantee: everyone, Grantor: d.Owner, Privileges: []string{"CONNECT"}})
	defer func() { d.Grants = d.Grants[:len(d.Grants)-1] }()
	for _, s := range d.Contents.Schemas {
		if k.inside(k.Database, s.Name) { // closes what is in it, too
			k.withdrawPublic(withdrawal{target: schemaTarget(k.Database, s.Name), grants: s.Grants, owner: s.Owner, privileges: []string{"USAGE", "CREATE"}})
		}
	}
	for {
		c := newCourt(k.world)
		if v := c.visit(everyone, d); v != nil {
			v.judge()
		}
		again := false
		for _, b := range c.breached() {
			found, ok := c.withdrawals[b.Change]
			if !ok {
				k.open("%s: %s", b.Rule, b.Change.Text)
				continue
			}
			again = k.withdrawPublic(found) || again
		}
		if !again {
			return
		}
	}
}

// A withdrawal is what a change takes from somebody.
type withdrawal struct {
	target     target
	grants     []Grant // of the snapshot
	owner      string
	privileges []string
}

// withdrawPublic takes from everybody what everybody has of a withdrawal, here as in the
// recipe, and says whether that was anything.
func (k *cook) withdrawPublic(w withdrawal) bool {
	i := slices.IndexFunc(w.grants, func(g Grant) bool { return g.Grantee == Public && g.Grantor == w.owner })
	if i < 0 {
		return false
	}
	var has, left []string
	for _, privilege := range w.grants[i].Privileges {
		if slices.Contains(w.privileges, privilege) {
			has = append(has, privilege)
		} else {
			left = append(left, privilege)
		}
	}
	if len(has) == 0 {
		return false
	}
	k.withdraw(w.target, w.grants, w.owner, has, w.target.sql)
	w.grants[i].Privileges = left
	return true
}

// futureFunctions takes from everybody the right to run functions that production makes
// from now on, by each role that makes some. It holds for all schemas, since default
// privileges of one schema only add to these (PostgreSQL 18 documentation, ALTER DEFAULT
// PRIVILEGES).
func (k *cook) futureFunctions() {
	d := k.databases[k.Database]
	for _, r := range byKey(k.Roles, func(r Role) string { return r.Name }) {
		makes := k.production(r.Name) ||
			slices.ContainsFunc(d.Contents.Relations, func(x Relation) bool { return x.Owner == r.Name && k.inside(d.Name, x.Schema) }) ||
			slices.ContainsFunc(d.Contents.Functions, func(x Function) bool { return x.Owner == r.Name && k.inside(d.Name, x.Schema) })
		if !makes || r.Superuser {
			continue
		}
		t := target{database: d.Name, acl: "SELECT coalesce((SELECT defaclacl FROM pg_default_acl WHERE defaclrole = x.oid AND defaclnamespace = 0 AND defaclobjtype = 'f'), acldefault('f', x.oid)) FROM pg_roles x WHERE x.rolname = " + literal(r.Name)}
		at, execute := "ALTER DEFAULT PRIVILEGES FOR ROLE "+identifier(r.Name), []string{"EXECUTE"}
		if others := k.relying(nil, r.Name, "EXECUTE", d.Name); len(others) > 0 {
			k.add(recipe.Statement{
				Database: d.Name, Text: at + " GRANT EXECUTE ON FUNCTIONS TO " + identifiers(others), Done: t.granted(execute, others),
				Undo: at + " REVOKE EXECUTE ON FUNCTIONS FROM " + identifiers(others), Changes: "the roles of now may run the functions that " + r.Name + " makes",
			})
		}
		k.add(recipe.Statement{
			Database: d.Name, Text: at + " REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC", Done: t.withdrawn(execute),
			Undo: at + " GRANT EXECUTE ON FUNCTIONS TO PUBLIC", Changes: "not everybody may run the functions that " + r.Name + " makes from now on",
		})
	}
}

// searchPath makes a user find staging's schema first. A role that was made elsewhere is
// not altered.
func (k *cook) searchPath(u User) {
	if u.Existing {
		k.open("%s was made elsewhere: set its search_path to %s", shown(u.Name), shown(k.Schema))
		return
	}
	at := "ALTER ROLE " + identifier(u.Name) + " IN DATABASE " + identifier(k.Database)
	k.add(recipe.Statement{
		Database: k.Database,
		Text:     at + " SET search_path = " + identifier(k.Schema),
		Done: "SELECT EXISTS (SELECT FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase WHERE pg_get_userbyid(s.setrole) = " + literal(u.Name) +
			" AND d.datname = " + literal(k.Database) + " AND " + inPath(k.Schema) + " = ANY (s.setconfig))",
		Undo:    at + " RESET search_path",
		Changes: u.Name + " finds its objects in schema " + k.Schema,
	})
}
