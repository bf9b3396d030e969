// SPDX-License-Identifier: Apache-2.0

package postgres

import "slices"

// powerful says whether a role has rights over production in this database that not
// everybody has: of its own, or through a function or a view of a role that has.
func (v *visit) powerful(role string) bool {
	known, ok := v.powers[role]
	if !ok {
		v.powers[role] = false // while it is asked: a circle of functions gives nobody more
		known = v.ends(role) || v.hasPower(role)
		v.powers[role] = known
	}
	return known
}

func (v *visit) hasPower(role string) bool {
	p := party{court: v.court, closure: v.walk(role, v.db.Owner, walk{set: true, inherit: true, admin: true, end: v.ends}), from: role}
	for _, w := range p.ways {
		r := p.roles[w.role]
		reaches := slices.ContainsFunc(powers(), func(p power) bool { return p.role == w.role && p.rule != "" })
		if p.ends(w.role) || reaches || w.set && r.CreateRole && p.Version < optionsVersion || w.role == v.db.Owner && v.holds(v.db) {
			return true
		}
	}
	reads := p.to[readAll] != nil || p.to[writeAll] != nil
	own := func(g Grant) bool { return g.Grantee != Public && p.to[g.Grantee] != nil }
	for _, r := range v.db.Contents.Relations {
		granted := p.to[r.Owner] != nil || slices.ContainsFunc(r.Grants, own) || slices.ContainsFunc(r.Columns, func(c Column) bool { return slices.ContainsFunc(c.Grants, own) })
		if (reads || granted) && v.leadsToProduction(r) {
			return true
		}
	}
	return slices.ContainsFunc(v.db.Contents.LargeObjects, func(l LargeObjects) bool {
		return v.productionsLargeObjects(l) && slices.ContainsFunc(l.Grants, own)
	}) || slices.ContainsFunc(v.db.Contents.Functions, func(f Function) bool {
		return f.SecurityDefiner && f.Schema != system && p.to[f.Owner] == nil && slices.ContainsFunc(f.Grants, own) && v.powerful(f.Owner)
	})
}

// leadsToProduction says whether who uses a relation uses production.
func (v *visit) leadsToProduction(r Relation) bool {
	if v.protects(v.db.Name, r) || r.secret() {
		return true
	}
	_, part := v.part(r, map[Name]bool{})
	_, shows := v.shows(r, map[Name]bool{})
	return part || shows
}
