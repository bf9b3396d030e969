// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/mysql"
)

// A leak is one mistake on a server that the recipe made tight.
type leak struct {
	plant   []string
	attempt string   // what staging then can do, as user stg; empty where one statement does not show it
	want    []string // rules of breaches
	change  bool     // the change of each breach is a statement that closes it
	only    string   // a product; empty is both
	undo    []string // what the change leaves
	clean   []string // a neighbour of the leak that is none
}

func leaks() map[string]leak {
	return map[string]leak{
		"a grant on the database of production": {
			plant: []string{"GRANT SELECT ON `shop\\_prod`.* TO stg"}, attempt: "SELECT * FROM shop_prod.orders", want: []string{mysql.Reads}, change: true,
			clean: []string{"GRANT SELECT ON `shop\\_prods`.* TO stg"}, undo: []string{"REVOKE SELECT ON `shop\\_prods`.* FROM stg"},
		},
		"a pattern with %": {
			plant: []string{"GRANT INSERT ON `shop_%`.* TO stg"}, attempt: "INSERT INTO shop_prod.orders VALUES (7, '', '')", want: []string{mysql.Changes}, change: true,
			clean: []string{"GRANT INSERT ON `shop\\_stg%`.* TO stg"}, undo: []string{"REVOKE INSERT ON `shop\\_stg%`.* FROM stg"},
		},
		"a pattern with _": {
			plant: []string{"GRANT SELECT ON `shop____d`.* TO stg"}, attempt: "SELECT * FROM shop_prod.orders", want: []string{mysql.Reads}, change: true,
			clean: []string{"GRANT SELECT ON `shop____`.* TO stg"}, undo: []string{"REVOKE SELECT ON `shop____`.* FROM stg"},
		},
		"a grant on a table": {
			plant: []string{"GRANT UPDATE ON shop_prod.orders TO stg"}, attempt: "UPDATE shop_prod.orders SET note = ''", want: []string{mysql.Changes}, change: true,
			clean: []string{"GRANT UPDATE ON shop_stg.orders TO stg"}, undo: []string{"REVOKE UPDATE ON shop_stg.orders FROM stg"},
		},
		"a grant on a column": {
			plant: []string{"GRANT SELECT (card) ON shop_prod.orders TO stg"}, attempt: "SELECT card FROM shop_prod.orders", want: []string{mysql.Reads}, change: true,
		},
		"a grant on a routine": {
			plant: []string{"GRANT EXECUTE ON PROCEDURE shop_prod.noop TO stg"}, attempt: "CALL shop_prod.noop()", want: []string{mysql.Runs}, change: true,
		},
		"a grant on a routine, in another case": {
			plant: []string{"GRANT EXECUTE ON PROCEDURE shop_prod.NOOP TO stg"}, attempt: "CALL shop_prod.noop()", want: []string{mysql.Runs}, change: true,
		},
		"a routine that is granted in another case": {
			plant:   []string{"CREATE PROCEDURE shop_stg.Steal() SELECT * FROM shop_prod.orders", "GRANT EXECUTE ON PROCEDURE shop_stg.STEAL TO stg_call"},
			attempt: "CALL shop_stg.steal()", want: []string{mysql.BorrowsRights}, change: true, undo: []string{"DROP PROCEDURE shop_stg.steal"},
		},
		"a procedure with the rights of root that calls one with those of its caller": {
			plant: []string{
				"CREATE PROCEDURE shop_stg.inside() SQL SECURITY INVOKER SELECT * FROM shop_prod.orders", "CREATE PROCEDURE shop_stg.outside() CALL shop_stg.inside()",
				"GRANT EXECUTE ON PROCEDURE shop_stg.outside TO stg_call",
			},
			attempt: "CALL shop_stg.outside()", want: []string{mysql.BorrowsRights}, change: true, undo: []string{"DROP PROCEDURE shop_stg.inside", "DROP PROCEDURE shop_stg.outside"},
			clean: []string{
				"CREATE PROCEDURE shop_stg.inside() SQL SECURITY INVOKER SELECT * FROM shop_prod.orders", "CREATE PROCEDURE shop_stg.outside() SQL SECURITY INVOKER CALL shop_stg.inside()",
				"GRANT EXECUTE ON PROCEDURE shop_stg.outside TO stg_call",
			},
		},
		"a procedure that hides a name in a comment": {
			plant: []string{"CREATE PROCEDURE shop_stg.steal() SELECT * FROM shop_prod/* ; */.orders", "GRANT EXECUTE ON PROCEDURE shop_stg.steal TO stg_call"}, attempt: "CALL shop_stg.steal()",
			want: []string{mysql.BorrowsRights}, change: true, undo: []string{"DROP PROCEDURE shop_stg.steal"},
		},
		"a grant to another account of the name": {
			plant: []string{
				"CREATE USER stg@'127.%' IDENTIFIED BY 'another'", "GRANT SELECT ON `shop\\_prod`.* TO stg@'127.%'", "DROP USER stg@'127.%'",
				"CREATE USER stg@'10.%' IDENTIFIED BY 'another'", "GRANT SELECT ON `shop\\_prod`.* TO stg@'10.%'",
			},
			want: []string{mysql.Reads, mysql.Reads}, change: true, undo: []string{"DROP USER stg@'10.%'"},
		},
		"a role that is no default role": {
			plant: []string{"CREATE ROLE readers", "GRANT SELECT ON `shop\\_prod`.* TO readers", "GRANT readers TO stg"}, attempt: "SET ROLE readers; SELECT * FROM shop_prod.orders",
			want: []string{mysql.Reads}, change: true, undo: []string{"DROP ROLE readers"},
			clean: []string{"CREATE ROLE readers", "GRANT SELECT ON `shop\\_prod`.* TO readers"},
		},
		"a role of a role": {
			plant:   []string{"CREATE ROLE readers", "CREATE ROLE middle", "GRANT SELECT ON `shop\\_prod`.* TO readers", "GRANT readers TO middle", "GRANT middle TO stg"},
			attempt: "SET ROLE middle; SELECT * FROM shop_prod.orders", want: []string{mysql.Reads}, change: true, undo: []string{"DROP ROLE readers", "DROP ROLE middle"},
		},
		"a mandatory role": {
			plant: []string{"CREATE ROLE readers", "GRANT SELECT ON `shop\\_prod`.* TO readers", "SET PERSIST mandatory_roles = 'readers'"}, only: mysql.MySQL,
			attempt: "SET ROLE readers; SELECT * FROM shop_prod.orders", want: []string{mysql.Reads, mysql.Reads, mysql.Reads}, change: true, undo: []string{"DROP ROLE readers"},
		},
		"the user of production as a role": {
			plant: []string{"GRANT prod TO stg"}, attempt: "SET ROLE prod; SELECT * FROM shop_prod.orders", only: mysql.MySQL,
			want: []string{mysql.Becomes, mysql.Changes, mysql.Reads, mysql.Runs}, change: true,
		},
		"a grant to everybody": {
			plant: []string{"GRANT SELECT ON `shop\\_prod`.* TO PUBLIC"}, attempt: "SELECT * FROM shop_prod.orders", only: mysql.MariaDB,
			want: []string{mysql.Reads, mysql.Reads, mysql.Reads}, change: true,
		},
		"a role of everybody": {
			plant: []string{"CREATE ROLE readers", "GRANT SELECT ON `shop\\_prod`.* TO readers", "GRANT readers TO PUBLIC"}, attempt: "SELECT * FROM shop_prod.orders", only: mysql.MariaDB,
			want: []string{mysql.Reads, mysql.Reads, mysql.Reads}, change: true, undo: []string{"DROP ROLE readers"},
		},
		"PROXY that the server maps": {
			plant: []string{"GRANT PROXY ON prod TO stg", "SET GLOBAL check_proxy_users = ON", "SET GLOBAL caching_sha2_password_proxy_users = ON"}, only: mysql.MySQL,
			attempt: "SELECT * FROM shop_prod.orders", want: []string{mysql.Becomes}, change: true,
			clean: []string{"GRANT PROXY ON prod TO stg"},
			undo:  []string{"REVOKE PROXY ON prod FROM stg", "SET GLOBAL check_proxy_users = OFF", "SET GLOBAL caching_sha2_password_proxy_users = OFF"},
		},
		"a grant to an account without a name": {
			plant: []string{"CREATE USER ''@'%' IDENTIFIED BY 'another'", "GRANT SELECT ON `shop\\_prod`.* TO ''@'%'"}, attempt: "SELECT * FROM shop_prod.orders",
			want: []string{mysql.Reads, mysql.Reads, mysql.Reads}, change: true, undo: []string{"DROP USER ''@'%'"},
			clean: []string{"CREATE USER ''@'%' IDENTIFIED BY 'another'", "GRANT SELECT ON shop_prod.orders TO ''@'%'"},
		},
		"FILE": {
			plant: []string{"GRANT FILE ON *.* TO stg"}, attempt: "SELECT LOAD_FILE('/etc/passwd')", want: []string{mysql.ReadsFiles}, change: true,
			clean: []string{"GRANT USAGE ON *.* TO stg"},
		},
		"CREATE USER": {
			plant: []string{"GRANT CREATE USER ON *.* TO stg"}, attempt: "ALTER USER prod WITH MAX_QUERIES_PER_HOUR 0", want: []string{mysql.Administers}, change: true,
		},
		"PROCESS": {
			plant: []string{"GRANT PROCESS ON *.* TO stg"}, attempt: "SHOW ENGINE INNODB STATUS", want: []string{mysql.Watches}, change: true,
			clean: []string{"GRANT SHOW DATABASES ON *.* TO stg"}, undo: []string{"REVOKE SHOW DATABASES ON *.* FROM stg"},
		},
		"a privilege that is no column of mysql.user": {
			plant: []string{"GRANT CONNECTION_ADMIN ON *.* TO stg"}, attempt: "KILL 99999999", want: []string{mysql.Administers}, change: true, only: mysql.MySQL,
		},
		"CONNECTION ADMIN": {
			plant: []string{"GRANT CONNECTION ADMIN ON *.* TO stg"}, attempt: "KILL 99999999", want: []string{mysql.Administers}, change: true, only: mysql.MariaDB,
		},
		"the server's table of accounts": {
			plant: []string{"GRANT SELECT ON mysql.* TO stg"}, attempt: "SELECT User FROM mysql.db", want: []string{mysql.Reads}, change: true,
			clean: []string{"GRANT SELECT ON mysql.time_zone_name TO stg"}, undo: []string{"REVOKE SELECT ON mysql.time_zone_name FROM stg"},
		},
		"the statements of others": {
			plant: []string{"GRANT SELECT ON performance_schema.* TO stg"}, attempt: "SELECT COUNT(*) FROM performance_schema.events_statements_current", want: []string{mysql.Watches}, change: true,
		},
		"an account without a password": {
			plant: []string{"CREATE USER anybody", "GRANT SELECT ON `shop\\_prod`.* TO anybody"}, want: []string{mysql.Reads}, change: true, undo: []string{"DROP USER anybody"},
			clean: []string{"CREATE USER anybody ACCOUNT LOCK", "GRANT SELECT ON `shop\\_prod`.* TO anybody"},
		},
		"a procedure with the rights of root": {
			plant: []string{"CREATE PROCEDURE shop_stg.steal() SELECT * FROM shop_prod.orders", "GRANT EXECUTE ON `shop\\_stg`.* TO stg_call"}, attempt: "CALL shop_stg.steal()",
			want: []string{mysql.BorrowsRights}, change: true, undo: []string{"DROP PROCEDURE shop_stg.steal", "REVOKE EXECUTE ON `shop\\_stg`.* FROM stg_call"},
			clean: []string{"CREATE PROCEDURE shop_stg.steal() SQL SECURITY INVOKER SELECT * FROM shop_prod.orders", "GRANT EXECUTE ON `shop\\_stg`.* TO stg_call"},
		},
		"a function that calls one": {
			plant: []string{
				"CREATE FUNCTION shop_stg.inner_f() RETURNS INT READS SQL DATA RETURN (SELECT COUNT(*) FROM shop_prod.orders)",
				"CREATE FUNCTION shop_stg.outer_f() RETURNS INT READS SQL DATA RETURN shop_stg.inner_f()", "GRANT EXECUTE ON FUNCTION shop_stg.outer_f TO stg_call",
			},
			attempt: "SELECT shop_stg.outer_f()", want: []string{mysql.BorrowsRights}, change: true,
			undo: []string{"DROP FUNCTION shop_stg.outer_f", "DROP FUNCTION shop_stg.inner_f"},
		},
		"a view with the rights of root": {
			plant: []string{"CREATE VIEW shop_stg.v AS SELECT * FROM shop_prod.orders"}, attempt: "SELECT * FROM shop_stg.v", want: []string{mysql.BorrowsRights, mysql.BorrowsRights}, change: true,
			clean: []string{"CREATE SQL SECURITY INVOKER VIEW shop_stg.v AS SELECT * FROM shop_prod.orders"}, undo: []string{"DROP VIEW IF EXISTS shop_stg.v"},
		},
		"a trigger with the rights of root": {
			plant:   []string{"CREATE TRIGGER shop_stg.tr AFTER INSERT ON shop_stg.orders FOR EACH ROW UPDATE shop_prod.orders SET note = 'x'"},
			attempt: "INSERT INTO shop_stg.orders VALUES (9)", want: []string{mysql.BorrowsRights, mysql.BorrowsRights}, change: true,
			clean: []string{"CREATE TRIGGER shop_stg.tr AFTER INSERT ON shop_stg.orders FOR EACH ROW SET @x = 1"}, undo: []string{"DROP TRIGGER IF EXISTS shop_stg.tr"},
		},
		"an event with the rights of root": {
			plant: []string{"CREATE EVENT shop_stg.ev ON SCHEDULE EVERY 1 DAY DO INSERT INTO shop_stg.orders SELECT id FROM shop_prod.orders"},
			want:  []string{mysql.BorrowsRights, mysql.BorrowsRights, mysql.BorrowsRights}, change: true,
			clean: []string{"CREATE EVENT shop_stg.ev ON SCHEDULE EVERY 1 DAY DO DELETE FROM shop_stg.orders"}, undo: []string{"DROP EVENT IF EXISTS shop_stg.ev"},
		},
	}
}

