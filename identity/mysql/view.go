// SPDX-License-Identifier: Apache-2.0

package mysql

import (
	"cmp"
	"slices"
	"strings"
)

// A view is a snapshot in an order of its own, and what of it belongs together.
type view struct {
	Snapshot
	accounts map[Name]*Account
	granted  map[Name][]Grant   // by the very name
	byUser   map[string][]Grant // on tables and routines, those of the first host first
	rows     map[string][]Grant // on databases, as the server looks through them
	memberOf map[Name][]Membership
}

func viewOf(s *Snapshot) *view {
	v := &view{
		Snapshot: *s.Sorted(), accounts: make(map[Name]*Account), granted: make(map[Name][]Grant),
		byUser: make(map[string][]Grant), rows: make(map[string][]Grant), memberOf: make(map[Name][]Membership),
	}
	for i, a := range v.Accounts {
		v.accounts[a.Name] = &v.Accounts[i]
	}
	for _, g := range v.Grants {
		v.granted[g.To] = append(v.granted[g.To], g)
		switch g.Level {
		case OnServer:
		case OnDatabase:
			v.rows[g.To.User] = append(v.rows[g.To.User], g)
		default:
			v.byUser[g.To.User] = append(v.byUser[g.To.User], g)
		}
	}
	for _, grants := range v.byUser {
		slices.SortStableFunc(grants, v.compareRows)
	}
	v.addNameless()
	for _, m := range v.Roles {
		v.memberOf[m.Member] = append(v.memberOf[m.Member], m)
	}
	return v
}

// addNameless adds to the rows of each user those of accounts without a name: on
// databases, and there alone, the servers give everybody what such an account was
// granted.
func (v *view) addNameless() {
	nameless := v.rows[""]
	for _, a := range v.Accounts {
		if a.User != "" && v.rows[a.User] == nil && nameless != nil {
			v.rows[a.User] = []Grant{}
		}
	}
	for user, rows := range v.rows {
		if user != "" {
			rows = append(rows, nameless...)
			v.rows[user] = rows
		}
		slices.SortStableFunc(rows, v.compareRows)
	}
}

// compareRows orders grants as the server looks through them: by host, by database, and
// those to everybody last.
func (v *view) compareRows(a, b Grant) int {
	return cmp.Or(
		compareHosts(v.Server, a.To.Host, b.To.Host), comparePatterns(v.Server, a.Database, b.Database, longestName),
		min(len(b.To.User), 1)-min(len(a.To.User), 1),
	)
}

// sameDatabase compares names of databases and tables.
func (v *view) sameDatabase(a, b string) bool {
	if v.Server.LowerCaseTableNames > 0 {
		return strings.EqualFold(a, b)
	}
	return a == b
}

// fold gives names of databases, and of tables, that are the same one spelling.
func (v *view) fold(name string) string {
	if v.Server.LowerCaseTableNames > 0 {
		return strings.ToLower(name)
	}
	return name
}

// reaches reports whether the database of a grant on a whole one matches a name.
func (v *view) reaches(g Grant, database string) bool {
	if v.Server.PartialRevokes {
		return v.sameDatabase(g.Database, database)
	}
	if v.Server.LowerCaseTableNames > 0 {
		return like(strings.ToLower(g.Database), strings.ToLower(database))
	}
	return like(g.Database, database)
}

// A holding is a grant that somebody has, and the roles through which.
type holding struct {
	Grant
	through *way
	// unsure says that another grant goes before this one, or not, by an order that only
	// the server knows.
	unsure bool
}

// A session is an account from where it may connect, and the role that it has switched
// on; nil is none.
type session struct {
	account Name
	client  *Client // nil is any that the account admits
	role    *Membership
}

func (s session) matches(host string) bool {
	if s.client != nil {
		return s.client.from(host)
	}
	return overlap(host, s.account.Host)
}

// always reports whether every client of the session matches a host.
func (s session) always(host string) bool { return s.client != nil || covers(host, s.account.Host) }

