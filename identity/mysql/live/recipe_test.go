// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	driver "github.com/go-sql-driver/mysql"
	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/mysql"
	"github.com/watertight-go/watertight/identity/mysql/live"
	"github.com/watertight-go/watertight/identity/recipe"
)

// production is what is there before staging comes.
const production = `CREATE DATABASE shop_prod
	CREATE TABLE shop_prod.orders (id INT PRIMARY KEY, card VARCHAR(20), note TEXT)
	INSERT INTO shop_prod.orders VALUES (1, '4111', 'n')
	CREATE PROCEDURE shop_prod.purge() SQL SECURITY INVOKER DELETE FROM shop_prod.orders
	CREATE USER prod IDENTIFIED BY '` + password + `'
	GRANT ALL ON ` + "`shop\\_prod`" + `.* TO prod`

// staging is what the recipe of these tests makes.
func staging(t testing.TB, s server) mysql.Staging {
	t.Helper()
	credential, err := mysql.CachingSHA2(password)
	if s.product == mysql.MariaDB {
		credential, err = mysql.NativePassword(password)
	}
	if err != nil {
		t.Fatal(err)
	}
	return mysql.Staging{
		Database: "shop_stg",
		Users: []mysql.User{
			{Name: mysql.Name{User: "stg", Host: "%"}, Privileges: mysql.ReadWrite(), Credential: credential, MaxUserConnections: 2, WithoutTLS: s.product == mysql.MariaDB},
			{Name: mysql.Name{User: "stg_migrate", Host: "%"}, Privileges: mysql.Migrate(), Credential: credential, MaxUserConnections: 2, WithoutTLS: s.product == mysql.MariaDB},
		},
		Away: mysql.Side{Databases: []string{"shop_prod"}, Users: []string{"prod"}},
	}
}

func boundary() mysql.Boundary {
	return mysql.Boundary{From: []string{"stg", "stg_migrate"}, Away: mysql.Side{Databases: []string{"shop_prod"}, Users: []string{"prod"}}}
}

func apply(t testing.TB, s server, statements []recipe.Statement) []recipe.Outcome {
	t.Helper()
	steps, err := live.Apply(t.Context(), s.connector(t, "root", password), statements)
	if err != nil {
		t.Fatal(err)
	}
	var out []recipe.Outcome
	for _, step := range steps {
		out = append(out, step.Outcome)
	}
	return out
}

// What the recipe makes, twice, while production works: nothing of production fails, the
// second time nothing changes, and nothing of production is to be had afterwards.
func testRecipe(t *testing.T, s server) {
	s.script(t, production)
	stop := s.load(t)
	st := staging(t, s)
	before := s.snapshot(t)
	made, err := before.Recipe(st)
	if err != nil {
		t.Fatal(err)
	}
	if made.Proof.Verdict != bulkhead.Sealed {
		t.Errorf("the recipe says of itself %+v", made.Proof)
	}
	apply(t, s, made.Statements)
	once := s.snapshot(t)
	if outcomes := apply(t, s, made.Statements); slices.Contains(outcomes, recipe.Executed) {
		t.Errorf("the second run was not all skipped: %v", outcomes)
	}
	again, err := once.Recipe(st)
	if err != nil {
		t.Fatal(err)
	}
	if outcomes := apply(t, s, again.Statements); slices.Contains(outcomes, recipe.Executed) {
		t.Errorf("a recipe made anew was not all skipped: %v", outcomes)
	}
	if diff := cmp.Diff(once, s.snapshot(t)); diff != "" {
		t.Errorf("the second run changed the server:\n%s", diff)
	}
	stop()

	proof, err := once.NoAccess(boundary())
	if err != nil || proof.Verdict != bulkhead.Sealed {
		t.Errorf("the server is %+v, %v", proof, err)
	}
	findings, err := once.Lint(boundary())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(made.Findings, findings); diff != "" {
		t.Errorf("the findings differ from what the recipe says (-said +found):\n%s", diff)
	}
	t.Run("staging works", func(t *testing.T) {
		migrate, app := s.as(t, "stg_migrate"), s.as(t, "stg")
		run(t, migrate, "CREATE TABLE shop_stg.orders (id INT PRIMARY KEY)", "CREATE TEMPORARY TABLE shop_stg.scratch (id INT)")
		run(t, app, "INSERT INTO shop_stg.orders VALUES (1)", "UPDATE shop_stg.orders SET id = 2", "SELECT * FROM shop_stg.orders", "DELETE FROM shop_stg.orders")
	})
	t.Run("every leak is refused", func(t *testing.T) { refused(t, s) })
}