// Each leak, planted alone, is found, and nothing else; staging can do what it says; the
// change that is proposed closes it; and its neighbour is no leak.
func testLeaks(t *testing.T, s server) {
	s.script(t, production)
	run(t, s.DB, "CREATE PROCEDURE shop_prod.noop() SQL SECURITY INVOKER BEGIN END")
	made, err := s.snapshot(t).Recipe(staging(t, s))
	if err != nil {
		t.Fatal(err)
	}
	apply(t, s, made.Statements)
	run(t, s.DB, "CREATE TABLE shop_stg.orders (id INT)", fmt.Sprintf("CREATE USER stg_call IDENTIFIED BY '%s'", password), "GRANT SELECT ON shop_stg.orders TO stg_call")
	tight := s.verdict(t)
	if tight.Verdict != bulkhead.Sealed {
		t.Fatalf("before anything is planted: %+v", tight)
	}
	for name, l := range leaks() {
		if l.only != "" && l.only != s.product {
			continue
		}
		t.Run(name, func(t *testing.T) { s.try(t, l) })
	}
}

func (s server) try(t *testing.T, l leak) {
	t.Helper()
	if l.clean != nil {
		run(t, s.DB, l.clean...)
		if proof := s.verdict(t); proof.Verdict != bulkhead.Sealed {
			t.Errorf("its neighbour is no leak, but %+v", proof)
		}
		s.clean(t, l)
	}
	run(t, s.DB, l.plant...)
	proof := s.verdict(t)
	var rules []string
	for _, breach := range proof.Breaches {
		rules = append(rules, breach.Rule)
		for _, hop := range breach.Path {
			if hop.Object == (bulkhead.Ref{}) || hop.Text == "" {
				t.Errorf("%s: a step without an object or a text: %+v", breach.Rule, hop)
			}
		}
	}
	if l.want == nil || !slices.Equal(rules, l.want) || len(proof.Missing) > 0 {
		t.Errorf("found %q, want %q: %+v", rules, l.want, proof)
	}
	if l.attempt != "" {
		user := "stg"
		if strings.Contains(strings.Join(l.plant, ""), "stg_call") {
			user = "stg_call"
		}
		conn, err := s.as(t, user).Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for statement := range strings.SplitSeq(l.attempt, "; ") {
			// 1094 says that there is no such thread, to who may ask.
			if code := attempt(t.Context(), t, conn, statement); code != 0 && code != 1094 {
				t.Errorf("staging cannot do it after all: %s: error %d", statement, code)
			}
		}
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
	}
	done := make(map[string]bool)
	for _, breach := range proof.Breaches {
		if text := breach.Change.Text; l.change && !done[text] {
			done[text] = true
			run(t, s.DB, text)
		}
	}
	if after := s.verdict(t); after.Verdict != bulkhead.Sealed {
		t.Errorf("after what was proposed, it is %+v", after)
	}
	s.clean(t, l)
	if after := s.verdict(t); after.Verdict != bulkhead.Sealed {
		t.Fatalf("the case leaves %+v", after)
	}
}

// clean runs what takes a case back; of that, what was not there is passed over.
func (s server) clean(t *testing.T, l leak) {
	t.Helper()
	for _, statement := range l.undo {
		_, _ = s.ExecContext(context.WithoutCancel(t.Context()), statement)
	}
}

func (s server) verdict(t *testing.T) bulkhead.Proof {
	t.Helper()
	b := boundary()
	b.From = append(b.From, "stg_call")
	proof, err := s.snapshot(t).NoAccess(b)
	if err != nil {
		t.Fatal(err)
	}
	return proof
}
