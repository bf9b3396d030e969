// SPDX-License-Identifier: Apache-2.0

package postgres

import (
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
)

// ForeignServerAsProduction is a foreign server that staging uses as a role of
// production, or that leads to a database of production.
const ForeignServerAsProduction = "postgres/foreign-server"

// foreignServer judges a server that staging may use with a mapping to somebody. Who is
// that elsewhere, only the boundary tells by name: one of production's roles is a breach,
// one of staging's own is none, and anybody else is missing evidence.
func (v *visit) foreignServer(s ForeignServer) {
	ref := bulkhead.Ref{Group: group, Kind: "ForeignServer", Namespace: v.db.Name, Name: shown(s.Name)}
	door := v.foreignDoor(s, ref)
	if door == nil {
		return
	}
	for _, m := range s.Mappings {
		if m.Role != Public && v.to[m.Role] == nil {
			continue
		}
		switch {
		case m.User != nil && v.production(*m.User) || v.whole(s.Database):
			user := "a user"
			if m.User != nil {
				user = *m.User
			}
			hop := bulkhead.Hop{Object: ref, Field: "mappings[" + m.Role + "]", Text: "connects as " + user + " to database " + s.Database}
			v.breach(ForeignServerAsProduction, v.path(door, []bulkhead.Hop{hop}), bulkhead.Change{
				Object: ref, Field: hop.Field, Text: "DROP USER MAPPING FOR " + grantee(m.Role) + " SERVER " + identifier(s.Name),
			})
		case m.User == nil:
			v.miss("the user of the mapping for %s on foreign server %s in database %s", m.Role, shown(s.Name), shown(v.db.Name))
		case *m.User != v.from:
			v.miss("what user %s may do on foreign server %s in database %s", shown(*m.User), shown(s.Name), shown(v.db.Name))
		}
	}
}

// foreignDoor returns the steps by which staging uses a foreign server: with USAGE it
// makes foreign tables of its own, and those that are there need a grant alone.
func (v *visit) foreignDoor(s ForeignServer, ref bulkhead.Ref) []bulkhead.Hop {
	if w := v.to[s.Owner]; w != nil {
		return append(w.hops(), bulkhead.Hop{Object: ref, Field: "owner", Text: "is owned by " + s.Owner})
	}
	if found := v.sources(s.Grants, s.Owner, "USAGE"); len(found) > 0 {
		return found[0].hops(ref)
	}
	for _, r := range v.db.Contents.Relations {
		into, enters := v.enters(r.Schema)
		if r.Server != s.Name || !enters {
			continue
		}
		relation := relationRef(v.db.Name, r)
		if w := v.to[r.Owner]; w != nil {
			return slices.Concat(into, w.hops(), []bulkhead.Hop{{Object: relation, Field: "owner", Text: "is owned by " + r.Owner}})
		}
		if found := v.sources(r.Grants, r.Owner, uses(r.Kind)...); len(found) > 0 {
			return append(into, found[0].hops(relation)...)
		}
	}
	return nil
}
