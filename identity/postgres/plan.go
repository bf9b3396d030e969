// SPDX-License-Identifier: Apache-2.0

package postgres

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/identity/recipe"
)

// A Plan names what staging gets in a server, and what is production's.
type Plan struct {
	// Owner is the role that staging's database or schema belongs to. Nobody logs in as it.
	Owner string
	// Users are the roles that staging logs in as.
	Users []User
	// Database is staging's own ([Snapshot.SeparateDatabase]), or the one that both sides
	// use ([Snapshot.SeparateSchema]).
	Database string
	// Connections limits those to a database of its own.
	Connections int
	// Schema is staging's, in Database.
	Schema string
	Away   Production
}

// A User is a role that staging logs in as.
type User struct {
	Name string
	// Existing says that the role was made elsewhere, such as an IAM user of Cloud SQL.
	// The recipe grants it what it needs, takes the managed service's superuser away from
	// it, and leaves the rest as it is; Connections and Verifier have to be empty.
	Existing bool
	// Connections limits those of the role.
	Connections int
	// Verifier is that of its password. Without one it cannot log in with a password.
	Verifier Verifier
}

// A Recipe is what closes a server to staging, for package
// [github.com/watertight-go/watertight/identity/recipe] to run.
type Recipe struct {
	Statements []recipe.Statement
	// Open is what the statements do not close, one sentence each.
	Open []string
}

// judge returns what is wrong with a plan.
func (p Plan) judge(w *world) field.ErrorList {
	errs := w.judgeVersion()
	errs = append(errs, w.judgeProduction(field.NewPath("away"), p.Away)...)
	errs = append(errs, p.judgeRole(w, field.NewPath("owner"), p.Owner)...)
	errs = append(errs, judgeNew(field.NewPath("database"), p.Database)...)
	errs = append(errs, judgeNew(field.NewPath("schema"), p.Schema)...)
	if named(p.Schema) || p.Schema == "information_schema" {
		errs = append(errs, field.Invalid(field.NewPath("schema"), p.Schema, "is the system's"))
	}
	at := field.NewPath("users")
	if len(p.Users) == 0 {
		errs = append(errs, field.Required(at, "no role that staging logs in as"))
	}
	for i, u := range p.Users {
		errs = append(errs, p.judgeUser(w, at.Index(i), u)...)
		if slices.ContainsFunc(p.Users[:i], func(other User) bool { return other.Name == u.Name }) || u.Name == p.Owner {
			errs = append(errs, field.Duplicate(at.Index(i).Child("name"), u.Name))
		}
	}
	return errs
}

func (p Plan) judgeUser(w *world, at *field.Path, u User) field.ErrorList {
	errs := p.judgeRole(w, at.Child("name"), u.Name)
	_, there := w.roles[u.Name]
	switch {
	case !u.Existing && u.Connections < 1:
		errs = append(errs, field.Invalid(at.Child("connections"), u.Connections, "a limit is needed, or staging may take all connections of the server"))
	case u.Existing && !there:
		errs = append(errs, field.NotFound(at.Child("name"), u.Name))
	case u.Existing && (u.Connections != 0 || u.Verifier.text != nil):
		errs = append(errs, field.Forbidden(at, "a role that was made elsewhere is not altered; set its limit and its password there"))
	}
	return errs
}

// judgeRole judges the name of a role of staging's.
func (p Plan) judgeRole(w *world, at *field.Path, name string) field.ErrorList {
	errs := judgeNew(at, name)
	switch {
	case named(name) || name == Public || name == "none" || managed(name):
		errs = append(errs, field.Invalid(at, name, "is a name that PostgreSQL or a managed service keeps for itself"))
	case w.production(name):
		errs = append(errs, field.Invalid(at, name, "is one of production's"))
	case w.roles[name].Superuser:
		errs = append(errs, field.Invalid(at, name, "is a superuser, whom nothing holds back"))
	}
	return errs
}

// judgeNew judges a name that a recipe makes. Newer versions refuse line breaks in some
// names, and no tool shows control characters, so none are made.
func judgeNew(at *field.Path, name string) field.ErrorList {
	if err := judgeName(name); err != nil {
		return field.ErrorList{field.Invalid(at, name, err.Error())}
	}
	if strings.ContainsFunc(name, unicode.IsControl) {
		return field.ErrorList{field.Invalid(at, name, "holds a character that does not print")}
	}
	return nil
}

// staging says whether a role is one of the plan's, or has just what everybody has.
func (p Plan) staging(role string) bool {
	return role == p.Owner || role == everyone || slices.ContainsFunc(p.Users, func(u User) bool { return u.Name == role })
}

func (p Plan) names() string {
	out := make([]string, len(p.Users))
	for i, u := range p.Users {
		out[i] = identifier(u.Name)
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// limit writes a limit of connections.
func limit(connections int) string { return fmt.Sprint("CONNECTION LIMIT ", connections) }
