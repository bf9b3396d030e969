// SPDX-License-Identifier: Apache-2.0

package postgres_test

import (
	"context"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/identity/postgres"
	"github.com/watertight-go/watertight/identity/postgres/live"
	"github.com/watertight-go/watertight/internal/dbtest"
)

// TestArithmeticIsTheServers asks the server about random roles, memberships and grants
// what the package works out from a snapshot. There may be no difference.
func TestArithmeticIsTheServers(t *testing.T) {
	t.Parallel()
	rounds := 8
	if testing.Short() {
		rounds = 2
	}
	dbtest.PostgreSQL(t, func(t *testing.T, s dbtest.Server) {
		config, err := pgx.ParseConfig(fmt.Sprintf("host=127.0.0.1 port=%d sslmode=disable user=postgres dbname=postgres", s.Port))
		if err != nil {
			t.Fatal(err)
		}
		config.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
		ctx := context.Background()
		conn, err := pgx.ConnectConfig(ctx, config)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close(ctx) }()
		questions := 0
		for seed := range rounds {
			mess(t, conn, rand.New(rand.NewPCG(uint64(seed), 1)))
			snapshot, err := live.Snapshot(ctx, config)
			if err != nil {
				t.Fatal(err)
			}
			questions += compare(t, conn, snapshot)
			if _, err := conn.Exec(ctx, "REVOKE CREATE ON DATABASE postgres FROM PUBLIC; ALTER DATABASE postgres OWNER TO postgres; DROP SCHEMA IF EXISTS s0, s1 CASCADE; DROP OWNED BY r0, r1, r2, r3, r4, r5, r6, r7 CASCADE; DROP ROLE r0, r1, r2, r3, r4, r5, r6, r7"); err != nil {
				t.Fatal(err)
			}
		}
		t.Logf("%d questions", questions)
		quoting(t, conn)
	})
}

// quoting makes roles of random names, reads them back, and sends random texts, with both
// settings of standard_conforming_strings.
func quoting(t *testing.T, conn *pgx.Conn) {
	t.Helper()
	ctx := context.Background()
	symbols := rapid.SampledFrom([]rune("ab \"'\\`$;-%_/*\t\n{}é漢😀\u202e\u00a0"))
	rapid.Check(t, func(t *rapid.T) {
		var name string
		for _, r := range rapid.SliceOfN(symbols, 1, 40).Draw(t, "name") {
			if len(name)+len(string(r)) <= 63 {
				name += string(r)
			}
		}
		if strings.ContainsAny(name, "\n\t") { // which newer versions refuse, and recipes do
			name = strings.NewReplacer("\n", "n", "\t", "t").Replace(name)
		}
		text := name + "\n\t"
		for _, conforming := range []string{"on", "off"} {
			var role string
			var same bool
			statements := "BEGIN; SET LOCAL standard_conforming_strings = " + conforming + "; CREATE ROLE " + postgres.Quoted(name)
			if _, err := conn.Exec(ctx, statements); err != nil {
				t.Fatal(err)
			}
			err := conn.QueryRow(ctx, "SELECT rolname::text, decode("+postgres.Literal(hex.EncodeToString([]byte(text)))+", 'hex') = convert_to("+postgres.Literal(text)+", 'UTF8') FROM pg_roles WHERE rolname = "+postgres.Literal(name), pgx.QueryExecModeExec).Scan(&role, &same)
			if _, err := conn.Exec(ctx, "ROLLBACK"); err != nil {
				t.Fatal(err)
			}
			if err != nil || role != name || !same {
				t.Fatalf("%q was read back as %q, %v, %v", name, role, same, err)
			}
		}
	})
}

const roles = 8

