// SPDX-License-Identifier: Apache-2.0

package live

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/watertight-go/watertight/identity/recipe"
)

// Apply runs the statements of a recipe, each in its database, as [recipe.Run] does: what
// is done is skipped, and the first surprise stops it. Each statement is a transaction of
// its own, since CREATE DATABASE cannot be part of one.
func Apply(ctx context.Context, config *pgx.ConnConfig, statements []recipe.Statement) ([]recipe.Step, error) {
	s := &session{config: config, conns: make(map[string]*pgx.Conn)}
	defer s.close(ctx)
	return recipe.Run(ctx, s, statements)
}

// A session has a connection to each database that it was asked about.
type session struct {
	config *pgx.ConnConfig
	conns  map[string]*pgx.Conn
}

func (s *session) close(ctx context.Context) {
	for _, conn := range s.conns {
		_ = conn.Close(ctx)
	}
}

// in returns the connection to a database. A statement does not wait long behind others
// for a lock, since those who come after it would wait for both.
func (s *session) in(ctx context.Context, database string) (*pgx.Conn, error) {
	if database == "" {
		database = s.config.Database
	}
	if conn := s.conns[database]; conn != nil {
		return conn, nil
	}
	conn, err := connect(ctx, s.config, database)
	if err != nil {
		return nil, err
	}
	s.conns[database] = conn
	_, err = conn.Exec(ctx, fmt.Sprintf("SET lock_timeout = %d; SET search_path = pg_catalog", lockTime.Milliseconds()))
	return conn, err
}

// Ask implements [recipe.Session].
func (s *session) Ask(ctx context.Context, database, query string) (bool, error) {
	conn, err := s.in(ctx, database)
	if err != nil {
		return false, err
	}
	var answer bool
	err = conn.QueryRow(ctx, query).Scan(&answer)
	return answer, err
}

// Execute implements [recipe.Session].
func (s *session) Execute(ctx context.Context, database, text string) error {
	conn, err := s.in(ctx, database)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, text)
	return err
}
