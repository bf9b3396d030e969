// SPDX-License-Identifier: Apache-2.0

package live

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/watertight-go/watertight/identity/recipe"
)

// Apply runs the statements of a recipe in one session of its own, as [recipe.Run] does: what is
// done is skipped, and the first surprise stops it with a [*recipe.StoppedError]. The
// account needs what the statements need: CREATE USER, the privileges that are granted
// with GRANT OPTION, CREATE, and SELECT on the database mysql.
//
// Statements wait for locks of others for 10 seconds at most. Each may take 30, as may
// connecting.
func Apply(ctx context.Context, server driver.Connector, statements []recipe.Statement) (_ []recipe.Step, err error) {
	db := sql.OpenDB(server)
	defer func() { err = errors.Join(err, db.Close()) }()
	connecting, cancel := context.WithTimeout(ctx, statementTime)
	defer cancel()
	conn, err := db.Conn(connecting)
	if err != nil {
		return nil, fmt.Errorf("connecting: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	s := session{conn}
	// The texts are in UTF-8, and escape backslashes as this mode has them.
	for _, text := range []string{unicodeNames, "SET SESSION sql_mode = 'STRICT_TRANS_TABLES', lock_wait_timeout = 10"} {
		if err := s.Execute(ctx, "", text); err != nil {
			return nil, fmt.Errorf("preparing the session: %w", err)
		}
	}
	return recipe.Run(ctx, s, statements)
}

const statementTime = 30 * time.Second

type session struct{ conn *sql.Conn }

// Ask implements [recipe.Session]. Names in statements are whole, so that no database
// has to be chosen.
func (s session) Ask(ctx context.Context, _, query string) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, statementTime)
	defer cancel()
	var yes bool
	err := s.conn.QueryRowContext(ctx, query).Scan(&yes)
	return yes, err
}

// Execute implements [recipe.Session].
func (s session) Execute(ctx context.Context, _, text string) error {
	ctx, cancel := context.WithTimeout(ctx, statementTime)
	defer cancel()
	_, err := s.conn.ExecContext(ctx, text)
	return err
}
