// SPDX-License-Identifier: Apache-2.0

package postgres_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/postgres"
)

var everybody = []string{"postgres", "prod_app", "stg_app", "team", "crew", "pg_read_all_data", "pg_database_owner", "pg_monitor"}

func boundary() postgres.Boundary {
	return postgres.Boundary{
		From: []string{"stg_app"},
		Away: postgres.Production{Roles: []string{"prod_app"}, Databases: []string{"app_prod"}, Schemas: []postgres.SchemaName{{Database: "shared", Name: "prod"}}},
	}
}

func role() *rapid.Generator[string] { return rapid.SampledFrom(everybody[:5]) }

func grants(privileges ...string) *rapid.Generator[[]postgres.Grant] {
	return rapid.SliceOfNDistinct(grant(privileges...), 0, 3, func(g postgres.Grant) string { return g.Grantee })
}

func grant(privileges ...string) *rapid.Generator[postgres.Grant] {
	return rapid.Custom(func(t *rapid.T) postgres.Grant {
		g := postgres.Grant{
			Grantee: rapid.SampledFrom(append(everybody, postgres.Public)).Draw(t, "grantee"), Grantor: "postgres",
			Privileges: rapid.SliceOfNDistinct(rapid.SampledFrom(privileges), 1, -1, rapid.ID).Draw(t, "privileges"),
		}
		if rapid.Bool().Draw(t, "grantable") {
			g.Grantable = g.Privileges
		}
		return g
	})
}

func contents(t *rapid.T) *postgres.Contents {
	var c postgres.Contents
	for _, schema := range []string{"prod", "public"} {
		c.Schemas = append(c.Schemas, postgres.Schema{Name: schema, Owner: role().Draw(t, "owner"), Grants: grants("USAGE", "CREATE").Draw(t, "schema")})
		table := postgres.Relation{Schema: schema, Name: "orders", Kind: postgres.Table, Owner: role().Draw(t, "owner"), Grants: grants("SELECT", "INSERT").Draw(t, "table")}
		view := postgres.Relation{
			Schema: schema, Name: "cards", Kind: postgres.View, Owner: role().Draw(t, "owner"), Grants: grants("SELECT").Draw(t, "view"),
			SecurityInvoker: rapid.Bool().Draw(t, "invoker"), Reads: []postgres.Name{{Schema: "prod", Name: "orders"}},
			Columns: []postgres.Column{{Name: "card", Grants: grants("SELECT").Draw(t, "column")}},
		}
		c.Relations = append(c.Relations, table, view)
		c.Functions = append(c.Functions, postgres.Function{
			Signature: postgres.Signature{Schema: schema, Name: "peek"}, Owner: role().Draw(t, "owner"), SecurityDefiner: rapid.Bool().Draw(t, "definer"), Grants: grants("EXECUTE").Draw(t, "function"),
		})
	}
	c.DefaultPrivileges = []postgres.DefaultPrivilege{{Role: role().Draw(t, "role"), Objects: "tables", Grants: grants("SELECT").Draw(t, "default")}}
	c.LargeObjects = []postgres.LargeObjects{{Owner: role().Draw(t, "owner"), Grants: grants("SELECT").Draw(t, "large"), OIDs: []int64{1}, Count: 1}}
	c.ForeignServers = []postgres.ForeignServer{{Name: "far", Owner: role().Draw(t, "owner"), Grants: grants("USAGE").Draw(t, "server"), Database: "app_prod", Mappings: []postgres.UserMapping{{Role: postgres.Public}}}}
	return &c
}

func snapshots() *rapid.Generator[*postgres.Snapshot] {
	return rapid.Custom(func(t *rapid.T) *postgres.Snapshot {
		path, compat := `"$user", public`, rapid.Bool().Draw(t, "compat")
		s := &postgres.Snapshot{Kind: postgres.SnapshotKind, Version: rapid.SampledFrom([]int{150018, 180006}).Draw(t, "version"), SearchPath: &path, LargeObjectCompat: &compat}
		for _, name := range everybody {
			s.Roles = append(s.Roles, postgres.Role{
				Name: name, Superuser: name == "postgres", Login: true, Inherit: rapid.Bool().Draw(t, "inherit"), CreateRole: rapid.IntRange(0, 9).Draw(t, "create") == 0,
			})
		}
		for range rapid.IntRange(0, 4).Draw(t, "memberships") {
			s.Memberships = append(s.Memberships, membership(s).Draw(t, "membership"))
		}
		for _, name := range []string{"app_prod", "shared"} {
			d := postgres.Database{Name: name, Owner: role().Draw(t, "owner"), AllowConnections: true, Grants: grants("CONNECT", "CREATE", "TEMPORARY").Draw(t, "database")}
			if rapid.IntRange(0, 3).Draw(t, "read") > 0 {
				d.Contents = contents(t)
			}
			s.Databases = append(s.Databases, d)
		}
		return s
	})
}

