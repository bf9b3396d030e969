// SPDX-License-Identifier: Apache-2.0

package postgres

import (
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
)

// A Proof is the answer to whether staging can act on production in a server.
//
// The Text of each Change is a statement to be run in the database that the Namespace of
// its Object names, or in any if that is empty. What is set with ALTER SYSTEM is in force
// after pg_reload_conf().
type Proof struct {
	bulkhead.Proof
	// Findings are what weakens the boundary, or would open it with one more mistake.
	Findings bulkhead.Findings
}

// NoAccess proves that nobody who logs in as one of staging's roles can act on
// production: become one of its roles, connect to its databases, use its tables, run a
// function or read a view with its rights, make it take an object of staging for its
// own, reach the files of the server, or another server as production.
//
// It is Breached with a path for each change that closes one; Undetermined where
// something was not read that decides, such as a database that staging may connect to;
// and Sealed otherwise. What staging might do with a password of production, whether it
// reaches the server at all, and CPU, memory and disks that both share are other
// questions.
//
// A mistake in the question, such as an empty side or a name that the snapshot does not
// have, is a [*bulkhead.InvalidError].
func (s *Snapshot) NoAccess(b Boundary) (Proof, error) {
	if err := s.judge(b); err != nil {
		return Proof{}, err
	}
	sorted, err := s.sorted()
	if err != nil {
		return Proof{}, err
	}
	c := newCourt(worldOf(sorted, b))
	if s.Version >= unknownVersion {
		c.miss("what PostgreSQL %d brings, which is newer than the rules", s.Version/10000)
	}
	for _, from := range slices.Compact(slices.Sorted(slices.Values(b.From))) {
		c.judge(from)
	}
	c.passwords()
	return Proof{Proof: bulkhead.NewProof(c.breached(), c.missed()), Findings: c.findings.Sorted()}, nil
}

// judge asks all that a role of staging can do.
func (c *court) judge(from string) {
	p := &party{court: c, from: from, closure: c.walk(from, "", walk{set: true, inherit: true, admin: true, end: c.ends})}
	p.attributes()
	if c.roles[from].Superuser {
		return // all else is said with that
	}
	p.becomes()
	p.predefined()
	p.parameters()
	p.limits()
	for i := range c.Databases {
		if v := c.visit(from, &c.Databases[i]); v != nil {
			v.judge()
		}
	}
}

// ends says of a role that whoever has it has crossed already.
func (c *court) ends(role string) bool {
	return c.production(role) || c.roles[role].Superuser || managed(role)
}

// judge asks what can be done in a database that staging may connect to.
func (v *visit) judge() {
	if v.connects() {
		return
	}
	v.temporary()
	if v.db.Contents == nil {
		v.miss("the contents of database %s, which %s may connect to", shown(v.db.Name), shown(v.from))
		return
	}
	v.unknowns()
	for _, s := range v.db.Contents.Schemas {
		v.schema(s)
	}
	for _, r := range v.db.Contents.Relations {
		v.relation(r)
		v.parts(r)
		v.view(r)
		v.foreignView(r)
		v.rule(r)
		v.trigger(r)
	}
	for _, f := range v.db.Contents.Functions {
		v.definer(f)
		v.serverFunction(f)
		v.ownFunction(f)
	}
	for _, l := range v.db.Contents.LargeObjects {
		v.largeObject(l)
	}
	v.largeObjectsUnchecked()
	for _, d := range v.db.Contents.DefaultPrivileges {
		v.future(d)
	}
	for _, s := range v.db.Contents.ForeignServers {
		v.foreignServer(s)
	}
	for _, e := range v.db.Contents.EventTriggers {
		v.eventTrigger(e)
	}
	v.trojan()
	v.metadata()
}
