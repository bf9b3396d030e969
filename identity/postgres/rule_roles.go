// SPDX-License-Identifier: Apache-2.0

package postgres

import (
	"slices"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// Paths through what a role is.
const (
	// Superuser is a role that is or becomes a superuser.
	Superuser = "postgres/superuser"
	// ManagedSuperuser is a member of the role that a managed service has in place of a
	// superuser.
	ManagedSuperuser = "postgres/managed-superuser"
	// CreatesRoles is a role that, before PostgreSQL 16, grants itself any other.
	CreatesRoles = "postgres/creates-roles"
	// Replicates is a role that may copy the whole server.
	Replicates = "postgres/replicates"
	// BecomesProduction is a role that becomes one of production's.
	BecomesProduction = "postgres/becomes-production"
)

// What a role is that it need not be.
const (
	// RoleAttribute is an attribute that reaches production with one more mistake.
	RoleAttribute = "postgres/role-attribute"
	// NoConnectionLimit is a role that may take all connections of the server.
	NoConnectionLimit = "postgres/no-connection-limit"
	// PasswordLogin is a role of production that has a password, which staging may know,
	// or of which that is not known.
	PasswordLogin = "postgres/password-login"
)

// managed says whether a role is the one that stands for a superuser on Google Cloud SQL
// and AlloyDB, Amazon RDS or Azure.
func managed(role string) bool {
	return slices.Contains([]string{"cloudsqlsuperuser", "alloydbsuperuser", "rds_superuser", "azure_pg_admin"}, role)
}

// attributes judges what CREATE ROLE says of a role, and of those that it becomes:
// attributes are not inherited.
func (p *party) attributes() {
	for _, w := range p.ways {
		if !w.set || p.ends(w.role) && w.before != nil {
			continue
		}
		r := p.roles[w.role]
		if r.Superuser {
			p.attribute(Superuser, w, "superuser", "NOSUPERUSER", "is a superuser, whom nothing is refused")
		}
		switch {
		case r.CreateRole && p.Version < optionsVersion:
			p.attribute(CreatesRoles, w, "createRole", "NOCREATEROLE", "may grant itself every role but superusers, and set their passwords")
		case r.CreateRole:
			p.weakness(r.Name, "createRole", "NOCREATEROLE", "may make roles that log in without its connection limit")
		}
		if r.Replication {
			p.attribute(Replicates, w, "replication", "NOREPLICATION", "may copy all databases of the server by replication")
		}
		if r.CreateDatabase {
			p.weakness(r.Name, "createDatabase", "NOCREATEDB", "may make databases, and copy those that are templates")
		}
		if r.BypassRLS {
			p.weakness(r.Name, "bypassRLS", "NOBYPASSRLS", "is not held back by the row security of a table that it may read")
		}
	}
}

func (p *party) attribute(rule string, w *way, at, without, text string) {
	ref := roleRef(w.role)
	change := bulkhead.Change{Object: ref, Field: at, Text: "ALTER ROLE " + identifier(w.role) + " " + without}
	if w.before != nil {
		change = w.first()
	}
	p.breach(rule, append(w.hops(), bulkhead.Hop{Object: ref, Field: at, Text: text}), change)
}

func (p *party) weakness(role, at, without, text string) {
	p.warn(RoleAttribute, roleRef(role), at, "ALTER ROLE "+identifier(role)+" "+without, "%s %s", role, text)
}

// becomes judges whom a role comes to.
func (p *party) becomes() {
	for role, w := range p.to {
		rule := BecomesProduction
		switch {
		case w.before == nil || !p.ends(role):
			continue
		case p.roles[role].Superuser:
			rule = Superuser
		case managed(role) && !p.production(role):
			rule = ManagedSuperuser
		}
		p.breach(rule, w.hops(), w.first())
	}
}

// limits judges whether a role could take all connections. Settings of a role such as
// statement_timeout are no limits, since the role changes them.
func (p *party) limits() {
	if p.roles[p.from].ConnectionLimit < 0 {
		p.warn(NoConnectionLimit, roleRef(p.from), "connectionLimit", "ALTER ROLE "+identifier(p.from)+" CONNECTION LIMIT 10",
			"%s may take all connections of the server, production's too", p.from)
	}
}

// passwords judges the roles that production logs in as.
func (c *court) passwords() {
	for _, r := range c.Roles {
		switch {
		case !c.production(r.Name) || !r.Login || r.Password != nil && !*r.Password:
		case r.Password == nil:
			c.warn(PasswordLogin, roleRef(r.Name), "password", "", "whether %s has a password was not to be seen; if it has one, who knows it logs in from staging", r.Name)
		default:
			c.warn(PasswordLogin, roleRef(r.Name), "password", "ALTER ROLE "+identifier(r.Name)+" PASSWORD NULL",
				"%s has a password; who knows it logs in from staging. Let production log in without one first, such as by IAM", r.Name)
		}
	}
}

// named says whether a role is one of PostgreSQL's own.
func named(role string) bool { return strings.HasPrefix(role, "pg_") }
