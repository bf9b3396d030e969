// SPDX-License-Identifier: Apache-2.0

package mysql

import (
	"fmt"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// What staging can do to production, as [Snapshot.NoAccess] names it.
const (
	// Reads is SELECT on production's rows, or on the server's own table of accounts with
	// their hashes.
	Reads = "mysql/reads"
	// Changes is any other privilege on production's databases.
	Changes = "mysql/changes"
	// Runs is EXECUTE on production's routines.
	Runs = "mysql/runs"
	// Becomes is a role, an account without a password or a proxy that makes staging one
	// of production's users.
	Becomes = "mysql/becomes"
	// BorrowsRights is a view, routine, trigger or event that staging sets off, and that
	// names production's databases and has the rights to them of who defined it.
	BorrowsRights = "mysql/borrows-rights"
	// Administers is a privilege on the server that acts on everybody.
	Administers = "mysql/administers"
	// ReadsFiles is FILE.
	ReadsFiles = "mysql/reads-files"
	// Watches is a privilege that shows production's statements, or copies its changes.
	Watches = "mysql/watches"
)

// NoAccess proves that the users of staging cannot act on production's databases, nor as
// its users: by no grant on the server, a database, a table, a column or a routine, by no
// role that they could switch on, by no account that anybody is, and through nothing that
// runs with the rights of its definer.
//
// It is Breached with a path for each grant that lets them, and the statement that takes
// it away; Undetermined where the snapshot does not tell; and Sealed otherwise. The
// server's own databases count as production's.
//
// It is about grants. Who knows production's passwords is production: that is a question
// for package identity/secrets and for the network.
//
// A mistake in the question, such as an empty side, is a [*bulkhead.InvalidError].
func (s *Snapshot) NoAccess(b Boundary) (bulkhead.Proof, error) {
	if err := b.judge(s); err != nil {
		return bulkhead.Proof{}, err
	}
	b.Away.Databases = slices.Compact(slices.Sorted(slices.Values(b.Away.Databases)))
	p := &prover{view: viewOf(s), boundary: b, seen: make(map[string]bool), lacks: make(map[string]bool), holds: make(map[[2]string][]holding)}
	p.evidence()
	for _, a := range p.actors() {
		for _, other := range p.proxies(a) {
			p.judge(other)
		}
		p.judge(a)
	}
	slices.SortStableFunc(p.breaches, func(a, b bulkhead.Breach) int { return strings.Compare(a.Rule, b.Rule) })
	missing := make([]string, 0, len(p.lacks))
	for what := range p.lacks {
		missing = append(missing, what)
	}
	slices.Sort(missing)
	return bulkhead.NewProof(p.breaches, missing), nil
}

// judge finds what an account does as itself.
func (p *prover) judge(a actor) {
	p.grants(a)
	p.server(a)
	p.roles(a)
	p.definers(a)
}

type prover struct {
	*view
	boundary Boundary
	breaches []bulkhead.Breach
	seen     map[string]bool // breaches, by what they say
	lacks    map[string]bool
	holds    map[[2]string][]holding // what held said, by name and database
}

// An actor is an account that staging can be.
type actor struct {
	account Name
	path    []bulkhead.Hop // how staging comes to be it; empty for its own
	change  bulkhead.Change
}

// evidence names the lists that were not read, and names that are nowhere.
func (p *prover) evidence() {
	for what, read := range map[string]bool{
		"accounts": p.Accounts != nil, "grants": p.Grants != nil, "roles that are granted (roles)": p.Roles != nil,
		"grants of PROXY (proxies)": p.Proxies != nil, "views, routines, triggers and events with a definer (definers)": p.Definers != nil,
		"databases": p.Databases != nil,
		"roles that every account has (server.mandatoryRoles)":             p.Server.MandatoryRoles != nil || p.Server.Product == MariaDB,
		"plugins that turn one account into another (server.proxyPlugins)": p.Server.ProxyPlugins != nil || p.Server.Product == MariaDB,
	} {
		if !read {
			p.lack("the list of %s was not read", what)
		}
	}
	for _, user := range slices.Concat(p.boundary.From, p.boundary.Away.Users) {
		known := func(a Account) bool {
			return a.User == user && (!p.isRole(a.Name) || slices.Contains(p.boundary.Away.Users, user))
		}
		if p.Accounts != nil && !slices.ContainsFunc(p.Accounts, known) {
			p.lack("the server has no account of the user %q", user)
		}
	}
	for _, database := range p.boundary.Away.Databases {
		if p.Databases != nil && !slices.ContainsFunc(p.Databases, func(d string) bool { return p.sameDatabase(d, database) }) {
			p.lack("the server has no database %q", database)
		}
	}
}

func (p *prover) lack(format string, args ...any) { p.lacks[fmt.Sprintf(format, args...)] = true }

// actors returns staging's accounts, and those that anybody is who connects.
func (p *prover) actors() []actor {
	var own, open []actor
	for _, a := range p.Accounts {
		switch {
		case slices.Contains(p.boundary.From, a.User) && !p.isRole(a.Name):
			own = append(own, actor{account: a.Name})
		case a.open() && !loopback(a.Host):
			text := "ALTER USER " + a.String() + " ACCOUNT LOCK"
			if slices.Contains(p.boundary.Away.Users, a.User) {
				text = "give " + a.String() + " a password, and production's clients the same one" // a lock would keep them out
			}
			open = append(open, actor{
				account: a.Name,
				path:    []bulkhead.Hop{{Object: accountRef(a.Name), Field: "login", Text: "lets everybody in: it has no password"}},
				change:  bulkhead.Change{Object: accountRef(a.Name), Field: "login", Text: text},
			})
		}
	}
	return append(own, open...)
}

// open reports whether an account asks for nothing.
func (a Account) open() bool { return !a.Role && !a.Locked && a.Login == NoPassword && !a.Certificate }

// breach adds a breach of an actor, unless it is there.
func (p *prover) breach(a actor, rule string, hops []bulkhead.Hop, change bulkhead.Change) {
	if a.path != nil {
		change = a.change
	}
	b := bulkhead.Breach{Rule: rule, Path: slices.Concat(a.path, hops), Change: change}
	if key := fmt.Sprintf("%q", []any{a.account, rule, hops[len(hops)-1].Object, hops[len(hops)-1].Field, change}); !p.seen[key] {
		p.seen[key] = true
		p.breaches = append(p.breaches, b)
	}
}

func accountRef(n Name) bulkhead.Ref {
	return bulkhead.Ref{Group: group, Kind: "Account", Name: n.String()}
}

func serverRef() bulkhead.Ref { return bulkhead.Ref{Group: group, Kind: "Server", Name: "server"} }
