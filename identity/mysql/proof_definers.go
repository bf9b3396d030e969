// SPDX-License-Identifier: Apache-2.0

package mysql

import (
	"slices"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// definers finds what an actor sets off that runs with the rights of somebody else, and
// reaches production by them: at once, or through others that it sets off in turn.
func (p *prover) definers(a actor) {
	type step struct {
		by   Name           // with whose rights
		in   []string       // the databases that it is about; nil is all
		path []bulkhead.Hop // how it came so far
		root bulkhead.Change
	}
	seen := make(map[definerKey]bool)
	for queue := []step{{by: a.account}}; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		for _, d := range p.Definers {
			if d.Definer == a.account || seen[d.key()] || at.in != nil && !slices.ContainsFunc(at.in, func(db string) bool { return p.sameDatabase(db, d.Database) }) {
				continue
			}
			hops, ok := p.setsOff(at.by, d)
			if !ok {
				continue
			}
			seen[d.key()] = true
			next := step{by: d.Definer, path: slices.Concat(at.path, hops), root: at.root}
			if next.root == (bulkhead.Change{}) {
				next.root = d.change()
			}
			power := p.power(d.Definer)
			if d.Databases == nil {
				if len(power) > 0 {
					p.lack("what the text of %s does with the rights of %s on %s: it was not read, or makes statements as it runs", d.ref(), d.Definer, strings.Join(power, ", "))
				}
				continue
			}
			names := append([]string{d.Database}, d.Databases...)
			power = slices.DeleteFunc(power, func(db string) bool {
				return !slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(name, db) })
			})
			if len(power) > 0 {
				hop := bulkhead.Hop{Object: d.ref(), Field: "definer", Text: "acts on " + strings.Join(power, ", ") + " with the rights of " + d.Definer.String()}
				p.breach(a, BorrowsRights, append(next.path, hop), next.root)
				continue
			}
			next.in = names
			queue = append(queue, next)
		}
	}
}

// definerKey tells definers from each other.
type definerKey struct {
	kind            Kind
	database, name  string
	table, onAction string
}

func (d Definer) key() definerKey { return definerKey{d.Kind, d.Database, d.Object, d.Table, d.Event} }

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
	if p.isRole(name) {
		role := session{account: name, role: []Membership{{Role: name}}}
		return p.holdings(role, database)
	}
	var out []holding
	for _, with := range p.sessions(name) {
		out = append(out, p.holdings(with, database)...)
	}
	return out
}

// setsOff returns the steps by which somebody sets off what has a definer.
func (p *prover) setsOff(by Name, d Definer) ([]bulkhead.Hop, bool) {
	for _, h := range p.held(by, d.Database) {
		for _, privilege := range h.Privileges {
			if d.setOffBy(h.Grant, privilege) {
				hop := bulkhead.Hop{Object: accountRef(h.To), Field: h.field(), Text: "has " + privilege + " on the " + string(d.Kind) + " " + quote(d.Database) + "." + quote(d.Object)}
				return append(p.roleHops(by, h.through), hop), true
			}
		}
	}
	return nil, false
}

// setOffBy reports whether a privilege of a grant on its database sets a definer off. An
// event runs by itself: who may see or change anything beside it has what it brings.
func (d Definer) setOffBy(g Grant, privilege string) bool {
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
	return slices.Contains(privileges, privilege) && (whole || slices.Contains(levels, g.Level) && g.Object == object)
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
