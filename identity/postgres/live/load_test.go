// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/watertight-go/watertight/bulkhead"
)

// load applies both recipes while production works: it connects anew for each round, and
// uses tables, functions and temporary tables, also as a role that it becomes.
func (s server) load(t *testing.T) {
	s.do(t, "shared",
		"CREATE FUNCTION public.helper() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*)::int FROM prod.orders'", "ALTER FUNCTION public.helper() OWNER TO prod_owner",
		"GRANT USAGE ON SCHEMA prod TO PUBLIC")
	ctx, stop := context.WithCancel(t.Context())
	var rounds atomic.Int64
	var workers sync.WaitGroup
	for _, work := range []struct{ role, database string }{{"prod_app", "shared"}, {"prod_app", "app_prod"}, {"other_app", "postgres"}, {"other_app", "shared"}} {
		config := s.config(t, work.role, work.database)
		workers.Go(func() {
			for ctx.Err() == nil {
				if err := round(config); err != nil {
					t.Errorf("%s in %s: %v", work.role, work.database, err)
					return
				}
				rounds.Add(1)
			}
		})
	}
	for rounds.Load() < 8 && !t.Failed() { // all are at work before anything changes
		s.do(t, "postgres", "SELECT pg_sleep(0.02)")
	}
	s.apply(t, bulkhead.Must(s.snapshot(t).SeparateDatabase(apart())))
	s.apply(t, bulkhead.Must(s.snapshot(t).SeparateSchema(within())))
	for before := rounds.Load(); rounds.Load() < before+8 && !t.Failed(); {
		s.do(t, "postgres", "SELECT pg_sleep(0.02)")
	}
	stop()
	workers.Wait()
	t.Logf("%d rounds", rounds.Load())
	if got := s.try(t, "in_app", "shared", "SELECT public.helper()"); got != "42501" {
		t.Errorf("staging may call helper: %q", got)
	}
	s.do(t, "shared", "DROP FUNCTION public.helper()", "REVOKE USAGE ON SCHEMA prod FROM other_app, stg_app, stg_owner")
}

func round(config *pgx.ConnConfig) error {
	ctx := context.Background() // a round that has begun is finished
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	statements := []string{"CREATE TEMP TABLE t (i int)", "INSERT INTO t VALUES (1)"}
	if config.User == "prod_app" {
		statements = append(statements, "INSERT INTO prod.orders VALUES (2, 'x', 'y') ON CONFLICT (id) DO UPDATE SET note = 'z'", "SELECT prod.card()",
			"SET ROLE prod_owner", "CREATE TEMP TABLE u (i int)")
	}
	if config.Database == "shared" {
		statements = append(statements, "SELECT public.helper()")
	}
	for _, text := range statements {
		if _, err := conn.Exec(ctx, text); err != nil {
			return fmt.Errorf("%s: %w", text, err)
		}
	}
	return nil
}
