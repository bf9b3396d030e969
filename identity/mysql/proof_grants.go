// SPDX-License-Identifier: Apache-2.0

package mysql

import (
	"slices"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// The server's own databases, on which a grant acts on everybody. Another, sys, has only
// views and routines with the rights of who asks.
const (
	systemDatabase = "mysql"
	statements     = "performance_schema"
)

// grants finds the grants of an actor that reach production's databases.
func (p *prover) grants(a actor) {
	type crossing struct {
		holding
		rule      string
		databases []string
	}
	var found []*crossing
	for _, with := range p.sessions(a.account) {
		for _, database := range slices.Concat(p.boundary.Away.Databases, []string{systemDatabase, statements}) {
			for _, h := range p.holdings(with, database) {
				for rule, privileges := range byRule(h.Privileges, database) {
					if rule == Reads && harmless(h.Grant) {
						continue
					}
					i := slices.IndexFunc(found, func(c *crossing) bool {
						return c.rule == rule && c.compare(withPrivileges(h.Grant, c.Privileges)) == 0
					})
					if i < 0 {
						h.Privileges = privileges
						found = append(found, &crossing{holding: h, rule: rule, databases: []string{database}})
					} else if !slices.Contains(found[i].databases, database) {
						found[i].databases = append(found[i].databases, database)
					}
				}
			}
		}
	}
	slices.SortStableFunc(found, func(a, b *crossing) int { return strings.Compare(a.rule, b.rule) })
	for _, c := range found {
		text := strings.Join(c.Privileges, ", ") + " on " + strings.Join(c.databases, ", ")
		if c.unsure {
			text += ", if the server takes this grant before others that match"
		}
		hops := append(p.hopsTo(a.account, c.holding), bulkhead.Hop{Object: accountRef(c.To), Field: c.field(), Text: "has " + text})
		p.breach(a, c.rule, hops, p.takeAway(c.holding))
	}
}

// withPrivileges returns a grant with other privileges.
func withPrivileges(g Grant, privileges []string) Grant {
	g.Privileges = privileges
	return g
}

// byRule parts privileges on a database by what they let somebody do.
func byRule(privileges []string, database string) map[string][]string {
	out := make(map[string][]string)
	for _, privilege := range privileges {
		rule := Changes
		switch privilege {
		case "SELECT", "SHOW VIEW":
			if rule = Reads; database == statements {
				rule = Watches
			}
		case "EXECUTE":
			rule = Runs
		}
		out[rule] = append(out[rule], privilege)
	}
	return out
}

// harmless reports whether a grant is on a table of the server's that says nothing of
// anybody: time zones and help texts.
func harmless(g Grant) bool {
	return g.Database == systemDatabase && g.Level == OnTable && (strings.HasPrefix(g.Object, "time_zone") || strings.HasPrefix(g.Object, "help_"))
}

// hopsTo returns the steps from an account to who has a grant that it has too.
func (p *prover) hopsTo(account Name, h holding) []bulkhead.Hop {
	hops := p.roleHops(account, h.through)
	if h.To.User == "" && account.User != "" && h.Level == OnDatabase {
		hops = append(hops, bulkhead.Hop{Object: accountRef(account), Text: "has on databases what accounts without a name have, as everybody does"})
	}
	return hops
}

// roleHops returns the steps from an account to a role.
func (p *prover) roleHops(account Name, through *way) []bulkhead.Hop {
	var out []bulkhead.Hop
	for i, m := range through.list() {
		hop := bulkhead.Hop{Object: accountRef(m.Member), Field: "roles[" + m.Role.String() + "]", Text: "has the role, and may switch it on"}
		switch {
		case i > 0:
		case m.Member == Name{}:
			hop = bulkhead.Hop{Object: accountRef(account), Field: "roles[" + public + "]", Text: "has what everybody has"}
		case p.mandatory(m):
			hop.Text = "has the role as every account has it (mandatory_roles), and may switch it on"
		}
		out = append(out, hop)
	}
	return out
}

// takeAway returns the statement that takes a grant away: the role through
// which it has it, or the grant itself.
func (p *prover) takeAway(h holding) bulkhead.Change {
	for _, m := range h.through.list() {
		if m.Member != (Name{}) { // but for that nobody leaves PUBLIC
			return p.leave(m)
		}
	}
	return bulkhead.Change{Object: accountRef(h.To), Field: h.field(), Text: h.revoke(p.Server)}
}

// mandatory reports whether a role is one that every account of MySQL has.
func (p *prover) mandatory(m Membership) bool { return !slices.Contains(p.memberOf[m.Member], m) }

// leave returns the change that takes a role from who has it.
func (p *prover) leave(m Membership) bulkhead.Change {
	if p.mandatory(m) {
		var kept []string
		for _, role := range p.Server.MandatoryRoles {
			if role != m.Role {
				kept = append(kept, role.String())
			}
		}
		return bulkhead.Change{
			Object: serverRef(), Field: "mandatoryRoles[" + m.Role.String() + "]",
			Text: "SET PERSIST mandatory_roles = " + literal(strings.Join(kept, ",")),
		}
	}
	return bulkhead.Change{
		Object: accountRef(m.Member), Field: "roles[" + m.Role.String() + "]",
		Text: "REVOKE " + m.Role.grantee(p.Server) + " FROM " + m.Member.grantee(p.Server),
	}
}

// field is where a grant is, in a reference to who has it.
func (g Grant) field() string {
	out := "grants[" + g.target()
	if g.Level == OnColumn {
		out += "." + quote(g.Column)
	}
	return out + "]"
}

// target is what a grant is on, as statements name it.
func (g Grant) target() string {
	switch g.Level {
	case OnServer:
		return "*.*"
	case OnDatabase:
		return quote(g.Database) + ".*"
	case OnProcedure, OnFunction, OnPackage:
		return strings.ToUpper(string(g.Level)) + " " + quote(g.Database) + "." + quote(g.Object)
	default:
		return quote(g.Database) + "." + quote(g.Object)
	}
}

// revoke is the statement that takes the privileges of a grant away.
func (g Grant) revoke(s Server) string {
	privileges := slices.Clone(g.Privileges)
	if g.Level == OnColumn {
		for i, p := range privileges {
			privileges[i] = p + " (" + quote(g.Column) + ")"
		}
	}
	return "REVOKE " + strings.Join(privileges, ", ") + " ON " + g.target() + " FROM " + g.To.grantee(s)
}
