// SPDX-License-Identifier: Apache-2.0

package mysql

import (
	"slices"
	"strings"
)

// What the servers look at differs. Without a role both take, of all grants on databases
// to the user's name whose host matches the client, the first alone, also one to another
// account of that name; the same for each table (sql/auth/sql_auth_cache.cc of MySQL
// 8.0, acl_get; sql/sql_acl.cc of MariaDB 10.11). With a role MySQL takes those to the
// account and its roles together: on the very name, or else on the pattern that is first
// in the order of bytes (sql/auth/sql_security_ctx.cc of MySQL 8.0, db_acl; its first
// releases added all patterns up); where partial_revokes is on, names with a _ in any case. MariaDB adds the first of the role's. All of it was compared
// with MySQL 9.7 and MariaDB 10.11.

// matched returns what a session has by the user's name.
func (v *view) matched(s session, database string) []holding {
	var out []holding
	rows := v.rows[s.account.User]
	var best *Grant // of the first grant on the database
	for i, g := range rows {
		if !s.matches(g.To.Host) || !v.reaches(g, database) || v.isRole(g.To) {
			continue
		}
		if best != nil && v.compareRows(*best, g) != 0 {
			break
		}
		unsure := best != nil || v.tied(rows[i+1:], g, s, database)
		out = append(out, holding{Grant: g, unsure: unsure})
		if s.always(g.To.Host) {
			best = &rows[i]
		}
	}
	return append(out, v.objects(s, database)...)
}

// objects returns what a session has by the user's name on tables and routines: for each
// of them, what accounts of one host have.
func (v *view) objects(s session, database string) []holding {
	decides := make(map[string][]string) // the hosts of each object, of which one decides
	var found []Grant
	for _, g := range v.byUser[s.account.User] {
		if !s.matches(g.To.Host) || !v.sameDatabase(g.Database, database) || v.isRole(g.To) {
			continue
		}
		object := v.object(g)
		hosts := decides[object]
		switch {
		case slices.Contains(hosts, g.To.Host):
		case len(hosts) == 0 || !s.always(hosts[0]) || compareHosts(v.Server, hosts[0], g.To.Host) == 0:
			decides[object] = append(hosts, g.To.Host)
		default:
			continue
		}
		found = append(found, g)
	}
	out := make([]holding, len(found))
	for i, g := range found {
		out[i] = holding{Grant: g, unsure: len(decides[v.object(g)]) > 1}
	}
	return out
}

// object names what grants are looked up for together: columns with their table, and
// routines in any case.
func (v *view) object(g Grant) string {
	if g.Level == OnTable || g.Level == OnColumn {
		return v.fold(g.Object)
	}
	return string(g.Level) + " " + strings.ToLower(g.Object)
}

// tied reports whether another grant stands beside one, in an order that nobody knows.
func (v *view) tied(rest []Grant, g Grant, s session, database string) bool {
	return slices.ContainsFunc(rest, func(other Grant) bool {
		return v.compareRows(g, other) == 0 && s.matches(other.To.Host) && v.reaches(other, database) && !v.isRole(other.To)
	})
}

// isRole reports whether a name is that of a role of MariaDB, which is no account.
func (v *view) isRole(n Name) bool {
	a := v.accounts[n]
	return v.Server.Product == MariaDB && a != nil && a.Role
}

// merged returns what a session of MySQL has that has switched a role on.
func (v *view) merged(s session, database string) []holding {
	var exact, patterns, objects []holding
	ways := append([]*way{nil}, v.closure(*s.role)...)
	for _, way := range ways {
		name := s.account
		if way != nil {
			name = way.Role
		}
		for _, g := range v.granted[name] {
			h := holding{Grant: g, through: way}
			switch {
			case g.Level == OnServer:
			case g.Level != OnDatabase:
				if v.sameDatabase(g.Database, database) {
					objects = append(objects, h)
				}
			case !hasWildcard(g.Database) && v.sameDatabase(g.Database, database):
				exact = append(exact, h)
			case hasWildcard(g.Database) && (v.reaches(g, database) || v.Server.PartialRevokes && strings.EqualFold(g.Database, database)):
				patterns = append(patterns, h)
			}
		}
	}
	if exact != nil {
		patterns = nil
	}
	slices.SortStableFunc(patterns, func(a, b holding) int { return strings.Compare(a.Database, b.Database) })
	if len(patterns) > 0 {
		first := patterns[0].Database
		patterns = slices.DeleteFunc(patterns, func(h holding) bool { return h.Database != first })
	}
	return slices.Concat(exact, patterns, objects)
}

// namelessRows returns the grants on a database to accounts without a name that MariaDB
// takes for a role, which connects from nowhere, as it does for everybody.
func (v *view) namelessRows(database string) []holding {
	var out []holding
	for _, g := range v.rows[""] {
		if (g.To.Host == "" || like(g.To.Host, "")) && v.reaches(g, database) {
			out = append(out, holding{Grant: g})
		}
	}
	return out
}

// roleRows returns what a role of MariaDB and those that it is granted have: all rows
// on one database are one, and the first that matches counts.
func (v *view) roleRows(ways []*way, database string) []holding {
	var rows, out []holding
	for _, way := range ways {
		for _, g := range v.granted[way.Role] {
			h := holding{Grant: g, through: way}
			switch {
			case g.Level == OnDatabase && v.reaches(g, database):
				rows = append(rows, h)
			case g.Level != OnDatabase && g.Level != OnServer && v.sameDatabase(g.Database, database):
				out = append(out, h)
			}
		}
	}
	if rows == nil && v.accounts[ways[0].Role] != nil {
		rows = v.namelessRows(database)
	}
	compare := func(a, b holding) int { return comparePatterns(v.Server, a.Database, b.Database, longestName) }
	slices.SortStableFunc(rows, compare)
	for _, h := range rows {
		if compare(h, rows[0]) != 0 {
			break
		}
		h.unsure = slices.ContainsFunc(rows, func(other holding) bool {
			return other.Database != h.Database && compare(other, h) == 0
		})
		out = append(out, h)
	}
	return out
}
