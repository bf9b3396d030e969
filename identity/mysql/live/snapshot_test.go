// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	driver "github.com/go-sql-driver/mysql"
	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/mysql"
	"github.com/watertight-go/watertight/identity/mysql/live"
	"github.com/watertight-go/watertight/identity/recipe"
)

// Each privilege that the server knows is read under its name, and none is unknown.
func testPrivileges(t *testing.T, s server) {
	run(t, s.DB, "CREATE USER stg", "CREATE USER prod IDENTIFIED BY '"+password+"'", "CREATE DATABASE shop_prod")
	granted := 0
	for _, row := range column(t, s.DB, "SELECT DISTINCT PRIVILEGE_TYPE FROM information_schema.USER_PRIVILEGES WHERE GRANTEE LIKE '%root%localhost%'") {
		if row == "USAGE" {
			continue
		}
		run(t, s.DB, "GRANT "+row+" ON *.* TO stg")
		granted++
		var got []string
		snapshot := s.snapshot(t)
		for _, g := range snapshot.Grants {
			if g.To.User == "stg" {
				got = append(got, g.Privileges...)
			}
		}
		if !slices.Equal(got, []string{row}) {
			t.Errorf("%s is read as %q", row, got)
		}
		b := boundary()
		b.From = []string{"stg"}
		proof, err := snapshot.NoAccess(b)
		if err != nil || len(proof.Missing) > 0 {
			t.Errorf("%s: %v, %v", row, proof.Missing, err)
		}
		run(t, s.DB, "REVOKE "+row+" ON *.* FROM stg")
	}
	if granted < 30 {
		t.Errorf("only %d privileges were granted", granted)
	}
}

