// SPDX-License-Identifier: Apache-2.0

package mysql

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/recipe"
)

// Staging is what a [Recipe] makes: a database, and the accounts that use it.
type Staging struct {
	Database string
	Users    []User
	// Away is production's side. Nothing of it is touched; the recipe is judged against
	// it.
	Away Side
}

// A User is an account of staging.
type User struct {
	Name Name
	// Privileges on the database, in capitals, such as those of [ReadWrite] or [Migrate].
	// EXECUTE lets it run routines with the rights of whoever defined them, so it is in
	// neither.
	Privileges []string
	Credential Credential
	// MaxUserConnections is how many connections it may have at once; at least 1.
	MaxUserConnections int
	// WithoutTLS lets it log in without TLS, for servers that have none.
	WithoutTLS bool
}

// ReadWrite returns what an application needs to use its tables.
func ReadWrite() []string { return []string{"SELECT", "INSERT", "UPDATE", "DELETE"} }

// Migrate returns what an application needs to make its tables too.
func Migrate() []string {
	return append(ReadWrite(), "CREATE", "ALTER", "DROP", "INDEX", "REFERENCES", "CREATE VIEW", "SHOW VIEW", "TRIGGER", "CREATE TEMPORARY TABLES", "LOCK TABLES")
}

// A Recipe is what to run, and what is to be said of the server afterwards.
type Recipe struct {
	// Statements make staging. What is done is skipped, and a second run changes nothing.
	Statements []recipe.Statement
	// Proof is that of [Snapshot.NoAccess] for the server as the statements leave it: what
	// it finds was there before, and is for its owner to close.
	Proof bulkhead.Proof
	// Findings are those of [Snapshot.Lint] for it.
	Findings bulkhead.Findings
}

// Recipe returns the statements that make a database of staging and its accounts on the
// server of the snapshot: locked to that one database by a grant without wildcards, with
// a limit of connections, TLS, and a hash in the place of a password. Nothing of
// production changes.
//
// The accounts and grants come first, so a database that is there without them is
// somebody else's and is refused, as is an account that has anything else: here by what
// the snapshot says, and once more by the statements as they run. All mistakes are in one
// [*bulkhead.InvalidError].
func (s *Snapshot) Recipe(st Staging) (*Recipe, error) {
	v := viewOf(s)
	st.Database = v.fold(st.Database)
	if err := st.judge(v); err != nil {
		return nil, err
	}
	out := &Recipe{}
	for _, u := range st.Users {
		out.Statements = append(out.Statements, u.statements(v, st)...)
	}
	out.Statements = append(out.Statements, recipe.Statement{
		Text:    "CREATE DATABASE " + quote(st.Database),
		Done:    "SELECT COUNT(*) = 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = " + literal(st.Database),
		Changes: "the database is there, empty",
		Undo:    "DROP DATABASE " + quote(st.Database),
	})

	after, boundary := st.after(v), Boundary{Away: st.Away}
	for _, u := range st.Users {
		if !slices.Contains(boundary.From, u.Name.User) {
			boundary.From = append(boundary.From, u.Name.User)
		}
	}
	var err error
	if out.Proof, err = after.NoAccess(boundary); err != nil {
		return nil, err
	}
	if out.Findings, err = after.Lint(boundary); err != nil {
		return nil, err
	}
	return out, nil
}

// after returns the snapshot as the statements leave the server.
func (st Staging) after(v *view) *Snapshot {
	s := v.Snapshot
	if !slices.ContainsFunc(s.Databases, func(d string) bool { return v.sameDatabase(d, st.Database) }) {
		s.Databases = append(slices.Clip(s.Databases), st.Database)
	}
	s.Accounts, s.Grants, s.Roles = slices.Clone(s.Accounts), slices.Clone(s.Grants), slices.Clone(s.Roles)
	for _, u := range st.Users {
		i := slices.IndexFunc(s.Accounts, func(a Account) bool { return a.Name == u.Name })
		if i < 0 {
			i = len(s.Accounts)
			s.Accounts = append(s.Accounts, Account{Name: u.Name, Login: Password, Plugins: []string{u.Credential.plugin}})
		}
		s.Accounts[i].TLS, s.Accounts[i].MaxUserConnections = !u.WithoutTLS, u.MaxUserConnections
		s.Grants = append(s.Grants, Grant{To: u.Name, Level: OnDatabase, Database: v.onlyThis(st.Database), Privileges: u.Privileges})
		s.Roles = slices.DeleteFunc(s.Roles, func(m Membership) bool { return m.Member == u.Name && m.Role.User == superuserRole })
	}
	return &s
}

// onlyThis is the database of a grant that reaches this one alone: with its wildcards
// escaped, unless the server takes them literally.
func (v *view) onlyThis(database string) string {
	if v.Server.PartialRevokes {
		return database
	}
	return escape(database)
}

func (st Staging) judge(v *view) error {
	var errs field.ErrorList
	for what, read := range map[string]bool{"accounts": v.Accounts != nil, "grants": v.Grants != nil, "roles": v.Roles != nil, "databases": v.Databases != nil} {
		if !read {
			errs = append(errs, field.Required(field.NewPath("snapshot", what), "the list was not read"))
		}
	}
	at := field.NewPath("database")
	errs = append(errs, judgeName(st.Database, at, longestName)...)
	if n := utf8.RuneCountInString(v.onlyThis(st.Database)); n > longestName && len(errs) == 0 {
		errs = append(errs, field.Invalid(at, st.Database, fmt.Sprintf("has %d characters with its wildcards escaped, and a grant takes %d", n, longestName)))
	}
	same := func(d string) bool { return v.sameDatabase(d, st.Database) }
	switch {
	case slices.Contains([]string{"mysql", "sys", "information_schema", "performance_schema"}, strings.ToLower(st.Database)):
		errs = append(errs, field.Invalid(at, st.Database, "is the server's own"))
	case slices.ContainsFunc(st.Away.Databases, same):
		errs = append(errs, field.Invalid(at, st.Database, "is production's"))
	case slices.ContainsFunc(v.Databases, same) && !slices.ContainsFunc(st.Users, func(u User) bool { return u.has(v, st.Database) }):
		errs = append(errs, field.Invalid(at, st.Database, "is there, and none of the users has anything on it: somebody else made it"))
	}
	if len(st.Users) == 0 {
		errs = append(errs, field.Required(field.NewPath("users"), "no user"))
	}
	for i, u := range st.Users {
		errs = append(errs, u.judge(v, st, field.NewPath("users").Index(i))...)
		if slices.ContainsFunc(st.Users[:i], func(other User) bool { return other.Name == u.Name }) {
			errs = append(errs, field.Duplicate(field.NewPath("users").Index(i).Child("name"), u.Name.String()))
		}
	}
	slices.SortStableFunc(errs, func(a, b *field.Error) int { return strings.Compare(a.Field, b.Field) })
	if err := invalid("Staging", errs); err != nil {
		return err
	}
	return Boundary{From: []string{st.Users[0].Name.User}, Away: st.Away}.judge(&v.Snapshot)
}
