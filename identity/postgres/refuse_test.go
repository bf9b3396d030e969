// SPDX-License-Identifier: Apache-2.0

package postgres_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/postgres"
)

// places returns the fields that an error names, all at once.
func places(t *testing.T, err error) []string {
	t.Helper()
	var invalid *bulkhead.InvalidError
	if !errors.As(err, &invalid) {
		t.Fatalf("error %v", err)
	}
	var out []string
	for _, e := range invalid.Errs {
		out = append(out, e.Field)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestNoAccessRefuses(t *testing.T) {
	production := postgres.Production{Roles: []string{"prod_app"}}
	for name, tt := range map[string]struct {
		b    postgres.Boundary
		want []string
	}{
		"no side at all":           {postgres.Boundary{}, []string{"away", "from"}},
		"a role that is not there": {postgres.Boundary{From: []string{"nobody"}, Away: production}, []string{"from[0]"}},
		"a role on both sides":     {postgres.Boundary{From: []string{"stg_app", "prod_app"}, Away: production}, []string{"from[1]"}},
		"production that is not there": {postgres.Boundary{From: []string{"stg_app"}, Away: postgres.Production{
			Roles: []string{"prod"}, Databases: []string{"app"}, Schemas: []postgres.SchemaName{{Database: "app", Name: "prod"}},
		}}, []string{"away.databases[0]", "away.roles[0]", "away.schemas[0].database"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := naive().NoAccess(tt.b)
			if got := places(t, err); !slices.Equal(got, tt.want) {
				t.Errorf("refused %v, want %v", got, tt.want)
			}
		})
	}
}

func TestRecipesRefuse(t *testing.T) {
	valid := func() postgres.Plan {
		return postgres.Plan{
			Owner: "stg_owner", Users: []postgres.User{{Name: "stg_app", Connections: 5}}, Database: "app_stg", Connections: 10, Schema: "app",
			Away: postgres.Production{Roles: []string{"prod_app"}, Databases: []string{"app_prod"}},
		}
	}
	for name, tt := range map[string]struct {
		edit func(*postgres.Plan)
		want []string
	}{
		"nothing at all":                {func(p *postgres.Plan) { *p = postgres.Plan{} }, []string{"away", "connections", "database", "owner", "schema", "users"}},
		"names that are too long":       {func(p *postgres.Plan) { p.Owner = strings.Repeat("o", 64); p.Database = strings.Repeat("é", 32) }, []string{"database", "owner"}},
		"NUL and line breaks":           {func(p *postgres.Plan) { p.Schema, p.Users[0].Name = "a\x00", "a\nb" }, []string{"schema", "users[0].name"}},
		"no UTF-8":                      {func(p *postgres.Plan) { p.Schema = "\xff" }, []string{"schema"}},
		"names of the system":           {func(p *postgres.Plan) { p.Owner, p.Schema, p.Users[0].Name = "pg_monitor", "pg_x", "public" }, []string{"owner", "schema", "users[0].name"}},
		"production's names":            {func(p *postgres.Plan) { p.Owner, p.Database = "prod_app", "app_prod" }, []string{"database", "owner"}},
		"a superuser":                   {func(p *postgres.Plan) { p.Users[0].Name = "postgres" }, []string{"users[0].name"}},
		"a user twice":                  {func(p *postgres.Plan) { p.Users = append(p.Users, p.Users[0]) }, []string{"users[1].name"}},
		"a user without a limit":        {func(p *postgres.Plan) { p.Users[0].Connections = 0 }, []string{"users[0].connections"}},
		"an IAM user that is not there": {func(p *postgres.Plan) { p.Users[0] = postgres.User{Name: "app@stg.iam", Existing: true} }, []string{"users[0].name"}},
		"an IAM user to be altered":     {func(p *postgres.Plan) { p.Users[0].Existing = true }, []string{"users[0]"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := valid()
			tt.edit(&p)
			_, err := naive().SeparateDatabase(p)
			if got := places(t, err); !slices.Equal(got, tt.want) {
				t.Errorf("refused %v, want %v: %v", got, tt.want, err)
			}
		})
	}
	t.Run("a schema in a database that was not read, or is production's alone", func(t *testing.T) {
		p := valid()
		p.Database, p.Connections = "app_prod", 0
		if _, err := naive().SeparateSchema(p); !slices.Equal(places(t, err), []string{"database"}) {
			t.Error(err)
		}
		p.Away.Databases = nil
		if _, err := naive().SeparateSchema(p); !slices.Equal(places(t, err), []string{"database"}) {
			t.Error(err)
		}
	})
}

// A user that Cloud SQL made with a password is cloudsqlsuperuser until somebody says no.
func TestRecipesTakeTheManagedSuperuserAway(t *testing.T) {
	s := naive()
	s.Version = 150018
	s.Roles = append(s.Roles, postgres.Role{Name: "cloudsqlsuperuser", CreateRole: true, CreateDatabase: true}, postgres.Role{Name: "cloudsqladmin", Superuser: true, Login: true})
	s.Memberships = []postgres.Membership{{Role: "cloudsqlsuperuser", Member: "stg_app", Grantor: "postgres", Set: true}}
	s.Databases = append(s.Databases, postgres.Database{Name: "cloudsqladmin", Owner: "cloudsqladmin", AllowConnections: true, Grants: []postgres.Grant{{Grantee: postgres.Public, Grantor: "cloudsqladmin", Privileges: []string{"CONNECT"}}}})
	r, err := s.SeparateDatabase(postgres.Plan{
		Owner: "stg_owner", Users: []postgres.User{{Name: "stg_app", Existing: true}}, Database: "app_stg", Connections: 10, Schema: "app",
		Away: postgres.Production{Roles: []string{"prod_app"}, Databases: []string{"app_prod"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, statement := range r.Statements {
		fmt.Fprintln(&all, statement)
	}
	if !strings.Contains(all.String(), `REVOKE "cloudsqlsuperuser" FROM "stg_app"`) || strings.Contains(all.String(), `CREATE ROLE "stg_app"`) {
		t.Error(all.String())
	}
	if strings.Contains(all.String(), `DATABASE "cloudsqladmin"`) || !slices.Contains(r.Open, "database cloudsqladmin belongs to the managed service, which nobody else may close") {
		t.Errorf("the service's database: %v", r.Open)
	}
}
