// SPDX-License-Identifier: Apache-2.0

package mysql

import (
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/identity/recipe"
)

// superuserRole is what Cloud SQL for MySQL gives users that its API makes without roles
// of their own (Cloud SQL documentation, "MySQL users").
const superuserRole = "cloudsqlsuperuser"

// statements make one account, and lock it to a database.
func (u User) statements(v *view, st Staging) []recipe.Statement {
	account := "User = " + literal(u.Name.User) + " AND Host = " + literal(u.Name.Host)
	foreign := u.foreign(account, v.onlyThis(st.Database))
	options := fmt.Sprintf(" REQUIRE %s WITH MAX_USER_CONNECTIONS %d", u.require(), u.MaxUserConnections)
	var out []recipe.Statement
	if u.Credential.hash != nil {
		create := recipe.Statement{
			Done:    "SELECT COUNT(*) = 1 FROM mysql.user WHERE " + account,
			Changes: u.Name.String() + " can log in, and do nothing; an account of this name that is there keeps its password",
			Undo:    "DROP USER " + u.Name.String(),
		}
		out = append(out, create.WithSecret("CREATE USER "+u.Name.String()+" IDENTIFIED WITH "+u.Credential.plugin+" AS ", *u.Credential.hash, options))
	}
	sslType := map[string]string{"SSL": "ANY", "NONE": ""}[u.require()]
	out = append(out, recipe.Statement{
		Text:    "ALTER USER " + u.Name.String() + options,
		Done:    fmt.Sprintf("SELECT COUNT(*) = 1 FROM mysql.user WHERE %s AND ssl_type = %s AND max_user_connections = %d", account, literal(sslType), u.MaxUserConnections),
		Refuse:  "SELECT " + foreign + " > 0",
		Changes: fmt.Sprintf("%s has at most %d connections, and TLS is %s", u.Name, u.MaxUserConnections, map[string]string{"SSL": "needed", "NONE": "not needed"}[u.require()]),
	})
	for _, m := range v.memberOf[u.Name] { // any other role was refused
		out = append(out, recipe.Statement{
			Text: "REVOKE " + m.Role.String() + " FROM " + u.Name.String(),
			Done: "SELECT COUNT(*) = 0 FROM mysql.role_edges WHERE FROM_USER = " + literal(m.Role.User) + " AND TO_USER = " + literal(u.Name.User) +
				" AND TO_HOST = " + literal(u.Name.Host),
			Changes: u.Name.String() + " is no administrator any more",
			Undo:    "GRANT " + m.Role.String() + " TO " + u.Name.String(),
		})
	}
	grant := u.grant(account, v.onlyThis(st.Database))
	roles := "(SELECT COUNT(*) FROM mysql.role_edges WHERE TO_USER = " + literal(u.Name.User) + " AND TO_HOST = " + literal(u.Name.Host) + ")"
	if v.Server.Product == MariaDB {
		roles = "(SELECT COUNT(*) FROM mysql.roles_mapping WHERE " + account + ")"
	}
	grant.Refuse = "SELECT " + foreign + " + " + roles + " + " + st.taken(v) + " > 0"
	return append(out, grant)
}

// foreign counts what an account has that the recipe did not give it, which somebody else
// then did after the snapshot was taken.
func (u User) foreign(account, database string) string {
	return "(SELECT COUNT(*) FROM mysql.db WHERE " + account + " AND Db <> " + literal(database) + ")" +
		" + (SELECT COUNT(*) FROM mysql.tables_priv WHERE " + account + ")" +
		" + (SELECT COUNT(*) FROM mysql.procs_priv WHERE " + account + ")" +
		" + (SELECT COUNT(*) FROM information_schema.USER_PRIVILEGES WHERE PRIVILEGE_TYPE <> 'USAGE' AND GRANTEE = " +
		literal("'"+u.Name.User+"'@'"+u.Name.Host+"'") + ")"
}

// taken counts the database if it is there, and no account of the recipe has anything on
// it.
func (st Staging) taken(v *view) string {
	users := make([]string, len(st.Users))
	for i, u := range st.Users {
		users[i] = literal(u.Name.User)
	}
	return "(SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = " + literal(st.Database) +
		" AND NOT EXISTS (SELECT 1 FROM mysql.db WHERE Db = " + literal(v.onlyThis(st.Database)) + " AND User IN (" + strings.Join(users, ", ") + ")))"
}

func (u User) require() string {
	if u.WithoutTLS {
		return "NONE"
	}
	return "SSL"
}