// refused attempts, as staging, what must fail, and looks at the server's error.
func refused(t *testing.T, s server) {
	t.Helper()
	run(t, s.DB, "CREATE DATABASE shopXstg", "CREATE TABLE shopXstg.t (a INT)", "CREATE DATABASE shop_stgx", "CREATE TABLE shop_stgx.t (a INT)",
		"CREATE PROCEDURE shop_stg.steal() SQL SECURITY DEFINER SELECT * FROM shop_prod.orders", "CREATE ROLE r")
	for _, user := range []string{"stg", "stg_migrate"} {
		db := s.as(t, user)
		for statement, want := range map[string][]uint16{
			"SELECT * FROM shop_prod.orders":                                          {1142},
			"SELECT * FROM shopXstg.t":                                                {1142}, // _ is no wildcard
			"SELECT * FROM shop_stgx.t":                                               {1142},
			"INSERT INTO shop_prod.orders VALUES (2, '', '')":                         {1142},
			"DROP TABLE shop_prod.orders":                                             {1142},
			"DROP DATABASE shop_prod":                                                 {1044},
			"CREATE DATABASE shop_other":                                              {1044},
			"CREATE TABLE shop_prod.mine (a INT)":                                     {1142},
			"USE shop_prod":                                                           {1044},
			"CALL shop_prod.purge()":                                                  {1370},
			"CALL shop_stg.steal()":                                                   {1370},
			"SELECT * FROM mysql.user":                                                {1142, 1356},
			"SELECT User FROM mysql.db":                                               {1142},
			"SELECT 1 INTO OUTFILE '/tmp/x'":                                          {1045, 1227},
			"CREATE USER mine":                                                        {1227},
			"ALTER USER prod IDENTIFIED BY 'x'":                                       {1227},
			"GRANT SELECT ON shop_prod.* TO stg":                                      {1044, 1410},
			"GRANT SELECT ON shop_stg.* TO prod":                                      {1044, 1410},
			"ALTER USER stg WITH MAX_USER_CONNECTIONS 0":                              {1227},
			"SET GLOBAL max_connections = 1":                                          {1227},
			"SHOW BINARY LOGS":                                                        {1227},
			"SELECT * FROM performance_schema.events_statements_current":              {1142},
			"CREATE PROCEDURE shop_stg.mine() SELECT 1":                               {1044},
			"CREATE EVENT shop_stg.mine ON SCHEDULE EVERY 1 DAY DO SELECT 1":          {1044},
			"FLUSH TABLES":                                                            {1227},
			"CREATE DEFINER = prod VIEW shop_stg.v AS SELECT * FROM shop_prod.orders": {1142, 1227},
			"CREATE SQL SECURITY DEFINER VIEW shop_stg.w AS SELECT * FROM shop_prod.orders": {1142},
			"SET ROLE r": {1959, 3530},
		} {
			if got := attempt(t.Context(), t, db, statement); !slices.Contains(want, got) {
				t.Errorf("%s: %s: error %d, want one of %v", user, statement, got, want)
			}
		}
		if seen := column(t, db, "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA"); slices.Contains(seen, "shop_prod") {
			t.Errorf("%s sees the databases %v", user, seen)
		}
		if others := column(t, db, "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = 'prod'"); others[0] != "0" {
			t.Errorf("%s sees sessions of production", user)
		}
		for range 2 {
			extra := s.as(t, user)
			err := extra.PingContext(t.Context())
			var refused *driver.MySQLError
			if last := errors.As(err, &refused) && refused.Number == 1226; last {
				return // the third connection
			} else if err != nil {
				t.Fatal(err)
			}
		}
		t.Errorf("%s has more connections than its limit", user)
	}
}

