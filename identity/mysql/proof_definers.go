// SPDX-License-Identifier: Apache-2.0

package mysql

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// A step is what is done with somebody's rights: by an actor itself, or by what it set
// off.
type step struct {
	by     Name
	in     []string // the databases that it is about; nil is all
	before *step
	hops   []bulkhead.Hop  // how it came from before to here
	first  bulkhead.Change // what was set off first
	unread string          // why nobody knows what it does
}

// path returns the hops from the actor to a step.
func (s *step) path() []bulkhead.Hop {
	var parts [][]bulkhead.Hop
	for ; s != nil; s = s.before {
		parts = append(parts, s.hops)
	}
	slices.Reverse(parts)
	return slices.Concat(parts...)
}

// definers finds what an actor sets off that runs with the rights of somebody else, and
// reaches production by them: at once, or through others that it sets off in turn.
func (p *prover) definers(a actor) {
	rest := make(map[string][]Definer)     // what was not set off yet, by database
	invokers := make(map[string][]Definer) // what runs with the rights of its caller
	for _, d := range p.Definers {
		switch at := p.fold(d.Database); {
		case d.Invoker:
			invokers[at] = append(invokers[at], d)
		case d.Definer != a.account:
			rest[at] = append(rest[at], d)
		}
	}
	asked := make(map[string]bool)
	for queue := []*step{{by: a.account}}; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		key := fmt.Sprintf("%q", append([]string{at.by.String()}, at.in...))
		if asked[key] {
			continue
		}
		asked[key] = true
		in := at.in
		if in == nil {
			in = slices.AppendSeq(slices.Collect(maps.Keys(rest)), maps.Keys(invokers))
			slices.Sort(in)
		}
		for _, database := range in {
			database = p.fold(database)
			if len(rest[database])+len(invokers[database]) == 0 || len(p.held(at.by, database)) == 0 {
				continue
			}
			rest[database] = slices.DeleteFunc(rest[database], func(d Definer) bool {
				hops, with := p.setsOff(at.by, d)
				if with != nil {
					queue = append(queue, p.setOff(a, at, d, hops, *with)...)
				}
				return with != nil
			})
			if at.before == nil {
				continue // with the rights of the actor itself they do nothing that it cannot
			}
			for _, d := range invokers[database] {
				if hops, with := p.setsOff(at.by, d); with != nil {
					d.Definer = at.by
					queue = append(queue, p.setOff(a, at, d, hops, *with)...)
				}
			}
		}
	}
}

// setOff judges what was set off with a grant, and returns what it does in turn.
func (p *prover) setOff(a actor, before *step, d Definer, hops []bulkhead.Hop, with holding) []*step {
	next := &step{by: d.Definer, before: before, hops: hops, first: before.first, unread: before.unread}
	if before.before == nil {
		next.first = d.change()
		if slices.ContainsFunc(p.boundary.Away.Databases, func(db string) bool { return p.sameDatabase(db, d.Database) }) {
			next.first = p.takeAway(with) // production may need what is its own
		}
	}
	power := p.power(d.Definer)
	if d.Databases == nil {
		if next.unread == "" {
			next.unread = fmt.Sprintf("what the text of %s does with the rights of %s: it was not read, or makes statements as it runs", d.ref(), d.Definer)
		}
		if len(power) > 0 {
			p.lack("%s", next.unread)
			return nil
		}
		return []*step{next}
	}
	next.in = append([]string{d.Database}, d.Databases...)
	if database := p.makesRoutines(a.account, next.in); database != "" && len(power) > 0 {
		p.lack("what %s uses of %s, where %s may put a routine of its own in its place", d.ref(), database, a.account)
	}
	power = slices.DeleteFunc(power, func(db string) bool {
		return !slices.ContainsFunc(next.in, func(name string) bool { return strings.EqualFold(name, db) })
	})
	switch {
	case len(power) == 0:
		return []*step{next}
	case next.unread != "":
		p.lack("%s", next.unread)
	default:
		hop := bulkhead.Hop{Object: d.ref(), Field: "definer", Text: "acts on " + strings.Join(power, ", ") + " with the rights of " + d.Definer.String()}
		p.breach(a, BorrowsRights, append(next.path(), hop), next.first)
	}
	return nil
}

