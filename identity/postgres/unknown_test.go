// SPDX-License-Identifier: Apache-2.0

package postgres_test

import (
	"slices"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/postgres"
)

// closed is a server that is sealed to stg_app, which has a database of its own.
func closed() *postgres.Snapshot {
	s := naive()
	path, off := "public", false
	s.SearchPath, s.LargeObjectCompat = &path, &off
	s.Databases[0].Grants = s.Databases[0].Grants[:1]
	s.Databases = append(s.Databases, postgres.Database{
		Name: "app_stg", Owner: "postgres", AllowConnections: true, Contents: &postgres.Contents{
			Schemas:   []postgres.Schema{{Name: "app", Owner: "postgres"}},
			Relations: []postgres.Relation{{Schema: "app", Name: "t", Kind: postgres.Table, Owner: "postgres"}},
		},
		Grants: []postgres.Grant{{Grantee: "stg_app", Grantor: "postgres", Privileges: []string{"CONNECT"}}},
	})
	return s
}

func TestWhatNobodyKnowsSealsNothing(t *testing.T) {
	strange := []postgres.Grant{{Grantee: "stg_app", Grantor: "postgres", Privileges: []string{"SHRED"}}}
	production := postgres.Boundary{From: []string{"stg_app"}, Away: postgres.Production{Roles: []string{"prod_app"}, Databases: []string{"app_prod"}}}
	if proof := bulkhead.Must(closed().NoAccess(production)); proof.Verdict != bulkhead.Sealed {
		t.Fatalf("without anything: %v", proof)
	}
	for name, tt := range map[string]struct {
		edit func(*postgres.Snapshot)
		want string
	}{
		"a newer server": {func(s *postgres.Snapshot) { s.Version = 190000 }, "what PostgreSQL 19 brings, which is newer than the rules"},
		"a privilege on a table": {
			func(s *postgres.Snapshot) { s.Databases[1].Contents.Relations[0].Grants = strange }, "what the privilege SHRED on Table/app_stg/app.t, which stg_app has, lets it do",
		},
		"a privilege on a parameter": {
			func(s *postgres.Snapshot) { s.Parameters = []postgres.Parameter{{Name: "jit", Grants: strange}} }, "what the privilege SHRED on Parameter/jit, which stg_app has, lets it do",
		},
		"default privileges of what nobody knows": {func(s *postgres.Snapshot) {
			s.Databases[1].Contents.DefaultPrivileges = []postgres.DefaultPrivilege{{Role: "prod_app", Objects: "z", Grants: strange}}
		}, "what default privileges of prod_app on z in database app_stg give"},
		"a predefined role": {func(s *postgres.Snapshot) {
			s.Roles = append(s.Roles, postgres.Role{Name: "pg_new"})
			s.Memberships = []postgres.Membership{{Role: "pg_new", Member: "stg_app", Grantor: "postgres", Set: true}}
		}, "what the role pg_new, which stg_app has, may do"},
		"an event trigger's function": {func(s *postgres.Snapshot) {
			s.Databases[1].Contents.EventTriggers = []postgres.EventTrigger{{Name: "made", Function: postgres.Signature{Schema: "app", Name: "made"}}}
		}, "the function of event trigger made in database app_stg"},
		"a view over a foreign table": {func(s *postgres.Snapshot) {
			contents := s.Databases[1].Contents
			contents.Schemas[0].Grants = []postgres.Grant{{Grantee: "stg_app", Grantor: "postgres", Privileges: []string{"USAGE"}}}
			contents.Relations = append(contents.Relations,
				postgres.Relation{Schema: "app", Name: "far", Kind: postgres.ForeignTable, Owner: "postgres", Server: "elsewhere"},
				postgres.Relation{
					Schema: "app", Name: "shown", Kind: postgres.View, Owner: "postgres", Reads: []postgres.Name{{Schema: "app", Name: "far"}},
					Grants: []postgres.Grant{{Grantee: "stg_app", Grantor: "postgres", Privileges: []string{"SELECT"}}},
				})
		}, "what foreign server elsewhere shows through view app.shown in database app_stg, which connects there as postgres"},
		"what staging owns in production's search path": {func(s *postgres.Snapshot) {
			contents := s.Databases[1].Contents
			contents.Schemas = append(contents.Schemas, postgres.Schema{Name: "public", Owner: "postgres"})
			contents.Relations = append(contents.Relations,
				postgres.Relation{Schema: "app", Name: "orders", Kind: postgres.Table, Owner: "prod_app"},
				postgres.Relation{Schema: "public", Name: "orders", Kind: postgres.Table, Owner: "stg_app"})
		}, "whether production means table public.orders, which stg_app owns in its search path in database app_stg"},
	} {
		t.Run(name, func(t *testing.T) {
			s := closed()
			tt.edit(s)
			proof := bulkhead.Must(s.NoAccess(production))
			if proof.Verdict != bulkhead.Undetermined || !slices.Equal(proof.Missing, []string{tt.want}) {
				t.Errorf("%v, missing %q", proof.Verdict, proof.Missing)
			}
		})
	}
}

func TestAnOlderServerIsRefused(t *testing.T) {
	s := closed()
	s.Version = 120000
	_, err := s.NoAccess(postgres.Boundary{From: []string{"stg_app"}, Away: postgres.Production{Roles: []string{"prod_app"}}})
	if got := places(t, err); !slices.Equal(got, []string{"version"}) {
		t.Error(got)
	}
}
