// SPDX-License-Identifier: Apache-2.0

package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/watertight-go/watertight/identity/postgres"
)

// Snapshot reads the catalogs of a server, and of each of its databases that the role of
// the configuration may connect to. The contents of others stay nil. Errors name the
// database; those of the server are [*pgconn.PgError].
//
// Whether roles have passwords only a superuser sees, and the user of a mapping to a
// foreign server only who may use it. The rest every role sees.
func Snapshot(ctx context.Context, config *pgx.ConnConfig) (*postgres.Snapshot, error) {
	s := &postgres.Snapshot{Kind: postgres.SnapshotKind}
	var own postgres.Contents
	var open []string
	err := inDatabase(ctx, config, config.Database, func(r reader) error {
		return errors.Join(r.server(s), r.into(&open, openQuery), r.contents(&own))
	})
	if err != nil {
		return nil, err
	}
	for i := range s.Databases {
		d := &s.Databases[i]
		switch {
		case d.Name == config.Database:
			d.Contents = &own
			continue
		case !slices.Contains(open, d.Name): // nobody's log need tell of an attempt
			continue
		}
		var contents postgres.Contents
		err := inDatabase(ctx, config, d.Name, func(r reader) error { return r.contents(&contents) })
		switch {
		case err == nil:
			d.Contents = &contents
		case !shut(err):
			return nil, err
		}
	}
	return s, nil
}

// shut says of an error that the server lets this role not into this database: it has no
// CONNECT, pg_hba.conf refuses it, or the database is gone or takes nobody (PostgreSQL 18
// documentation, "PostgreSQL Error Codes").
func shut(err error) bool {
	var refused *pgconn.ConnectError
	var server *pgconn.PgError
	return errors.As(err, &refused) && errors.As(err, &server) && slices.Contains([]string{"42501", "28000", "3D000", "55000"}, server.Code)
}

// What one transaction may take.
const (
	statementTime = 30 * time.Second
	lockTime      = 2 * time.Second
)

// inDatabase connects to a database and reads in one transaction that changes nothing.
// Nothing but pg_catalog is on the search path, so that no function of somebody else is
// called.
func inDatabase(ctx context.Context, config *pgx.ConnConfig, database string, read func(reader) error) error {
	conn, err := connect(ctx, config, database)
	if err != nil {
		return fmt.Errorf("database %q: %w", database, err)
	}
	defer func() { _ = conn.Close(ctx) }()
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return fmt.Errorf("database %q: %w", database, err)
	}
	defer func() { _ = tx.Rollback(ctx) }()
	limits := fmt.Sprintf("SET LOCAL jit = off; SET LOCAL statement_timeout = %d; SET LOCAL lock_timeout = %d", statementTime.Milliseconds(), lockTime.Milliseconds())
	if _, err := tx.Exec(ctx, limits); err != nil {
		return fmt.Errorf("database %q: %w", database, err)
	}
	r := reader{ctx: ctx, tx: tx}
	if err := r.into(&r.defaults, defaultsQuery); err != nil {
		return fmt.Errorf("database %q: %w", database, err)
	}
	if _, err := tx.Exec(ctx, "SET LOCAL search_path = pg_catalog"); err != nil {
		return fmt.Errorf("database %q: %w", database, err)
	}
	if err := read(r); err != nil {
		return fmt.Errorf("database %q: %w", database, err)
	}
	return nil
}

// connect connects to another database than that of the configuration. Statements are
// sent as they are, since those of a recipe take no parameters; pgx does that only where
// backslashes are nothing special.
func connect(ctx context.Context, config *pgx.ConnConfig, database string) (*pgx.Conn, error) {
	own := config.Copy()
	own.Database = database
	if own.RuntimeParams == nil {
		own.RuntimeParams = make(map[string]string)
	}
	own.RuntimeParams["standard_conforming_strings"] = "on"
	own.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	return pgx.ConnectConfig(ctx, own)
}

// A reader asks for one value of JSON at a time.
type reader struct {
	ctx      context.Context
	tx       pgx.Tx
	defaults map[string]string // the server's settings, as far as they are known
}

// into reads what a query gives as JSON.
func (r reader) into(out any, query string) error {
	var text []byte
	if err := r.tx.QueryRow(r.ctx, query).Scan(&text); err != nil || text == nil {
		return err
	}
	return json.Unmarshal(text, out)
}

func (r reader) server(s *postgres.Snapshot) error {
	if path, ok := r.defaults["search_path"]; ok {
		s.SearchPath = &path
	}
	if compat, ok := r.defaults["lo_compat_privileges"]; ok {
		on := compat == "on"
		s.LargeObjectCompat = &on
	}
	if err := r.into(&s.Version, versionQuery); err != nil {
		return err
	}
	if s.Version < 130000 {
		return fmt.Errorf("version %d of the server: older than PostgreSQL 13", s.Version)
	}
	s.Parameters = []postgres.Parameter{}
	if s.Version >= 150000 {
		if err := r.into(&s.Parameters, parametersQuery()); err != nil {
			return err
		}
	}
	memberships := membershipsQuery
	if s.Version < 160000 {
		memberships = oldMembershipsQuery
	}
	err := errors.Join(
		r.into(&s.Roles, rolesQuery), r.into(&s.Memberships, memberships),
		r.into(&s.Settings, settingsQuery), r.into(&s.Databases, databasesQuery()),
	)
	if err != nil {
		return err
	}
	return r.passwords(s)
}

// passwords reads who has a password, if this role may.
func (r reader) passwords(s *postgres.Snapshot) error {
	var may bool
	if err := r.into(&may, "SELECT to_json(has_column_privilege('pg_authid', 'rolpassword', 'SELECT') AND has_column_privilege('pg_authid', 'rolname', 'SELECT'))"); err != nil || !may {
		return err
	}
	var has map[string]bool
	err := r.into(&has, "SELECT json_object_agg(rolname, rolpassword IS NOT NULL) FROM pg_authid")
	for i, role := range s.Roles {
		if password, ok := has[role.Name]; ok {
			s.Roles[i].Password = &password
		}
	}
	return err
}

func (r reader) contents(c *postgres.Contents) error {
	for _, read := range []struct {
		out   any
		query string
	}{
		{&c.Schemas, schemasQuery()},
		{&c.Relations, relationsQuery()},
		{&c.Functions, functionsQuery()},
		{&c.LargeObjects, largeObjectsQuery()},
		{&c.DefaultPrivileges, defaultPrivilegesQuery()},
		{&c.ForeignServers, foreignServersQuery()},
		{&c.EventTriggers, eventTriggersQuery},
	} {
		if err := r.into(read.out, read.query); err != nil {
			return err
		}
	}
	return nil
}
