// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"slices"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/postgres"
	"github.com/watertight-go/watertight/identity/recipe"
)

// TestServers runs all that needs a server on one of each version.
func TestServers(t *testing.T) {
	each(t, func(t *testing.T, s server) {
		s.production(t)
		t.Run("a naive schema of staging's leaks", s.naive)
		t.Run("recipes take nothing from production at work", s.load)
		t.Run("recipes are done once", s.twice)
		t.Run("what staging tries is refused", s.attacks)
		t.Run("a leak is found, and its change closes it", s.leaks)
		if testing.Short() {
			return
		}
		t.Run("recipes leave alone what others made", s.foreign)
		t.Run("names are quoted", s.names)
		t.Run("who reads a snapshot need be nobody special", s.unprivileged)
	})
}

// away is production's side.
func away() postgres.Production {
	return postgres.Production{
		Roles: []string{"prod_owner", "prod_app"}, Databases: []string{"app_prod"},
		Schemas: []postgres.SchemaName{{Database: "shared", Name: "prod"}},
	}
}

// apart is staging in a database of its own, within is staging in a schema of shared.
func apart() postgres.Plan {
	return postgres.Plan{
		Owner: "stg_owner", Users: []postgres.User{{Name: "stg_app", Connections: 5, Verifier: bulkhead.Must(postgres.Scram(password))}},
		Database: "app_stg", Connections: 10, Schema: "app", Away: away(),
	}
}

func within() postgres.Plan {
	return postgres.Plan{
		Owner: "in_owner", Users: []postgres.User{{Name: "in_app", Connections: 5, Verifier: bulkhead.Must(postgres.Scram(password))}},
		Database: "shared", Schema: "stg", Away: away(),
	}
}

func boundary(from string) postgres.Boundary {
	return postgres.Boundary{From: []string{from}, Away: away()}
}

func (s server) twice(t *testing.T) {
	for name, cook := range map[string]func(*postgres.Snapshot) postgres.Recipe{
		"a database of its own": func(s *postgres.Snapshot) postgres.Recipe { return bulkhead.Must(s.SeparateDatabase(apart())) },
		"a schema":              func(s *postgres.Snapshot) postgres.Recipe { return bulkhead.Must(s.SeparateSchema(within())) },
	} {
		t.Run(name, func(t *testing.T) {
			first := cook(s.snapshot(t))
			s.apply(t, first)
			snapshot := s.snapshot(t)
			before := written(t, snapshot)
			for what, again := range map[string]postgres.Recipe{"the same statements": first, "those of a new snapshot": cook(snapshot)} {
				for _, step := range s.apply(t, again) {
					if step.Outcome != recipe.Skipped {
						t.Errorf("%s: %s was %s", what, step.Statement, step.Outcome)
					}
				}
			}
			if after := written(t, s.snapshot(t)); after != before {
				t.Errorf("a second run changed %s to %s", before, after)
			}
		})
	}
	for _, from := range []string{"stg_app", "in_app"} {
		if proof := s.proof(t, boundary(from)); proof.Verdict != bulkhead.Sealed {
			t.Errorf("%s after the recipe: %s", from, describe(proof))
		}
	}
}

// naive makes a second schema and a second user, as one does without thinking.
func (s server) naive(t *testing.T) {
	s.do(t, "postgres", "CREATE ROLE naive LOGIN PASSWORD '"+password+"'")
	s.do(t, "shared",
		"CREATE SCHEMA naive AUTHORIZATION naive",
		"CREATE FUNCTION public.peek() RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT card FROM prod.orders LIMIT 1'",
		"ALTER FUNCTION public.peek() OWNER TO prod_owner",
		"CREATE VIEW public.cards AS SELECT card FROM prod.orders", "ALTER VIEW public.cards OWNER TO prod_owner", "GRANT SELECT ON public.cards TO PUBLIC")
	proof := s.proof(t, boundary("naive"))
	want := []string{postgres.ConnectsToProduction, postgres.RunsAsProduction, postgres.ReadsThroughView}
	got := rulesOf(proof)
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("found %s, want %v", describe(proof), want)
	}
	for _, rule := range []string{postgres.NoConnectionLimit, postgres.TemporaryTables, postgres.OpenDatabase, postgres.Metadata, postgres.PasswordLogin} {
		if !slices.ContainsFunc(proof.Findings, func(f bulkhead.Finding) bool { return f.Rule == rule }) {
			t.Errorf("no finding %s", rule)
		}
	}
	for _, text := range []string{"SELECT public.peek()", "SELECT * FROM public.cards"} {
		if got := s.try(t, "naive", "shared", text); got != "" {
			t.Errorf("%s: %s, so it was no leak", text, got)
		}
	}
	s.do(t, "shared", "DROP VIEW public.cards", "DROP FUNCTION public.peek()", "DROP SCHEMA naive")
	s.do(t, "postgres", "DROP ROLE naive")
}