// mess makes random roles, objects and grants. What the server refuses, such as a circle
// of memberships, is left out.
func mess(t *testing.T, conn *pgx.Conn, r *rand.Rand) {
	t.Helper()
	role := func() string { return fmt.Sprint("r", r.IntN(roles)) }
	pick := func(words ...string) string { return words[r.IntN(len(words))] }
	var newer bool
	if err := conn.QueryRow(t.Context(), "SELECT current_setting('server_version_num')::int >= 160000").Scan(&newer); err != nil {
		t.Fatal(err)
	}
	must := func(text string) {
		if _, err := conn.Exec(t.Context(), text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
	for i := range roles {
		must(fmt.Sprintf("CREATE ROLE r%d %s %s", i, pick("INHERIT", "NOINHERIT"), pick("", "", "", "SUPERUSER", "CREATEROLE")))
	}
	must("ALTER DATABASE postgres OWNER TO " + role())
	for i := range 2 {
		must(fmt.Sprintf("CREATE SCHEMA s%d AUTHORIZATION %s", i, role()))
		must(fmt.Sprintf("CREATE TABLE s%d.t (a int, b int)", i))
		must(fmt.Sprintf("CREATE SEQUENCE s%d.q", i))
		must(fmt.Sprintf("CREATE FUNCTION s%d.f(int, text[]) RETURNS int LANGUAGE sql AS 'SELECT 1'", i))
		must(fmt.Sprintf("ALTER TABLE s%d.t OWNER TO %s", i, role()))
		must(fmt.Sprintf("ALTER FUNCTION s%d.f OWNER TO %s", i, role()))
	}
	must("CREATE FUNCTION pg_temp.try(text) RETURNS void LANGUAGE plpgsql AS 'BEGIN EXECUTE $1; EXCEPTION WHEN OTHERS THEN NULL; END'")
	var texts []string
	for range 14 {
		options := ""
		if newer {
			options = fmt.Sprintf(" WITH INHERIT %s, SET %s, ADMIN %s", pick("TRUE", "FALSE"), pick("TRUE", "FALSE"), pick("TRUE", "FALSE", "FALSE"))
		}
		texts = append(texts, "GRANT "+pick(role(), role(), role(), "pg_read_all_data", "pg_write_all_data", "pg_monitor")+" TO "+role()+options)
	}
	for range 40 {
		schema := pick("s0", "s1")
		what := pick(
			pick("CONNECT", "CREATE", "TEMPORARY")+" ON DATABASE postgres",
			pick("USAGE", "CREATE")+" ON SCHEMA "+schema, pick("USAGE", "CREATE")+" ON SCHEMA "+schema,
			pick("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "ALL")+" ON "+schema+".t",
			pick("SELECT", "INSERT", "UPDATE", "REFERENCES")+" ("+pick("a", "b")+") ON "+schema+".t",
			pick("USAGE", "SELECT", "UPDATE")+" ON SEQUENCE "+schema+".q",
			"EXECUTE ON FUNCTION "+schema+".f",
		)
		who := pick(role(), role(), role(), "PUBLIC", "pg_database_owner")
		switch r.IntN(4) {
		case 0:
			texts = append(texts, "REVOKE "+what+" FROM "+who+" CASCADE")
		case 1:
			texts = append(texts, "GRANT "+what+" TO "+role()+" WITH GRANT OPTION")
		case 2:
			texts = append(texts, "SET LOCAL ROLE "+role()+"; GRANT "+what+" TO "+who+"; RESET ROLE")
		default:
			texts = append(texts, "GRANT "+what+" TO "+who)
		}
	}
	for _, text := range texts {
		must("SELECT pg_temp.try(" + postgres.Literal(text) + ")")
	}
	must("DROP FUNCTION pg_temp.try(text)")
}

// A question is one for the server, as SQL, and our answer.
type question struct {
	sql  string
	ours bool
}

// compare asks about every role and every privilege, and returns how many questions there were.
func compare(t *testing.T, conn *pgx.Conn, s *postgres.Snapshot) int {
	t.Helper()
	var questions []question
	ask := func(ours bool, format string, args ...any) {
		questions = append(questions, question{fmt.Sprintf(format, args...), ours})
	}
	var db *postgres.Database
	for i := range s.Databases {
		if s.Databases[i].Name == "postgres" {
			db = &s.Databases[i]
		}
	}
	for i := range roles {
		role := fmt.Sprint("r", i)
		has := func(grants []postgres.Grant, privilege string, predefined ...string) bool {
			return s.Has(role, "postgres", grants, privilege, predefined...)
		}
		for _, privilege := range []string{"CONNECT", "CREATE", "TEMPORARY"} {
			ask(has(db.Grants, privilege), "has_database_privilege('%s', 'postgres', '%s')", role, privilege)
		}
		for _, schema := range db.Contents.Schemas {
			ask(has(schema.Grants, "USAGE", "pg_read_all_data", "pg_write_all_data"), "has_schema_privilege('%s', '%s', 'USAGE')", role, schema.Name)
			ask(has(schema.Grants, "CREATE"), "has_schema_privilege('%s', '%s', 'CREATE')", role, schema.Name)
		}
		for _, r := range db.Contents.Relations {
			name := r.Schema + "." + r.Name
			predefined := map[string]string{"SELECT": "pg_read_all_data", "INSERT": "pg_write_all_data", "UPDATE": "pg_write_all_data", "DELETE": "pg_write_all_data"}
			switch {
			case r.Schema == "pg_catalog":
				ask(has(r.Grants, "SELECT", "pg_read_all_data"), "has_table_privilege('%s', '%s', 'SELECT')", role, name)
				continue
			case r.Kind == postgres.Sequence:
				for _, privilege := range []string{"SELECT", "UPDATE", "USAGE"} {
					ask(has(r.Grants, privilege, predefined[privilege]), "has_sequence_privilege('%s', '%s', '%s')", role, name, privilege)
				}
				continue
			}
			for _, privilege := range []string{"SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"} {
				table := has(r.Grants, privilege, predefined[privilege])
				ask(table, "has_table_privilege('%s', '%s', '%s')", role, name, privilege)
				for _, column := range []string{"a", "b"} {
					if strings.Contains("DELETE TRUNCATE TRIGGER", privilege) {
						continue
					}
					own := table
					for _, c := range r.Columns {
						own = own || c.Name == column && has(c.Grants, privilege)
					}
					ask(own, "has_column_privilege('%s', '%s', '%s', '%s')", role, name, column, privilege)
				}
			}
		}
		for _, f := range db.Contents.Functions {
			if f.Schema != "pg_catalog" {
				ask(has(f.Grants, "EXECUTE"), "has_function_privilege('%s', '%s', 'EXECUTE')", role, f.Signature)
			}
		}
		superuser := has(nil, "")
		hows := []string{"USAGE", "MEMBER"}
		if s.Version >= 160000 {
			hows = []string{"USAGE", "SET"}
		}
		for _, how := range hows {
			ours := how
			if how == "MEMBER" { // who is a member may become it, before PostgreSQL 16
				ours = "SET"
			}
			reached := s.Reached(role, "postgres", ours)
			for _, other := range s.Roles {
				ask(superuser || reached[other.Name], "pg_has_role('%s', '%s', '%s')", role, other.Name, how)
			}
		}
	}
	asked := make([]string, len(questions))
	for i, q := range questions {
		asked[i] = q.sql
	}
	var answers []bool
	if err := conn.QueryRow(t.Context(), "SELECT ARRAY["+strings.Join(asked, ", ")+"]").Scan(&answers); err != nil {
		t.Fatal(err)
	}
	for i, q := range questions {
		if answers[i] != q.ours {
			t.Errorf("%s: the server says %v, we say %v", q.sql, answers[i], q.ours)
		}
	}
	return len(questions)
}
