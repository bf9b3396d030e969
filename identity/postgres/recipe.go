// SPDX-License-Identifier: Apache-2.0

package postgres

import (
	"fmt"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/identity/recipe"
)

// A cook writes a recipe.
type cook struct {
	*world
	Plan
	Recipe
}

func (k *cook) add(s recipe.Statement) { k.Statements = append(k.Statements, s) }

func (k *cook) open(format string, args ...any) {
	k.Open = append(k.Open, fmt.Sprintf(format, args...))
}

// makeRoles makes the roles of staging. The owner is a member of nobody but, before
// PostgreSQL 16, inherits what pg_database_owner has of its database, schema public.
func (k *cook) makeRoles() {
	k.add(k.makeRole(k.Owner, "NOLOGIN INHERIT", "rolinherit AND NOT rolcanlogin", -1, Verifier{}, "owns what is staging's"))
	for _, u := range k.Users {
		if !u.Existing {
			k.add(k.makeRole(u.Name, "LOGIN NOINHERIT", "rolcanlogin AND NOT rolinherit", u.Connections, u.Verifier, "is whom staging logs in as; a role of this name that is there keeps its password"))
			continue
		}
		if k.world.roles[u.Name].ConnectionLimit < 0 {
			k.open("%s was made elsewhere and has no limit of connections", shown(u.Name))
		}
		for _, m := range k.members[u.Name] {
			if managed(m.Role) {
				k.add(recipe.Statement{
					Text: k.revokeRole(m), Undo: "GRANT " + identifier(m.Role) + " TO " + identifier(u.Name),
					Done:    "SELECT NOT EXISTS (SELECT FROM pg_auth_members WHERE pg_get_userbyid(roleid) = " + literal(m.Role) + " AND pg_get_userbyid(member) = " + literal(u.Name) + ")",
					Changes: u.Name + " is no " + m.Role + " any more",
				})
			}
		}
	}
	k.useOwner()
}

// makeRole makes a role, unless one is there that is just so. Another one of its name is
// somebody else's.
func (k *cook) makeRole(name, login, is string, connections int, v Verifier, changes string) recipe.Statement {
	s := recipe.Statement{
		Done: "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = " + literal(name) + " AND " + is +
			" AND NOT (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls) AND rolconnlimit = " + fmt.Sprint(connections) + ")",
		Refuse:  "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = " + literal(name) + ")",
		Undo:    "DROP ROLE " + identifier(name),
		Changes: "role " + name + " " + changes,
	}
	text := "CREATE ROLE " + identifier(name) + " " + login + " NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS " + limit(connections)
	if k.Version < optionsVersion { // who is no superuser may not even deny these there
		text = "CREATE ROLE " + identifier(name) + " " + login + " NOCREATEDB NOCREATEROLE " + limit(connections)
	}
	if v.text == nil {
		s.Text = text
		return s
	}
	return s.WithSecret(text+" PASSWORD ", literal(*v.text), "")
}

// useOwner lets who runs the recipe act for staging's owner. A superuser does anyway.
func (k *cook) useOwner() {
	s := recipe.Statement{
		Text:    "GRANT " + identifier(k.Owner) + " TO CURRENT_USER",
		Done:    "SELECT pg_has_role(current_user, " + literal(k.Owner) + ", 'USAGE')",
		Undo:    "REVOKE " + identifier(k.Owner) + " FROM CURRENT_USER",
		Changes: "who runs the recipe may act as " + k.Owner,
	}
	if k.Version >= optionsVersion {
		s.Text += " WITH INHERIT TRUE, SET TRUE"
		s.Done += " AND pg_has_role(current_user, " + literal(k.Owner) + ", 'SET')"
	}
	k.add(s)
}

// closeDatabase takes from everybody what everybody has on a database, after it was
// granted to those who have it in no other way: CONNECT to whoever logs in, TEMPORARY to
// whoever a session may be.
func (k *cook) closeDatabase(d *Database) {
	var public []string
	for _, g := range d.Grants {
		if g.Grantee != Public {
			continue
		}
		if g.Grantor != d.Owner {
			k.open("%s on database %s was granted to everybody by %s, who has to revoke it", strings.Join(g.Privileges, ", "), shown(d.Name), shown(g.Grantor))
			continue
		}
		public = g.Privileges
	}
	switch {
	case len(public) == 0 || !d.AllowConnections:
		return
	case slices.Contains([]string{"cloudsqladmin", "alloydbadmin", "rdsadmin", "azuresu"}, d.Owner):
		k.open("database %s belongs to the managed service, which nobody else may close", shown(d.Name))
		return
	}
	k.withdraw(databaseTarget(d.Name), d.Grants, d.Owner, public, d.Name)
}