// sessions returns those of an account: without a role, and with each that it can
// switch on. Several roles at once give nothing that one of them does not.
func (v *view) sessions(account Name) []session {
	alone := session{account: account}
	out := []session{alone}
	for _, m := range v.memberships(alone) {
		out = append(out, session{account: account, role: &m})
	}
	return out
}

// memberships returns the roles that a session can switch on. MariaDB takes those of
// every account of the user's name whose host matches the client, and none that only
// PUBLIC has; MySQL takes those of the account, and those that every account has.
func (v *view) memberships(s session) []Membership {
	if v.Server.Product == MySQL {
		out := slices.Clone(v.memberOf[s.account])
		for _, role := range v.Server.MandatoryRoles {
			if role != s.account {
				out = append(out, Membership{Role: role, Member: s.account})
			}
		}
		return out
	}
	var out []Membership
	for _, m := range v.Roles {
		if m.Member.User == s.account.User && !v.isRole(m.Member) && s.matches(m.Member.Host) {
			out = append(out, m)
		}
	}
	return out
}

// A way leads to a role, from membership to membership. Nil leads to the account itself.
type way struct {
	Membership
	before *way
}

// list returns the memberships of a way in their order.
func (w *way) list() []Membership {
	var out []Membership
	for ; w != nil; w = w.before {
		out = append(out, w.Membership)
	}
	slices.Reverse(out)
	return out
}

// closure returns the ways to a role and to all that it is granted, the shortest to
// each.
func (v *view) closure(to Membership) []*way {
	out := []*way{{Membership: to}}
	seen := map[Name]bool{to.Role: true}
	for i := 0; i < len(out); i++ {
		for _, m := range v.memberOf[out[i].Role] {
			if !seen[m.Role] {
				seen[m.Role] = true
				out = append(out, &way{m, out[i]})
			}
		}
	}
	return out
}

// holdings returns the grants of a session that reach a database, or something in it.
func (v *view) holdings(s session, database string) []holding {
	var out []holding
	for _, h := range v.global(s) {
		if h.Privileges = v.unrestricted(h.Grant, database); len(h.Privileges) > 0 {
			out = append(out, h)
		}
	}
	if v.Server.Product == MySQL && s.role != nil {
		return append(out, v.merged(s, database)...)
	}
	out = append(out, v.matched(s, database)...)
	if s.role != nil {
		out = append(out, v.roleRows(v.closure(*s.role), database)...)
	}
	if v.Server.Product == MariaDB {
		out = append(out, v.roleRows(v.publicly(), database)...)
	}
	return out
}

// global returns the grants on *.* of a session.
func (v *view) global(s session) []holding {
	var out []holding
	add := func(name Name, through *way) {
		for _, g := range v.granted[name] {
			if g.Level == OnServer {
				out = append(out, holding{Grant: g, through: through})
			}
		}
	}
	account := s.account
	if v.Server.Product == MariaDB && s.role != nil && s.role.Member != (Name{}) {
		account = s.role.Member // who has the role decides, also another account of the name
	}
	add(account, nil)
	var ways []*way
	if s.role != nil {
		ways = v.closure(*s.role)
	}
	if v.Server.Product == MariaDB {
		ways = append(ways, v.publicly()...)
	}
	for _, way := range ways {
		add(way.Role, way)
	}
	return out
}

// publicly returns the ways to what every account of MariaDB has.
func (v *view) publicly() []*way {
	return v.closure(Membership{Role: Name{User: public}})
}

// unrestricted returns the privileges of a grant on *.* that reach a database.
func (v *view) unrestricted(g Grant, database string) []string {
	var out []string
	for _, p := range g.Privileges {
		if !onDatabases(p) {
			continue
		}
		restricted := false
		if a := v.accounts[g.To]; a != nil {
			restricted = slices.ContainsFunc(a.Restrictions, func(r Restriction) bool {
				return v.sameDatabase(r.Database, database) && slices.Contains(r.Privileges, p)
			})
		}
		if !restricted {
			out = append(out, p)
		}
	}
	return out
}
