// SPDX-License-Identifier: Apache-2.0

package postgres_test

import (
	"fmt"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/postgres"
)

// large is a server of many relations, roles, functions and views, where staging shares a
// database with production.
func large(relations, roles int) *postgres.Snapshot {
	path, off := `"$user", public`, false
	s := &postgres.Snapshot{Kind: postgres.SnapshotKind, Version: 180006, SearchPath: &path, LargeObjectCompat: &off}
	all := []string{"postgres", "prod_app", "stg_app"}
	for i := range roles {
		all = append(all, fmt.Sprint("r", i))
	}
	for i, name := range all {
		s.Roles = append(s.Roles, postgres.Role{Name: name, Superuser: i == 0, Login: true, Inherit: true, ConnectionLimit: 5})
		if i > 4 {
			s.Memberships = append(s.Memberships, postgres.Membership{Role: all[3+(i-4)/2], Member: name, Grantor: "postgres", Inherit: true, Set: true})
		}
	}
	s.Memberships = append(s.Memberships, postgres.Membership{Role: "r0", Member: "stg_app", Grantor: "postgres", Inherit: true, Set: true})
	everybody := []postgres.Grant{{Grantee: postgres.Public, Grantor: "postgres", Privileges: []string{"CONNECT", "USAGE", "EXECUTE", "SELECT"}}}
	c := &postgres.Contents{Schemas: []postgres.Schema{{Name: "prod", Owner: "prod_app", Grants: everybody}, {Name: "public", Owner: "postgres", Grants: everybody}}}
	for i := range relations {
		owner := all[3+i%roles]
		name := fmt.Sprint("t", i)
		c.Relations = append(c.Relations,
			postgres.Relation{Schema: "prod", Name: name, Kind: postgres.Table, Owner: "prod_app", Grants: []postgres.Grant{{Grantee: all[3+i%(roles/50)], Grantor: "prod_app", Privileges: []string{"SELECT"}}}, Triggers: []postgres.Signature{{Schema: "public", Name: "f"}}},
			postgres.Relation{Schema: "public", Name: name, Kind: postgres.View, Owner: owner, Grants: everybody, Reads: []postgres.Name{{Schema: "prod", Name: name}, {Schema: "public", Name: fmt.Sprint("t", i/2)}}})
		if i%2 == 0 {
			c.Functions = append(c.Functions, postgres.Function{Signature: postgres.Signature{Schema: "public", Name: fmt.Sprint("f", i)}, Owner: owner, SecurityDefiner: true, Grants: everybody})
		}
	}
	s.Databases = []postgres.Database{{Name: "shared", Owner: "postgres", AllowConnections: true, Grants: everybody, Contents: c}}
	return s
}

// The time of a proof grows with the catalog, and not with its square.
func BenchmarkNoAccess(b *testing.B) {
	for _, n := range []int{1_000, 10_000} {
		s := large(n/2, n/10)
		b.Run(fmt.Sprintf("%d relations, %d roles", n, n/10), func(b *testing.B) {
			for b.Loop() {
				proof := bulkhead.Must(s.NoAccess(postgres.Boundary{
					From: []string{"stg_app"}, Away: postgres.Production{Roles: []string{"prod_app"}, Schemas: []postgres.SchemaName{{Database: "shared", Name: "prod"}}},
				}))
				if proof.Verdict != bulkhead.Breached {
					b.Fatal(proof.Verdict)
				}
			}
		})
	}
}

func BenchmarkSeparateSchema(b *testing.B) {
	for _, n := range []int{1_000, 10_000} {
		s := large(n/2, n/10)
		b.Run(fmt.Sprintf("%d relations, %d roles", n, n/10), func(b *testing.B) {
			for b.Loop() {
				bulkhead.Must(s.SeparateSchema(postgres.Plan{
					Owner: "stg_owner", Users: []postgres.User{{Name: "stg_new", Connections: 5}}, Database: "shared", Schema: "stg",
					Away: postgres.Production{Roles: []string{"prod_app"}, Schemas: []postgres.SchemaName{{Database: "shared", Name: "prod"}}},
				}))
			}
		})
	}
}