func membership(s *postgres.Snapshot) *rapid.Generator[postgres.Membership] {
	return rapid.Custom(func(t *rapid.T) postgres.Membership {
		m := postgres.Membership{
			Role: rapid.SampledFrom(everybody).Draw(t, "role"), Member: role().Draw(t, "member"), Grantor: fmt.Sprint("r", rapid.IntRange(0, 1<<20).Draw(t, "grantor")),
			Admin: rapid.Bool().Draw(t, "admin"), Inherit: rapid.Bool().Draw(t, "inherit"), Set: rapid.Bool().Draw(t, "set"),
		}
		if s.Version < 160000 {
			m.Set = true
			for _, r := range s.Roles {
				if r.Name == m.Member {
					m.Inherit = r.Inherit
				}
			}
		}
		return m
	})
}

// worse says whether a verdict came to be better than it may be.
func worse(before, after bulkhead.Verdict) bool {
	return before != bulkhead.Sealed && after == bulkhead.Sealed
}

func TestGrantingMoreSealsNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := snapshots().Draw(t, "snapshot")
		before := bulkhead.Must(s.NoAccess(boundary()))
		if rapid.Bool().Draw(t, "to a role") {
			s.Memberships = append(s.Memberships, membership(s).Draw(t, "more"))
		} else {
			d := &s.Databases[rapid.IntRange(0, 1).Draw(t, "database")]
			targets := []*[]postgres.Grant{&d.Grants}
			if d.Contents != nil {
				c := d.Contents
				targets = append(targets, &c.Schemas[0].Grants, &c.Schemas[1].Grants, &c.Relations[0].Grants, &c.Relations[1].Grants, &c.Functions[1].Grants, &c.LargeObjects[0].Grants)
			}
			more := rapid.SampledFrom(targets).Draw(t, "target")
			*more = append(*more, grant("CONNECT", "SELECT", "USAGE", "EXECUTE", "CREATE").Draw(t, "more"))
		}
		after := bulkhead.Must(s.NoAccess(boundary()))
		if before.Verdict == bulkhead.Breached && after.Verdict != bulkhead.Breached || worse(before.Verdict, after.Verdict) {
			t.Fatalf("%v became %v", before, after)
		}
	})
}

func TestKnowingLessSealsNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := snapshots().Draw(t, "snapshot")
		before := bulkhead.Must(s.NoAccess(boundary()))
		switch rapid.IntRange(0, 3).Draw(t, "what") {
		case 0:
			s.SearchPath = nil
		case 1:
			s.LargeObjectCompat = nil
		default:
			s.Databases[rapid.IntRange(0, 1).Draw(t, "database")].Contents = nil
		}
		if after := bulkhead.Must(s.NoAccess(boundary())); worse(before.Verdict, after.Verdict) {
			t.Fatalf("%v became %v", before, after)
		}
	})
}

func TestOrderIsOfNoAccount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := snapshots().Draw(t, "snapshot")
		want := bulkhead.Must(s.NoAccess(boundary()))
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		r.Shuffle(len(s.Roles), func(i, j int) { s.Roles[i], s.Roles[j] = s.Roles[j], s.Roles[i] })
		r.Shuffle(len(s.Memberships), func(i, j int) { s.Memberships[i], s.Memberships[j] = s.Memberships[j], s.Memberships[i] })
		r.Shuffle(len(s.Databases), func(i, j int) { s.Databases[i], s.Databases[j] = s.Databases[j], s.Databases[i] })
		for _, d := range s.Databases {
			if c := d.Contents; c != nil {
				r.Shuffle(len(c.Relations), func(i, j int) { c.Relations[i], c.Relations[j] = c.Relations[j], c.Relations[i] })
				r.Shuffle(len(c.Schemas), func(i, j int) { c.Schemas[i], c.Schemas[j] = c.Schemas[j], c.Schemas[i] })
			}
		}
		b := boundary()
		b.From = append(b.From, b.From...)
		if diff := cmp.Diff(want, bulkhead.Must(s.NoAccess(b))); diff != "" {
			t.Fatalf("proof (-as is +shuffled):\n%s", diff)
		}
	})
}