// withdraw takes privileges from everybody that production may rely on.
func (k *cook) withdraw(t target, grants []Grant, owner string, privileges []string, what string) {
	for _, privilege := range privileges {
		roles := k.relying(grants, owner, privilege, t.database)
		if len(roles) == 0 {
			continue
		}
		one := []string{privilege}
		k.add(recipe.Statement{
			Database: t.database,
			Text:     "GRANT " + t.privileges(one) + " ON " + t.sql + " TO " + identifiers(roles),
			Done:     t.granted(one, roles),
			Undo:     "REVOKE " + t.privileges(one) + " ON " + t.sql + " FROM " + identifiers(roles),
			Changes:  "who has " + privilege + " on " + what + " as everybody has, keeps it",
		})
	}
	k.add(recipe.Statement{
		Database: t.database,
		Text:     "REVOKE " + t.privileges(privileges) + " ON " + t.sql + " FROM PUBLIC",
		Done:     t.withdrawn(privileges),
		Refuse:   k.newcomers(t, owner, privileges),
		Undo:     "GRANT " + t.privileges(privileges) + " ON " + t.sql + " TO PUBLIC",
		Changes:  "not everybody has " + strings.Join(privileges, ", ") + " on " + what,
	})
}

// relying returns the roles that have a privilege because everybody has.
func (k *cook) relying(grants []Grant, owner, privilege, database string) []string {
	var out []string
	for _, r := range k.Roles {
		if r.Superuser || named(r.Name) || k.staging(r.Name) || privilege == "CONNECT" && !r.Login {
			continue
		}
		dba := ""
		if d := k.databases[database]; d != nil {
			dba = d.Owner
		}
		has := k.walk(r.Name, dba, walk{inherit: true}).to
		own := has[owner] != nil || slices.ContainsFunc(grants, func(g Grant) bool {
			return g.Grantee != Public && has[g.Grantee] != nil && slices.Contains(g.Privileges, privilege)
		})
		if !own {
			out = append(out, r.Name)
		}
	}
	slices.Sort(out)
	return out
}

// newcomers is a query of whether a role would lose what it has because everybody has:
// one that was made after the snapshot.
func (k *cook) newcomers(t target, owner string, privileges []string) string {
	staging := []string{k.Owner}
	for _, u := range k.Users {
		staging = append(staging, u.Name)
	}
	return "SELECT EXISTS (SELECT FROM pg_roles r, unnest(ARRAY[" + literals(privileges) + "]) p WHERE NOT r.rolsuper AND left(r.rolname, 3) <> 'pg_' AND r.rolname NOT IN (" +
		literals(staging) + ") AND (p <> 'CONNECT' OR r.rolcanlogin) AND NOT pg_has_role(r.oid, " + literal(owner) + ", 'USAGE') AND NOT EXISTS (SELECT FROM aclexplode((" + t.acl +
		")) a WHERE a.grantee <> 0 AND a.privilege_type = p AND pg_has_role(r.oid, a.grantee, 'USAGE')))"
}

func identifiers(names []string) string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = identifier(name)
	}
	return strings.Join(out, ", ")
}

// grant gives staging's users privileges.
func (k *cook) grant(t target, what string, privileges ...string) {
	users := make([]string, len(k.Users))
	for i, u := range k.Users {
		users[i] = u.Name
	}
	k.add(recipe.Statement{
		Database: t.database,
		Text:     "GRANT " + t.privileges(privileges) + " ON " + t.sql + " TO " + k.names(),
		Done:     t.granted(privileges, users),
		Undo:     "REVOKE " + t.privileges(privileges) + " ON " + t.sql + " FROM " + k.names(),
		Changes:  "staging has " + strings.Join(privileges, ", ") + " on " + what,
	})
}

// makeSchema makes staging's schema.
func (k *cook) makeSchema() {
	k.add(recipe.Statement{
		Database: k.Database,
		Text:     "CREATE SCHEMA " + identifier(k.Schema) + " AUTHORIZATION " + identifier(k.Owner),
		Done:     "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = " + literal(k.Schema) + " AND pg_get_userbyid(nspowner) = " + literal(k.Owner) + ")",
		Refuse:   "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = " + literal(k.Schema) + ")",
		Undo:     "DROP SCHEMA " + identifier(k.Schema),
		Changes:  "schema " + k.Schema + " is staging's",
	})
	k.grant(schemaTarget(k.Database, k.Schema), "schema "+k.Schema, "USAGE", "CREATE")
}