// makesRoutines returns the first of some databases in which an account may make or
// change routines, which run with the rights of their caller if it says so.
func (p *prover) makesRoutines(account Name, databases []string) string {
	for _, database := range databases {
		for _, h := range p.held(account, p.fold(database)) {
			if slices.Contains(h.Privileges, "CREATE ROUTINE") || slices.Contains(h.Privileges, "ALTER ROUTINE") {
				return database
			}
		}
	}
	return ""
}

// power returns the databases of production that an account or a role has anything on.
func (p *prover) power(name Name) []string {
	var out []string
	for _, database := range append(slices.Clone(p.boundary.Away.Databases), systemDatabase) {
		if len(p.held(name, database)) > 0 {
			out = append(out, database)
		}
	}
	return out
}

// held returns all that an account, or a role, has in one session or another.
func (p *prover) held(name Name, database string) []holding {
	at := [2]string{name.String(), database}
	out, known := p.holds[at]
	if known {
		return out
	}
	sessions := p.sessions(name)
	if p.isRole(name) {
		sessions = []session{{account: name, role: &Membership{Role: name}}}
	}
	type row struct {
		to                       Name
		level                    Level
		database, object, column string
		privileges               string
	}
	seen := make(map[row]bool)
	for _, with := range sessions {
		for _, h := range p.holdings(with, database) {
			r := row{h.To, h.Level, h.Database, h.Object, h.Column, strings.Join(h.Privileges, ",")}
			if !seen[r] {
				seen[r] = true
				out = append(out, h)
			}
		}
	}
	p.holds[at] = out
	return out
}

// setsOff returns the steps by which somebody sets off what has a definer, and the grant
// that it takes; nil is none.
func (p *prover) setsOff(by Name, d Definer) ([]bulkhead.Hop, *holding) {
	for _, h := range p.held(by, p.fold(d.Database)) {
		for _, privilege := range h.Privileges {
			if p.setOffBy(d, h.Grant, privilege) {
				hop := bulkhead.Hop{Object: accountRef(h.To), Field: h.field(), Text: "has " + privilege + " on the " + string(d.Kind) + " " + quote(d.Database) + "." + quote(d.Object)}
				return append(p.hopsTo(by, h), hop), &h
			}
		}
	}
	return nil, nil
}

// setOffBy reports whether a privilege of a grant on its database sets a definer off. An
// event runs by itself: who may see or change anything beside it has what it brings.
func (v *view) setOffBy(d Definer, g Grant, privilege string) bool {
	object, levels, privileges := d.Object, []Level{}, []string{"EXECUTE"}
	switch d.Kind {
	case Event:
		return true
	case View:
		levels, privileges = []Level{OnTable, OnColumn}, []string{"SELECT", "INSERT", "UPDATE", "DELETE"}
	case Trigger:
		object, levels, privileges = d.Table, []Level{OnTable, OnColumn}, []string{d.Event}
	case Procedure:
		levels = []Level{OnProcedure}
	case Function:
		levels = []Level{OnFunction}
	case Package:
		levels = []Level{OnPackage}
	}
	whole := g.Level == OnServer || g.Level == OnDatabase
	return slices.Contains(privileges, privilege) &&
		(whole || slices.Contains(levels, g.Level) && v.object(g) == v.object(Grant{Level: g.Level, Object: object}))
}

func (d Definer) ref() bulkhead.Ref {
	kind := strings.ToUpper(string(d.Kind[:1])) + string(d.Kind[1:])
	return bulkhead.Ref{Group: group, Kind: kind, Namespace: d.Database, Name: d.Object}
}

// change returns what ends the borrowing: routines can be told to run with the rights of
// who calls them; the others cannot without their text.
func (d Definer) change() bulkhead.Change {
	name := quote(d.Database) + "." + quote(d.Object)
	kind := strings.ToUpper(string(d.Kind))
	text := "DROP " + kind + " " + name
	if d.Kind == Procedure || d.Kind == Function {
		text = "ALTER " + kind + " " + name + " SQL SECURITY INVOKER"
	}
	return bulkhead.Change{Object: d.ref(), Field: "definer", Text: text}
}
