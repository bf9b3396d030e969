// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/mysql"
)

// probes are statements that change nothing, which the server takes for whoever has one
// privilege, or refuses for a reason of its own.
func probes() map[string]string {
	return map[string]string{
		"SELECT":  "SELECT a, b, c FROM %s.%s",
		"INSERT":  "INSERT INTO %s.%s (a, b, c) SELECT 1, 1, 1 FROM DUAL WHERE FALSE",
		"UPDATE":  "UPDATE %s.%s SET c = 1 WHERE FALSE",
		"DELETE":  "DELETE FROM %s.%s WHERE FALSE",
		"CREATE":  "CREATE TABLE %s.%s (a INT)",
		"INDEX":   "CREATE INDEX i ON %s.%s (absent)",
		"ALTER":   "ALTER TABLE %s.%s DROP COLUMN absent",
		"EXECUTE": "CALL %s.p()",
	}
}

// What Allows says is what the server does, for random grants, patterns and roles.
func testAllows(t *testing.T, s server) {
	rounds := 16
	if testing.Short() {
		rounds = 2
	}
	random := rand.New(rand.NewPCG(1, 2))
	for _, database := range randomDatabases() {
		run(t, s.DB, "CREATE DATABASE "+database, "CREATE TABLE "+database+".t (a INT, b INT, c INT)", "CREATE TABLE "+database+".u (a INT, b INT, c INT)",
			"CREATE PROCEDURE "+database+".p() SQL SECURITY INVOKER BEGIN END")
	}
	asked, unknown, yes := 0, 0, 0
	for round := range rounds {
		literal := s.product == mysql.MySQL && round >= rounds/2
		if literal {
			run(t, s.DB, "SET GLOBAL partial_revokes = ON")
		}
		statements := randomWorld(random, s.product, literal)
		for _, statement := range statements {
			if _, err := s.ExecContext(t.Context(), statement); err != nil {
				t.Fatalf("%s: %v", statement, err)
			}
		}
		snapshot := s.snapshot(t)
		for _, user := range []string{"u0", "u1"} {
			a, n, y := compare(t, s, snapshot, user, statements)
			asked, unknown, yes = asked+a, unknown+n, yes+y
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("%d questions, %d of them answered yes and %d unknown, 0 differences", asked, yes, unknown)
	if unknown*20 > asked || yes*20 < asked {
		t.Errorf("too few of the questions say something")
	}
}

func randomDatabases() []string { return []string{"shop_a", "shop_b", "shopxa", "SHOP_A"} }

// randomWorld returns statements that make users, roles and grants, after those that drop
// what was there.
func randomWorld(random *rand.Rand, product string, literal bool) []string {
	pick := func(of ...string) string { return of[random.IntN(len(of))] }
	var out, names, roles []string
	for _, role := range []string{"r0", "r1", "r2"} {
		out = append(out, "DROP ROLE IF EXISTS "+role, "CREATE ROLE "+role)
		roles = append(roles, role)
	}
	hosts := []string{"%", "127.0.0.1", "localhost", "127.%"}
	for _, user := range []string{"u0", "u1"} {
		for _, host := range hosts {
			out = append(out, fmt.Sprintf("DROP USER IF EXISTS %s@'%s'", user, host))
		}
		for i, host := range hosts {
			if i == 0 || random.IntN(3) == 0 {
				names = append(names, fmt.Sprintf("%s@'%s'", user, host))
				out = append(out, fmt.Sprintf("CREATE USER %s@'%s' IDENTIFIED BY '%s'", user, host, password))
			}
		}
	}
	// Clients from here do not get this one; what it has on databases is everybody's.
	out = append(out, "DROP USER IF EXISTS ''@'%'", fmt.Sprintf("CREATE USER ''@'%%' IDENTIFIED BY '%s'", password))
	all := append(slices.Clone(names), roles...)
	if random.IntN(2) == 0 {
		all = append(all, "''@'%'")
	}
	if product == mysql.MariaDB {
		out = append(out, "GRANT SELECT ON shop_a.* TO PUBLIC", "REVOKE ALL PRIVILEGES, GRANT OPTION FROM PUBLIC")
		for _, role := range roles {
			out = append(out, "GRANT "+role+" TO PUBLIC", "REVOKE "+role+" FROM PUBLIC")
		}
		if random.IntN(3) == 0 {
			all = append(all, "PUBLIC")
		}
	}
	privileges := func() string {
		var list []string
		for range 1 + random.IntN(3) {
			list = append(list, pick("SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "INDEX", "ALTER"))
		}
		return strings.Join(list, ", ")
	}
	for range 10 + random.IntN(10) {
		to, database := pick(all...), pick(randomDatabases()...)
		switch random.IntN(9) {
		case 0:
			out = append(out, fmt.Sprintf("GRANT %s ON %s.%s TO %s", privileges(), database, pick("t", "u"), to))
		case 1:
			out = append(out, fmt.Sprintf("GRANT %s (a), %s (b) ON %s.t TO %s", pick("SELECT", "UPDATE"), pick("SELECT", "INSERT"), database, to))
		case 2:
			out = append(out, fmt.Sprintf("GRANT EXECUTE ON PROCEDURE %s.p TO %s", database, to))
		case 3:
			if random.IntN(3) == 0 && to != "PUBLIC" {
				out = append(out, fmt.Sprintf("GRANT %s, EXECUTE ON *.* TO %s", privileges(), to))
				if literal {
					out = append(out, fmt.Sprintf("REVOKE EXECUTE ON %s.* FROM %s", database, to))
				}
			}
		default:
			pattern := pick("shop_a", `shop\_a`, `shop\_b`, "shop_%", "shop%", "%", "sho__a", `SHOP\_A`, "shop_b", "shopxa", "%a", `shop\_%`)
			out = append(out, fmt.Sprintf("GRANT %s%s ON `%s`.* TO %s", privileges(), pick("", ", EXECUTE"), pattern, to))
		}
	}
	for i, role := range roles {
		for _, to := range slices.Concat(names, roles[:i]) { // towards the first, so there is no circle
			if random.IntN(4) == 0 {
				out = append(out, "GRANT "+role+" TO "+to)
			}
		}
		if product == mysql.MariaDB && random.IntN(8) == 0 {
			out = append(out, "GRANT "+role+" TO PUBLIC")
		}
	}
	return out
}

// compare asks all there is to ask about a user, of Allows and of the server.
func compare(t *testing.T, s server, snapshot *mysql.Snapshot, user string, world []string) (asked, unknown, yes int) {
	t.Helper()
	db := s.as(t, user)
	defer func() { _ = db.Close() }()
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	client := clientOf(t, db, conn)
	for _, role := range []string{"NONE", "r0", "r1", "r2"} {
		question := mysql.Question{User: user, Client: client}
		if role != "NONE" {
			question.Role = &mysql.Name{User: role, Host: map[string]string{mysql.MySQL: "%"}[s.product]}
		}
		switched := attempt(t.Context(), t, conn, "SET ROLE "+role) == 0
		for _, database := range randomDatabases() {
			for _, table := range []string{"t", "u"} {
				for privilege, probe := range probes() {
					question.Privilege, question.Database, question.Object, question.Level = privilege, database, table, mysql.OnTable
					statement := strings.Replace(probe, "%s.%s", database+"."+table, 1)
					if privilege == "EXECUTE" {
						if table == "u" || database == "SHOP_A" { // MySQL takes routines of shop_a for those of SHOP_A
							continue
						}
						question.Object, question.Level, statement = "p", mysql.OnProcedure, "CALL "+database+".p()"
					}
					answer, err := snapshot.Allows(question)
					if err != nil {
						t.Fatal(err)
					}
					if !switched {
						if answer != identity.No {
							t.Errorf("%s from %v cannot switch %s on, but %s is %s, after\n%s", user, client, role, statement, answer, strings.Join(world, "\n"))
							return asked, unknown, yes
						}
						continue
					}
					code := attempt(t.Context(), t, conn, statement)
					does := identity.Yes
					if slices.Contains([]uint16{1142, 1143, 1044, 1370}, code) {
						does = identity.No
					}
					asked++
					switch answer {
					case identity.Unknown:
						unknown++
					case does:
						if does == identity.Yes {
							yes++
						}
					default:
						t.Errorf("%s from %v with role %s: %s: Allows says %s, the server %s (error %d), after\n%s",
							user, client, role, statement, answer, does, code, strings.Join(world, "\n"))
						return asked, unknown, yes
					}
				}
			}
		}
	}
	return asked, unknown, yes
}

// clientOf returns where the server sees a connection come from.
func clientOf(t *testing.T, _ *sql.DB, conn *sql.Conn) mysql.Client {
	t.Helper()
	var user string
	if err := conn.QueryRowContext(t.Context(), "SELECT USER()").Scan(&user); err != nil {
		t.Fatal(err)
	}
	client := mysql.Client{Address: netip.MustParseAddr("127.0.0.1")}
	if host := user[strings.LastIndexByte(user, '@')+1:]; host != "127.0.0.1" {
		client.Host = host
	}
	return client
}
