// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"context"
	"database/sql"
	sqldriver "database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"testing"

	driver "github.com/go-sql-driver/mysql"

	"github.com/watertight-go/watertight/identity/mysql"
	"github.com/watertight-go/watertight/identity/mysql/live"
	"github.com/watertight-go/watertight/internal/dbtest"
)

const password = "a password for tests"

// A server is one that a test has for itself.
type server struct {
	*sql.DB // as root
	address string
	product string
}

// TestServers runs all that needs a server, with one of each product: a server takes
// longer to start than most tests.
func TestServers(t *testing.T) {
	dbtest.MySQL(t, func(t *testing.T, s dbtest.Server) {
		t.Parallel()
		product, _, _ := strings.Cut(s.Version, " ")
		srv := server{address: s.Address(), product: product}
		bare := srv.open(t, "root", "")
		for _, host := range column(t, bare, "SELECT Host FROM mysql.user WHERE User = 'root'") {
			if host == "localhost" || host == "127.0.0.1" {
				run(t, bare, fmt.Sprintf("ALTER USER root@'%s' IDENTIFIED BY '%s'", host, password))
			} else {
				run(t, bare, fmt.Sprintf("DROP USER root@'%s'", host))
			}
		}
		srv.DB = srv.as(t, "root")
		for _, test := range []struct {
			name string
			test func(*testing.T, server)
		}{
			{"privileges are known", testPrivileges},
			{"names are quoted", testNames},
			{"a reader with less reads less", testReader},
			{"a hash that is NULL", testNullHash},
			{"a connector of another character set", testCharset},
			{"the recipe", testRecipe},
			{"the recipe, when others were there first", testForeign},
			{"the recipe for an account made elsewhere", testMadeElsewhere},
			{"leaks", testLeaks},
			{"the naive recipe", testNaive},
			{"Allows", testAllows},
		} {
			srv.reset(t)
			t.Run(test.name, func(t *testing.T) { test.test(t, srv) })
		}
	})
}

// reset drops what a test left.
func (s server) reset(t *testing.T) {
	t.Helper()
	for _, name := range column(t, s.DB, "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')") {
		run(t, s.DB, "DROP DATABASE `"+strings.ReplaceAll(name, "`", "``")+"`")
	}
	for _, a := range s.snapshot(t).Accounts {
		switch {
		case a.User == "root" || strings.HasPrefix(a.User, "mysql.") || a.User == "mariadb.sys" || a.User == "PUBLIC":
		case a.Role:
			run(t, s.DB, "DROP ROLE `"+a.User+"`")
		default:
			run(t, s.DB, "DROP USER "+a.String())
		}
	}
}

// as returns a pool of one connection for a user with the password of all tests.
func (s server) as(t testing.TB, user string) *sql.DB { return s.open(t, user, password) }

func (s server) open(t testing.TB, user, password string) *sql.DB {
	t.Helper()
	db := sql.OpenDB(s.connector(t, user, password))
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func (s server) connector(t testing.TB, user, password string) sqldriver.Connector {
	t.Helper()
	connector, err := driver.NewConnector(s.config(user, password))
	if err != nil {
		t.Fatal(err)
	}
	return connector
}

func (s server) config(user, password string) *driver.Config {
	config := driver.NewConfig()
	config.User, config.Passwd, config.Net, config.Addr = user, password, "tcp", s.address
	config.TLSConfig = "preferred"
	return config
}

// script runs statements, one a line.
func (s server) script(t testing.TB, lines string) {
	t.Helper()
	run(t, s.DB, strings.Split(lines, "\n")...)
}

func (s server) snapshot(t testing.TB) *mysql.Snapshot {
	t.Helper()
	snapshot, err := live.Snapshot(t.Context(), s.connector(t, "root", password))
	if err != nil {
		t.Fatal(err)
	}
	return snapshot
}

func run(t testing.TB, db *sql.DB, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		if statement = strings.TrimSpace(statement); statement == "" {
			continue
		}
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

func column(t testing.TB, db *sql.DB, query string) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer func() { _ = rows.Close() }()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// attempt runs a statement as a user, and returns the number of the server's error; 0 is
// none.
func attempt(ctx context.Context, t testing.TB, db interface {
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
}, statement string,
) uint16 {
	t.Helper()
	rows, err := db.QueryContext(ctx, statement)
	if err == nil {
		for rows.Next() {
		}
		err = errors.Join(rows.Err(), rows.Close())
	}
	var refused *driver.MySQLError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &refused):
		return refused.Number
	default:
		t.Fatalf("%s: %v", statement, err)
		return 0
	}
}
