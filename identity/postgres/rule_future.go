// SPDX-License-Identifier: Apache-2.0

package postgres

import (
	"slices"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// FutureObjects are default privileges with which staging uses what production makes
// next.
const FutureObjects = "postgres/future-objects"

// future judges default privileges of who makes production's objects. Those of functions
// and types are not judged: everybody has them unless somebody takes them away.
func (v *visit) future(d DefaultPrivilege) {
	if !v.makes(d.Role) || d.Schema != "" && !v.inside(v.db.Name, d.Schema) && !v.production(d.Role) {
		return
	}
	objects := map[string][]string{
		"tables": uses(Table), "sequences": uses(Sequence), "large objects": {"SELECT", "UPDATE"}, "schemas": {"USAGE", "CREATE"},
	}[d.Objects]
	ref := bulkhead.Ref{Group: group, Kind: "DefaultPrivileges", Namespace: v.db.Name, Name: shown(d.Role)}
	at := "ALTER DEFAULT PRIVILEGES FOR ROLE " + identifier(d.Role)
	if d.Schema != "" {
		at += " IN SCHEMA " + identifier(d.Schema)
		ref.Name = shown(d.Role, d.Schema)
	}
	for _, s := range v.sources(d.Grants, d.Role, objects...) {
		field := d.Objects + "." + s.field()
		change := bulkhead.Change{Object: ref, Field: field, Text: at + " REVOKE " + strings.Join(s.privileges, ", ") + " ON " + strings.ToUpper(d.Objects) + " FROM " + grantee(s.grant.Grantee)}
		into, reaches := v.opens(d)
		if !reaches {
			v.warn(FutureObjects, ref, field, change.Text, "what %s makes next is granted to %s, whom only the schema holds back", d.Role, s.grant.Grantee)
			continue
		}
		hops := s.hops(ref)
		hops[len(hops)-1].Field = field
		hops[len(hops)-1].Text += " on " + d.Objects + " that " + d.Role + " makes from now on"
		v.breach(FutureObjects, v.path(into, hops), change)
	}
}

// makes says whether a role makes production's objects.
func (v *visit) makes(role string) bool {
	return v.production(role) || slices.ContainsFunc(v.db.Contents.Relations, func(r Relation) bool { return r.Owner == role && v.inside(v.db.Name, r.Schema) })
}

// opens says whether staging gets to where the next object is made.
func (v *visit) opens(d DefaultPrivilege) ([]bulkhead.Hop, bool) {
	switch {
	case d.Objects == "large objects":
		return nil, true
	case d.Objects == "schemas":
		return nil, false
	case d.Schema != "":
		return v.enters(d.Schema)
	}
	for _, s := range v.db.Contents.Schemas {
		if v.inside(v.db.Name, s.Name) {
			if into, ok := v.enters(s.Name); ok {
				return into, true
			}
		}
	}
	return nil, false
}
