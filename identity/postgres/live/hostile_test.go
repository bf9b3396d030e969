// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/postgres"
	"github.com/watertight-go/watertight/identity/postgres/live"
	"github.com/watertight-go/watertight/identity/recipe"
)

// foreign shows that a role, a database and a schema of others are not taken over.
func (s server) foreign(t *testing.T) {
	s.do(t, "postgres", "CREATE ROLE theirs LOGIN CREATEDB", "CREATE ROLE base_owner", "CREATE DATABASE theirs OWNER cloudsqlsuperuser")
	for name, edit := range map[string]func(*postgres.Plan){
		"a role":     func(p *postgres.Plan) { p.Users[0].Name = "theirs" },
		"an owner":   func(p *postgres.Plan) { p.Owner = "theirs" },
		"a database": func(p *postgres.Plan) { p.Owner, p.Users[0].Name, p.Database = "base_owner", "stg_app", "theirs" },
	} {
		t.Run(name, func(t *testing.T) {
			p := apart()
			edit(&p)
			snapshot := s.snapshot(t)
			before := written(t, snapshot)
			_, err := live.Apply(t.Context(), s.config(t, "postgres", "postgres"), bulkhead.Must(snapshot.SeparateDatabase(p)).Statements)
			if !errors.Is(err, recipe.ErrForeign) {
				t.Errorf("stopped with %v", err)
			}
			if after := written(t, s.snapshot(t)); after != before {
				t.Errorf("changed something")
			}
		})
	}
	t.Run("a role that was made since the snapshot", func(t *testing.T) {
		s.do(t, "postgres", "GRANT CONNECT ON DATABASE theirs TO PUBLIC")
		r := bulkhead.Must(s.snapshot(t).SeparateDatabase(apart()))
		s.do(t, "postgres", "CREATE ROLE late LOGIN")
		_, err := live.Apply(t.Context(), s.config(t, "admin", "postgres"), r.Statements)
		if !errors.Is(err, recipe.ErrForeign) {
			t.Errorf("stopped with %v", err)
		}
		s.apply(t, bulkhead.Must(s.snapshot(t).SeparateDatabase(apart())))
	})
	s.do(t, "postgres", "DROP DATABASE theirs", "DROP OWNED BY late", "REVOKE CONNECT, TEMPORARY ON DATABASE postgres, shared, app_prod, template1 FROM late", "DROP ROLE theirs, base_owner, late")
}

// names makes roles, databases and schemas of hostile names, and finds them under these.
func (s server) names(t *testing.T) {
	for _, name := range []string{
		`x"; DROP ROLE prod_app; --'`, `back\slash ünïcode 漢字, a`, "user", strings.Repeat("n", 63),
	} {
		t.Run(name, func(t *testing.T) {
			p := apart()
			p.Database, p.Schema, p.Users[0].Name, p.Owner = name, name, name, "names_owner"
			r := bulkhead.Must(s.snapshot(t).SeparateDatabase(p))
			s.apply(t, r)
			for _, step := range s.apply(t, r) {
				if step.Outcome != recipe.Skipped {
					t.Errorf("%s was %s again", step.Statement, step.Outcome)
				}
			}
			snapshot := s.snapshot(t)
			i := slices.IndexFunc(snapshot.Databases, func(d postgres.Database) bool { return d.Name == name })
			if i < 0 || !slices.ContainsFunc(snapshot.Roles, func(r postgres.Role) bool { return r.Name == name }) ||
				!slices.ContainsFunc(snapshot.Databases[i].Contents.Schemas, func(s postgres.Schema) bool { return s.Name == name }) {
				t.Fatal("not found under its name")
			}
			if got := s.try(t, name, name, "CREATE TABLE t (i int); DROP TABLE t"); got != "" {
				t.Errorf("staging cannot work: %s", got)
			}
			if proof := prove(t, snapshot, boundary(name)); proof.Verdict != bulkhead.Sealed {
				t.Error(describe(proof))
			}
			quoted := `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
			s.do(t, "postgres", "DROP DATABASE "+quoted, "DROP ROLE "+quoted, "DROP ROLE names_owner")
		})
	}
}

// unprivileged takes a snapshot as a role that may connect and nothing else: all that
// decides is in it.
func (s server) unprivileged(t *testing.T) {
	full := s.snapshot(t)
	part := s.read(t, "other_app", "postgres")
	for i := range full.Roles {
		full.Roles[i].Password = nil
	}
	for i, d := range full.Databases {
		if d.Name == "app_stg" {
			if part.Databases[i].Contents != nil {
				t.Error("read a database that it may not connect to")
			}
			full.Databases[i].Contents = nil
		}
	}
	if written(t, full) != written(t, part) {
		t.Errorf("read %s, want %s", written(t, part), written(t, full))
	}
	if proof := prove(t, part, boundary("in_app")); proof.Verdict != bulkhead.Sealed {
		t.Error(describe(proof))
	}
	// Staging's own database was not read, and may hold anything.
	if proof := prove(t, part, boundary("stg_app")); proof.Verdict != bulkhead.Undetermined {
		t.Error(describe(proof))
	}
}

func written(t testing.TB, s *postgres.Snapshot) string {
	t.Helper()
	var b strings.Builder
	if err := s.Write(&b); err != nil {
		t.Fatal(err)
	}
	again, err := postgres.ReadSnapshot("snapshot", strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	var c strings.Builder
	if err := again.Write(&c); err != nil || c.String() != b.String() {
		t.Fatalf("a snapshot does not survive being read: %v", err)
	}
	return b.String()
}
