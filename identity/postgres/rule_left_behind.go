// SPDX-License-Identifier: Apache-2.0

package postgres

import (
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
)

// rememberedBy judges a table whose schema staging may not use, through the views that
// staging made while it could: a view finds its tables by number, for which nobody asks
// about the schema (PostgreSQL 18 documentation, "Rules and Privileges").
func (v *visit) rememberedBy(r Relation) {
	if len(v.sources(r.Grants, r.Owner, uses(r.Kind)...)) == 0 && len(r.Columns) == 0 {
		return
	}
	for _, view := range v.db.Contents.Relations {
		into, enters := v.enters(view.Schema)
		if view.Kind != View || v.to[view.Owner] == nil || !enters || !slices.Contains(view.Reads, r.named()) || !v.mayUse(view.Owner, r) {
			continue
		}
		v.granted(r, into, UsesTable, UsesColumn, bulkhead.Hop{
			Object: relationRef(v.db.Name, view), Text: "was made of " + shown(r.Schema, r.Name) + " while " + view.Owner + " could use its schema",
		})
	}
}

// foreignView notes a view over tables of a foreign server: it connects there as its
// owner's mapping says, whoever reads it (PostgreSQL 18 documentation, "CREATE USER
// MAPPING"), and what is shown there the snapshot does not tell.
func (v *visit) foreignView(r Relation) {
	if r.Kind != View || v.to[r.Owner] != nil || v.protects(v.db.Name, r) {
		return
	}
	if _, enters := v.enters(r.Schema); !enters || len(v.sources(r.Grants, r.Owner, uses(View)...)) == 0 {
		return
	}
	if server := v.foreignIn(r, map[Name]bool{}); server != "" {
		v.miss("what foreign server %s shows through view %s in database %s, which connects there as %s", shown(server), shown(r.Schema, r.Name), shown(v.db.Name), shown(r.Owner))
	}
}

// foreignIn is a foreign server whose tables a view reads with the rights of an owner.
func (v *visit) foreignIn(r Relation, seen map[Name]bool) string {
	if seen[r.named()] || r.SecurityInvoker {
		return ""
	}
	seen[r.named()] = true
	for _, name := range r.Reads {
		inner := v.relations[name]
		if inner.Kind == ForeignTable {
			return inner.Server
		}
		if inner.Kind == View {
			if server := v.foreignIn(inner, seen); server != "" {
				return server
			}
		}
	}
	return ""
}

// alreadyIn notes what staging owns in a schema of production's search path. It makes
// nothing there any more, but what is there may have a name that production means.
func (v *visit) alreadyIn(schema string) {
	note := func(kind, name, owner string) {
		v.miss("whether production means %s %s, which %s owns in its search path in database %s", kind, name, shown(owner), shown(v.db.Name))
	}
	for _, r := range v.db.Contents.Relations {
		if r.Schema == schema && v.to[r.Owner] != nil && !v.protects(v.db.Name, r) {
			note(string(r.Kind), shown(r.Schema, r.Name), r.Owner)
		}
	}
	for _, f := range v.db.Contents.Functions {
		if f.Schema == schema && v.to[f.Owner] != nil {
			note("function", f.String(), f.Owner)
		}
	}
}