// A name of any characters is one name to the server, in each place of the recipe.
func testNames(t *testing.T, s server) {
	names := []string{
		"a`b", "a'b", `a"b`, `a\b`, `a\\'b`, "a``; DROP DATABASE x; --", "a b", "größe", "名前", "a%b", "a_b", `a\_b`, "a-b", "a.b", "a/*b*/", "#a", "1", "select", strings.Repeat("l", 32), "a;b", "a@b",
	}
	random := rand.New(rand.NewPCG(3, 4))
	for range 20 {
		name := make([]rune, 1+random.IntN(8))
		for i := range name {
			name[i] = []rune("ab`'\"\\%_;-/*#@.ß名$")[random.IntN(18)]
		}
		if !slices.Contains(names, string(name)) {
			names = append(names, string(name))
		}
	}
	bare := s.snapshot(t)
	var all []recipe.Statement
	for _, name := range names {
		st := staging(t, s)
		st.Away = mysql.Side{Databases: []string{"mysql"}}
		st.Database, st.Users = name, st.Users[:1]
		st.Users[0].Name.User = name
		made, err := bare.Recipe(st)
		if err != nil {
			t.Fatalf("%q: %v", name, err)
		}
		all = append(all, made.Statements...)
	}
	apply(t, s, all)
	snapshot := s.snapshot(t)
	for _, name := range names {
		account := mysql.Name{User: name, Host: "%"}
		if !slices.Contains(snapshot.Databases, name) || !slices.ContainsFunc(snapshot.Accounts, func(a mysql.Account) bool { return a.Name == account }) {
			t.Errorf("%q is not there under its name: %q", name, snapshot.Databases)
		}
		db := s.as(t, name)
		identifier := "`" + strings.ReplaceAll(name, "`", "``") + "`"
		run(t, s.DB, "CREATE TABLE "+identifier+".t (a INT)")
		if code := attempt(t.Context(), t, db, "SELECT * FROM "+identifier+".t"); code != 0 {
			t.Errorf("%q may not read its own database: error %d", name, code)
		}
		if seen := column(t, db, "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME NOT IN ('information_schema', 'performance_schema')"); !slices.Equal(seen, []string{name}) {
			t.Errorf("%q sees %q", name, seen)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}

// What a reader may not see is not read, and never an empty list. No hash is in a
// snapshot, and it reads back.
func testReader(t *testing.T, s server) {
	s.script(t, production)
	run(t, s.DB, "CREATE DATABASE shop_stg", "CREATE VIEW shop_prod.v AS SELECT 1", "CREATE USER reader IDENTIFIED BY '"+password+"'", "GRANT SELECT ON mysql.* TO reader")
	reader := s.connector(t, "reader", password)
	snapshot, err := live.Snapshot(t.Context(), reader)
	if err != nil {
		t.Fatal(err)
	}
	if snapshot.Definers != nil || snapshot.Databases != nil || snapshot.Accounts == nil || snapshot.Grants == nil {
		t.Errorf("a reader of the grants alone reads %d databases, %d definers", len(snapshot.Databases), len(snapshot.Definers))
	}
	more := "SELECT, SHOW VIEW, TRIGGER, EVENT"
	if s.product == mysql.MySQL {
		more += ", SHOW_ROUTINE"
	}
	run(t, s.DB, "GRANT "+more+" ON *.* TO reader")
	if snapshot, err = live.Snapshot(t.Context(), reader); err != nil {
		t.Fatal(err)
	}
	whole := s.snapshot(t)
	if diff := cmp.Diff(whole, snapshot); diff != "" {
		t.Errorf("root reads more:\n%s", diff)
	}
	if len(whole.Definers) != 2 || !whole.Definers[0].Invoker || whole.Definers[1].Invoker || whole.Definers[1].Object != "v" {
		t.Errorf("definers are %+v", whole.Definers)
	}
	text := bulkhead.Must(json.Marshal(whole))
	for _, hash := range column(t, s.DB, "SELECT authentication_string FROM mysql.user WHERE authentication_string <> ''") {
		if bytes.Contains(text, []byte(bulkhead.Must(json.Marshal(hash))[1:20])) {
			t.Error("a hash is in the snapshot")
		}
	}
	back, err := mysql.ReadSnapshot("s.json", bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(whole, back); diff != "" {
		t.Error(diff)
	}
	run(t, s.DB, "CREATE USER nobody IDENTIFIED BY '"+password+"'")
	if _, err := live.Snapshot(t.Context(), s.connector(t, "nobody", password)); err == nil || !strings.Contains(err.Error(), "reading the ") {
		t.Errorf("a reader of nothing gets %v", err)
	}
}

// What a guide on the web would have one type is found to leak, and how.
func testNaive(t *testing.T, s server) {
	s.script(t, production)
	run(t, s.DB, "CREATE DATABASE shop_stg", "CREATE DATABASE shopXprod",
		fmt.Sprintf("CREATE USER stg IDENTIFIED BY '%s'", password),
		"GRANT ALL ON `shop_%`.* TO stg",
		"CREATE PROCEDURE shop_stg.report() SELECT COUNT(*) FROM shop_prod.orders",
	)
	b := boundary()
	b.From = []string{"stg"}
	snapshot := s.snapshot(t)
	proof, err := snapshot.NoAccess(b)
	if err != nil {
		t.Fatal(err)
	}
	var rules []string
	for _, breach := range proof.Breaches {
		rules = append(rules, breach.Rule)
	}
	if want := []string{mysql.BorrowsRights, mysql.Changes, mysql.Reads, mysql.Runs}; !slices.Equal(rules, want) {
		t.Errorf("found %q, want %q", rules, want)
	}
	findings, err := snapshot.Lint(b)
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range []string{mysql.NoConnectionLimit, mysql.NoTLS, mysql.OpenPattern, mysql.SharedLocks, mysql.ProductionPassword} {
		if !slices.ContainsFunc(findings, func(f bulkhead.Finding) bool { return f.Rule == rule }) {
			t.Errorf("%s is not among %v", rule, findings)
		}
	}
	// GET_LOCK: staging takes the lock that production waits for.
	if got := column(t, s.as(t, "stg"), "SELECT GET_LOCK('orders', 0)"); got[0] != "1" {
		t.Fatalf("staging gets %v", got)
	}
	if got := column(t, s.as(t, "prod"), "SELECT GET_LOCK('orders', 0)"); got[0] != "0" {
		t.Errorf("production gets the lock that staging has: %v", got)
	}
}

// No hash is an empty password to MySQL, as an empty one is.
func testNullHash(t *testing.T, s server) {
	if s.product == mysql.MariaDB {
		t.Skip("MariaDB keeps no NULL there: its mysql.user is a view")
	}
	run(t, s.DB, "CREATE USER open IDENTIFIED BY 'x'", "UPDATE mysql.user SET authentication_string = NULL WHERE User = 'open'", "FLUSH PRIVILEGES")
	if err := s.open(t, "open", "").PingContext(t.Context()); err != nil {
		t.Fatalf("the server wants a password: %v", err)
	}
	for _, a := range s.snapshot(t).Accounts {
		if a.User == "open" && a.Login != mysql.NoPassword {
			t.Errorf("it shows %s", a.Login)
		}
	}
}

// Names are those of the server whatever the connector says of its character set, and
// what is quoted stays so: the second byte of some characters of GBK is a backslash.
func testCharset(t *testing.T, s server) {
	s.script(t, production)
	for _, charset := range []string{"latin1", "gbk"} {
		config := s.config("root", password)
		if err := config.Apply(driver.Charset(charset, "")); err != nil {
			t.Fatal(err)
		}
		connector, err := driver.NewConnector(config)
		if err != nil {
			t.Fatal(err)
		}
		st := staging(t, s)
		st.Database, st.Users = "名_"+charset, st.Users[:1]
		st.Users[0].Name.User = "名'" + charset
		made, err := s.snapshot(t).Recipe(st)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := live.Apply(t.Context(), connector, made.Statements); err != nil {
			t.Fatalf("%s: %v", charset, err)
		}
		snapshot, err := live.Snapshot(t.Context(), connector)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(s.snapshot(t), snapshot); diff != "" || !slices.Contains(snapshot.Databases, st.Database) {
			t.Errorf("%s reads something else:\n%s", charset, diff)
		}
	}
}