// load runs production's queries until stop is called, none of which may fail.
func (s server) load(t *testing.T) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var group sync.WaitGroup
	var queries [2]int
	for i := range queries {
		db := s.as(t, "prod")
		group.Go(func() {
			for ; ctx.Err() == nil; queries[i]++ {
				query := fmt.Sprintf("UPDATE shop_prod.orders SET note = 'n%d' WHERE id = 1", i)
				if _, err := db.ExecContext(context.WithoutCancel(ctx), query); err != nil {
					t.Errorf("production: %v", err)
					return
				}
				if i == 1 && queries[i]%10 == 0 { // connects anew
					if err := s.as(t, "prod").PingContext(context.WithoutCancel(ctx)); err != nil {
						t.Errorf("production: %v", err)
					}
					time.Sleep(time.Millisecond)
				}
			}
		})
	}
	return func() {
		cancel()
		group.Wait()
		if queries[0] == 0 || queries[1] == 0 {
			t.Errorf("production did nothing: %v", queries)
		}
	}
}

// An account that was made elsewhere is locked down too, and is no administrator
// afterwards.
func testMadeElsewhere(t *testing.T, s server) {
	s.script(t, production)
	run(t, s.DB, "CREATE USER stg IDENTIFIED BY '"+password+"'")
	if s.product == mysql.MySQL {
		run(t, s.DB, "CREATE ROLE cloudsqlsuperuser", "GRANT CREATE USER, SELECT ON *.* TO cloudsqlsuperuser", "GRANT cloudsqlsuperuser TO stg")
	}
	st := staging(t, s)
	st.Users = st.Users[:1]
	st.Users[0].Credential = mysql.Credential{}
	made, err := s.snapshot(t).Recipe(st)
	if err != nil {
		t.Fatal(err)
	}
	apply(t, s, made.Statements)
	if outcomes := apply(t, s, made.Statements); slices.Contains(outcomes, recipe.Executed) {
		t.Errorf("the second run was not all skipped: %v", outcomes)
	}
	b := boundary()
	b.From = b.From[:1]
	proof, err := s.snapshot(t).NoAccess(b)
	if err != nil || proof.Verdict != bulkhead.Sealed {
		t.Errorf("the server is %+v, %v", proof, err)
	}
}

// What others made after the snapshot was taken is not taken over.
func testForeign(t *testing.T, s server) {
	role := "CREATE ROLE readers; GRANT readers TO stg"
	for sentence, planted := range map[string]string{
		"a database":                       "CREATE DATABASE shop_stg",
		"an account with another database": "CREATE USER stg; GRANT SELECT ON `shop\\_prod`.* TO stg",
		"an account with a table":          "CREATE USER stg; GRANT SELECT ON shop_prod.orders TO stg",
		"an account with a routine":        "CREATE USER stg; GRANT EXECUTE ON PROCEDURE shop_prod.purge TO stg",
		"an account with the whole server": "CREATE USER stg; GRANT PROCESS ON *.* TO stg",
		"an account that has another role": "CREATE USER stg; " + role,
	} {
		t.Run(sentence, func(t *testing.T) {
			s.reset(t)
			s.script(t, production)
			made, err := s.snapshot(t).Recipe(staging(t, s))
			if err != nil {
				t.Fatal(err)
			}
			run(t, s.DB, strings.Split(planted, "; ")...)
			_, err = live.Apply(t.Context(), s.connector(t, "root", password), made.Statements)
			if !errors.Is(err, recipe.ErrForeign) {
				t.Errorf("got %v, want %v", err, recipe.ErrForeign)
			}
			if got := column(t, s.DB, "SELECT COUNT(*) FROM mysql.db WHERE Db = 'shop\\\\_stg'"); got[0] != "0" {
				t.Error("a grant on the database of staging was made")
			}
		})
	}
}