// grant gives an account its privileges on a database, named as grants name it.
func (u User) grant(account, database string) recipe.Statement {
	privileges := slices.Sorted(slices.Values(u.Privileges))
	done := []string{"SELECT COUNT(*) = 1 FROM mysql.db WHERE " + account, "Db = " + literal(database)}
	for _, privilege := range privileges {
		done = append(done, grantColumn(privilege)+" = 'Y'")
	}
	list := strings.Join(privileges, ", ")
	return recipe.Statement{
		Text:    "GRANT " + list + " ON " + quote(database) + ".* TO " + u.Name.String(),
		Done:    strings.Join(done, " AND "),
		Changes: u.Name.String() + " has these privileges on this database, and on no other",
		Undo:    "REVOKE " + list + " ON " + quote(database) + ".* FROM " + u.Name.String(),
	}
}

// grantColumn is the column of mysql.db that has a privilege.
func grantColumn(privilege string) string {
	if privilege == "CREATE TEMPORARY TABLES" {
		return "Create_tmp_table_priv"
	}
	return privilege[:1] + strings.ToLower(strings.ReplaceAll(privilege[1:], " ", "_")) + "_priv"
}

// has reports whether an account has anything on a database by the grant of a recipe.
func (u User) has(v *view, database string) bool {
	return slices.ContainsFunc(v.granted[u.Name], func(g Grant) bool { return g.Level == OnDatabase && g.Database == v.onlyThis(database) })
}

func (u User) judge(v *view, st Staging, at *field.Path) field.ErrorList {
	name := at.Child("name")
	errs := judgeName(u.Name.User, name.Child("user"), longestUser(v.Server))
	errs = append(errs, judgeName(u.Name.Host, name.Child("host"), longestHost)...)
	if strings.ContainsAny(u.Name.Host, "@ ") {
		errs = append(errs, field.Invalid(name.Child("host"), u.Name.Host, "no host"))
	}
	if u.Name.Host != strings.ToLower(u.Name.Host) {
		errs = append(errs, field.Invalid(name.Child("host"), u.Name.Host, "has capitals: the server keeps hosts in small letters"))
	}
	if slices.Contains(st.Away.Users, u.Name.User) {
		errs = append(errs, field.Invalid(name.Child("user"), u.Name.User, "is production's"))
	}
	if len(u.Privileges) == 0 {
		errs = append(errs, field.Required(at.Child("privileges"), "an account that may do nothing"))
	}
	for i, p := range u.Privileges {
		if !onDatabases(p) || p == "GRANT OPTION" || p == "DELETE HISTORY" && v.Server.Product == MySQL {
			errs = append(errs, field.Invalid(at.Child("privileges").Index(i), p, "no privilege that an account of staging gets on its database; names are in capitals, and ALL is none"))
		}
	}
	if u.MaxUserConnections < 1 {
		errs = append(errs, field.Invalid(at.Child("maxUserConnections"), u.MaxUserConnections, "at least 1: 0 is no limit"))
	}
	return append(errs, u.judgeAccount(v, st.Database, at)...)
}

// judgeAccount refuses to touch an account that was made for something else.
func (u User) judgeAccount(v *view, database string, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	credential := at.Child("credential")
	_, there := v.accounts[u.Name]
	switch plugin := u.Credential.plugin; {
	case plugin == "" && !there:
		errs = append(errs, field.Required(credential, "the server has no such account; make it, or give a hash"))
	case plugin == cachingSHA2 && v.Server.Product == MariaDB, plugin == native && v.Server.Product == MySQL && !strings.HasPrefix(v.Server.Version, "8."):
		errs = append(errs, field.Invalid(credential, plugin, "the server has no such plugin"))
	}
	for _, g := range v.granted[u.Name] {
		foreign := g.Level != OnServer || !slices.Equal(g.Privileges, []string{"USAGE"})
		if g.Level == OnDatabase && g.Database == v.onlyThis(database) {
			foreign = slices.ContainsFunc(g.Privileges, func(p string) bool { return !slices.Contains(u.Privileges, p) })
		}
		if foreign {
			errs = append(errs, field.Invalid(at.Child("name"), u.Name.String(), "is there, and has more than this: "+strings.Join(g.Privileges, ", ")+" on "+g.target()))
		}
	}
	for _, m := range v.memberOf[u.Name] {
		if m.Role.User != superuserRole || v.Server.Product == MariaDB {
			errs = append(errs, field.Invalid(at.Child("name"), u.Name.String(), "is there, and has the role "+m.Role.String()))
		}
	}
	return errs
}
