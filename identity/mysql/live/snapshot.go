// SPDX-License-Identifier: Apache-2.0

package live

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/watertight-go/watertight/identity/mysql"
)

// timeLimit is how long one snapshot may take, within the limit of its context.
const timeLimit = 30 * time.Second

// unicodeNames makes a session take and give names in UTF-8, whatever its connector says.
const unicodeNames = "SET NAMES utf8mb4"

// Snapshot reads what a server says of who may do what, in one read-only transaction. It
// changes nothing, and takes no lock that others wait for. It opens a connection of its
// own, and closes it: privileges on the whole server are those of the moment when a
// connection was opened, and one of a pool may be older than its grants.
//
// The account that it logs in as needs SELECT on the database mysql. To see what runs
// with the rights of its definer it needs on the whole server, beside SELECT: SHOW VIEW,
// TRIGGER, EVENT, and in MySQL SHOW_ROUTINE. Where it lacks one of these, that list is
// nil, which [mysql.Snapshot.NoAccess] names as missing. It never returns a hash, a text
// of a view or a routine, or a part of one.
//
// Errors are those of the driver, and name the list that was being read.
func Snapshot(ctx context.Context, server driver.Connector) (_ *mysql.Snapshot, err error) {
	ctx, cancel := context.WithTimeout(ctx, timeLimit)
	defer cancel()
	db := sql.OpenDB(server)
	defer func() { err = errors.Join(err, db.Close()) }()
	tx, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, fmt.Errorf("beginning a read-only transaction: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // it changed nothing
	if _, err := tx.ExecContext(ctx, unicodeNames); err != nil {
		return nil, fmt.Errorf("preparing the session: %w", err)
	}
	r := &reader{tx: tx}
	r.out.Kind = mysql.SnapshotKind
	for _, part := range []struct {
		name string
		read func(context.Context) error
	}{
		{"server", r.server},
		{"privileges of the reader", r.privileges},
		{"databases", r.databases},
		{"accounts", r.accounts},
		{"grants", r.grants},
		{"roles", r.roles},
		{"proxies", r.proxies},
		{"definers", r.definers},
	} {
		if err := part.read(ctx); err != nil {
			return nil, fmt.Errorf("reading the %s: %w", part.name, err)
		}
	}
	return r.out.Sorted(), nil
}

type reader struct {
	tx  *sql.Tx
	may map[string]bool // privileges on the whole server
	out mysql.Snapshot
}

// A record is one row, by the names of its columns in lower case. What is NULL is not
// there.
type record map[string]string

// rows returns all rows of a query.
func (r *reader) rows(ctx context.Context, query string) (_ []record, err error) {
	rows, err := r.tx.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() {
		if closing := rows.Close(); err == nil {
			err = closing
		}
	}()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var out []record
	for rows.Next() {
		values, targets := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		if err := rows.Scan(targets...); err != nil {
			return nil, err
		}
		row := make(record)
		for i, column := range columns {
			if values[i].Valid {
				row[strings.ToLower(column)] = values[i].String
			}
		}
		out = append(out, row)
	}
	return out, rows.Err()
}

func (r record) name(user, host string) mysql.Name {
	return mysql.Name{User: r[user], Host: r[host]}
}
