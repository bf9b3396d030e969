// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/watertight-go/watertight/identity/postgres"
	"github.com/watertight-go/watertight/identity/postgres/live"
	"github.com/watertight-go/watertight/identity/recipe"
	"github.com/watertight-go/watertight/internal/dbtest"
)

const password = "correct horse battery staple"

// A server is a running PostgreSQL.
type server struct {
	dbtest.Server
	conns map[[2]string]*pgx.Conn // those that stay, by role and database
}

// config is how a role connects to a database. The superuser needs no password.
func (s server) config(t testing.TB, role, database string) *pgx.ConnConfig {
	t.Helper()
	config, err := pgx.ParseConfig(fmt.Sprintf("host=127.0.0.1 port=%d sslmode=disable", s.Port))
	if err != nil {
		t.Fatal(err)
	}
	config.User, config.Database = role, database
	if role != "postgres" {
		config.Password = password
	}
	return config
}

// conn returns a connection that stays: the server closes it when it stops.
func (s server) conn(t testing.TB, role, database string) *pgx.Conn {
	t.Helper()
	at := [2]string{role, database}
	if s.conns[at] == nil {
		conn, err := pgx.ConnectConfig(context.Background(), s.config(t, role, database))
		if err != nil {
			t.Fatal(err)
		}
		s.conns[at] = conn
	}
	return s.conns[at]
}

// do runs statements of the superuser one by one, each in a transaction of its own.
func (s server) do(t testing.TB, database string, statements ...string) {
	t.Helper()
	ctx, conn := context.Background(), s.conn(t, "postgres", database)
	for _, text := range statements {
		if _, err := conn.Exec(ctx, strings.ReplaceAll(text, "{port}", strconv.Itoa(s.Port)), pgx.QueryExecModeSimpleProtocol); err != nil {
			_, _ = conn.Exec(ctx, "RESET ROLE")
			t.Fatalf("%s: %v", text, err)
		}
	}
}

// try runs a statement as a role, and returns the code of the server's error, or "".
func (s server) try(t testing.TB, role, database, text string) string {
	t.Helper()
	conn, err := pgx.ConnectConfig(t.Context(), s.config(t, role, database))
	if err == nil {
		defer func() { _ = conn.Close(t.Context()) }()
		_, err = conn.Exec(t.Context(), text, pgx.QueryExecModeSimpleProtocol)
	}
	return code(t, text, err)
}

// code returns the code of the server's error, or "".
func code(t testing.TB, text string, err error) string {
	t.Helper()
	var refused *pgconn.PgError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &refused):
		return refused.Code
	default:
		t.Fatalf("%s: %v", text, err)
		return ""
	}
}

func (s server) snapshot(t testing.TB) *postgres.Snapshot {
	t.Helper()
	return s.read(t, "postgres", "postgres")
}

// read takes a snapshot as a role.
func (s server) read(t testing.TB, role, database string) *postgres.Snapshot {
	t.Helper()
	snapshot, err := live.Snapshot(t.Context(), s.config(t, role, database))
	if err != nil {
		t.Fatal(err)
	}
	return snapshot
}

func (s server) proof(t testing.TB, b postgres.Boundary) postgres.Proof {
	t.Helper()
	return prove(t, s.snapshot(t), b)
}

func prove(t testing.TB, s *postgres.Snapshot, b postgres.Boundary) postgres.Proof {
	t.Helper()
	proof, err := s.NoAccess(b)
	if err != nil {
		t.Fatal(err)
	}
	return proof
}

// apply runs a recipe as a managed service lets its customers: as no superuser.
func (s server) apply(t testing.TB, r postgres.Recipe) []recipe.Step {
	t.Helper()
	steps, err := live.Apply(context.Background(), s.config(t, "admin", "postgres"), r.Statements)
	if err != nil {
		t.Fatal(err)
	}
	return steps
}

// each runs a test on each PostgreSQL there is, at the same time.
func each(t *testing.T, test func(*testing.T, server)) {
	t.Helper()
	t.Parallel()
	dbtest.PostgreSQL(t, func(t *testing.T, s dbtest.Server) {
		t.Parallel()
		test(t, server{s, make(map[[2]string]*pgx.Conn)})
	})
}

func rulesOf(proof postgres.Proof) []string {
	var out []string
	for _, b := range proof.Breaches {
		out = append(out, b.Rule)
	}
	return out
}

func describe(proof postgres.Proof) string {
	text := proof.Verdict.String()
	for _, b := range proof.Breaches {
		text += "\n" + b.Rule
		for _, hop := range b.Path {
			text += fmt.Sprintf("\n   %s %s: %s", hop.Object, hop.Field, hop.Text)
		}
		text += "\n   => " + b.Change.Text
	}
	for _, m := range proof.Missing {
		text += "\nmissing: " + m
	}
	for _, f := range proof.Findings {
		text += "\n" + f.String()
	}
	return text
}

// production makes what production has in the server: a database of its own, and schema
// prod in a database that it shares.
func (s server) production(t testing.TB) {
	t.Helper()
	s.do(t, "postgres",
		"CREATE ROLE prod_owner NOLOGIN", "CREATE ROLE prod_app LOGIN PASSWORD '"+password+"'", "CREATE ROLE other_app LOGIN PASSWORD '"+password+"'",
		"GRANT prod_owner TO prod_app", "CREATE DATABASE app_prod OWNER prod_owner", "CREATE DATABASE shared OWNER postgres")
	// The administrator is what Cloud SQL makes of its user postgres.
	s.do(t, "postgres",
		"CREATE ROLE cloudsqlsuperuser NOLOGIN CREATEROLE CREATEDB", "CREATE ROLE admin LOGIN CREATEROLE CREATEDB PASSWORD '"+password+"' IN ROLE cloudsqlsuperuser, prod_owner, prod_app",
		"ALTER DATABASE postgres OWNER TO cloudsqlsuperuser", "ALTER DATABASE template1 OWNER TO cloudsqlsuperuser", "ALTER DATABASE shared OWNER TO cloudsqlsuperuser")
	for _, database := range []string{"app_prod", "shared"} {
		s.do(t, database,
			"CREATE SCHEMA prod AUTHORIZATION prod_owner", "GRANT USAGE ON SCHEMA prod TO prod_app", "SET ROLE prod_owner",
			"CREATE TABLE prod.orders (id int PRIMARY KEY, card text, note text)", "INSERT INTO prod.orders VALUES (1, '4111', 'n')",
			"CREATE SEQUENCE prod.numbers", "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA prod TO prod_app",
			"CREATE FUNCTION prod.card() RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT card FROM prod.orders LIMIT 1'",
			"REVOKE EXECUTE ON FUNCTION prod.card() FROM PUBLIC", "GRANT EXECUTE ON FUNCTION prod.card() TO prod_app", "RESET ROLE")
	}
}
