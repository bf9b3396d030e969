// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/postgres"
)

// A leak is what opens a server that a recipe has closed. It is planted in database
// shared, and in_app is staging.
type leak struct {
	since, before int      // versions that it is for; 0 is any
	plant         []string // as a superuser
	// attack is what staging can do then, and cannot when the changes are made. It is
	// run in database shared, or in that before a colon.
	attack    string
	superuser bool // reads the snapshot, since nobody else sees what is planted
	// want are the rules of the breaches, or, if there is none, found is that of a finding.
	want  []string
	found string
	// neighbour is what looks alike and is no leak: it is there all the time, and neither
	// found nor in the way.
	neighbour []string
	keeps     string   // a query of what the changes leave alone
	clean     []string // takes away what plant and neighbour leave
}

func (s server) leaks(t *testing.T) {
	s.apply(t, bulkhead.Must(s.snapshot(t).SeparateSchema(within())))
	// Only this database matters here, so nothing else is read.
	s.do(t, "postgres", "CREATE ROLE reader LOGIN PASSWORD '"+password+"'", "GRANT CONNECT ON DATABASE shared TO reader")
	version := s.snapshot(t).Version
	before := written(t, s.snapshot(t))
	defer func() {
		if after := written(t, s.snapshot(t)); after != before {
			t.Errorf("left behind (-before +after):\n%s", cmp.Diff(before, after))
		}
	}()
	for name, l := range leaks() {
		if version < l.since || l.before != 0 && version >= l.before {
			continue
		}
		t.Run(name, func(t *testing.T) { s.leak(t, l) })
	}
}

func (s server) leak(t *testing.T, l leak) {
	defer s.do(t, "shared", l.clean...)
	s.do(t, "shared", l.neighbour...)
	s.do(t, "shared", l.plant...)
	if l.attack != "" && s.attack(t, l) != "" {
		t.Errorf("the attack fails with %s, so there is no leak", s.attack(t, l))
	}
	role := "reader"
	if l.superuser {
		role = "postgres"
	}
	proof := s.found(t, role)
	got := rulesOf(proof)
	slices.Sort(got)
	if got = slices.Compact(got); !slices.Equal(got, l.want) {
		t.Errorf("found %s, want %v", describe(proof), l.want)
	}
	if l.found != "" {
		s.mend(t, proof, l.found, role)
		return
	}
	for round := 0; len(proof.Breaches) > 0 && round < 9; round++ {
		for _, b := range proof.Breaches {
			if len(b.Path) == 0 || b.Change.Object == (bulkhead.Ref{}) || b.Change.Field == "" {
				t.Errorf("%s: without a path or a change", b.Rule)
			}
			s.change(t, b.Change)
		}
		proof = s.found(t, role)
	}
	if proof.Verdict != bulkhead.Sealed {
		t.Errorf("the changes leave %s", describe(proof))
	}
	if l.keeps != "" {
		var kept bool
		if err := s.conn(t, "postgres", "shared").QueryRow(t.Context(), l.keeps).Scan(&kept); err != nil || !kept {
			t.Errorf("the changes took what is not staging's: %v", err)
		}
	}
	if l.attack != "" && s.attack(t, l) == "" {
		t.Error("the attack still works")
	}
}

// found is the proof about in_app.
func (s server) found(t *testing.T, role string) postgres.Proof {
	t.Helper()
	return prove(t, s.read(t, role, "shared"), boundary("in_app"))
}

func (s server) attack(t *testing.T, l leak) string {
	if database, text, elsewhere := strings.Cut(l.attack, ": "); elsewhere {
		return s.try(t, "in_app", database, text)
	}
	conn := s.conn(t, "in_app", "shared")
	_, err := conn.Exec(t.Context(), l.attack, pgx.QueryExecModeSimpleProtocol)
	if _, err := conn.Exec(t.Context(), "RESET ROLE"); err != nil {
		t.Fatal(err)
	}
	return code(t, l.attack, err)
}

// change runs the statement of a change in the database that it is about.
func (s server) change(t *testing.T, c bulkhead.Change) {
	database := c.Object.Namespace
	if database == "" {
		database = "postgres"
	}
	s.do(t, database, c.Text)
	if strings.HasPrefix(c.Text, "ALTER SYSTEM") {
		s.do(t, "postgres", "SELECT pg_reload_conf()", "SELECT pg_sleep(0.2)")
	}
}

// mend runs the fix of a finding, after which it is gone.
func (s server) mend(t *testing.T, proof postgres.Proof, rule, role string) {
	for _, f := range proof.Findings {
		if f.Rule == rule {
			database := f.Object.Namespace
			if database == "" {
				database = "postgres"
			}
			s.do(t, database, f.Fix)
		}
	}
	if !has(proof, rule) {
		t.Errorf("no %s in %s", rule, describe(proof))
	}
	if again := s.found(t, role); has(again, rule) {
		t.Errorf("the fix leaves %s", describe(again))
	}
}

func has(proof postgres.Proof, rule string) bool {
	return slices.ContainsFunc(proof.Findings, func(f bulkhead.Finding) bool { return f.Rule == rule })
}

func leaks() map[string]leak {
	return map[string]leak{
		"PG001 a superuser": {
			plant: []string{"ALTER ROLE in_app SUPERUSER"}, want: []string{postgres.Superuser}, attack: "SELECT * FROM prod.orders",
			neighbour: []string{"ALTER ROLE other_app SUPERUSER"}, clean: []string{"ALTER ROLE other_app NOSUPERUSER"},
		},
		"PG001 CREATEROLE before 16": {
			before: 160000, plant: []string{"ALTER ROLE in_app CREATEROLE"}, want: []string{postgres.CreatesRoles},
			attack: "GRANT prod_owner TO in_app; SET ROLE prod_owner; SELECT * FROM prod.orders; RESET ROLE; REVOKE prod_owner FROM in_app",
		},
		"PG001 CREATEROLE since 16": {
			since: 160000, plant: []string{"ALTER ROLE in_app CREATEROLE"}, found: postgres.RoleAttribute,
			neighbour: []string{"ALTER ROLE other_app CREATEROLE"}, clean: []string{"ALTER ROLE other_app NOCREATEROLE"},
		},
		"PG001 CREATEROLE of a role that staging becomes": {
			before: 160000, plant: []string{"CREATE ROLE team CREATEROLE", "GRANT team TO in_app"}, want: []string{postgres.CreatesRoles},
			attack: "SET ROLE team; GRANT prod_owner TO in_app; REVOKE prod_owner FROM in_app", clean: []string{"DROP ROLE team"},
		},
		"PG001 REPLICATION": {plant: []string{"ALTER ROLE in_app REPLICATION"}, want: []string{postgres.Replicates}},
		"PG001 CREATEDB":    {plant: []string{"ALTER ROLE in_app CREATEDB"}, found: postgres.RoleAttribute},
		"PG001 BYPASSRLS":   {plant: []string{"ALTER ROLE in_app BYPASSRLS"}, found: postgres.RoleAttribute},
		"PG002 a transitive membership that is not inherited": {
			plant: []string{"CREATE ROLE mid", "GRANT prod_owner TO mid", "GRANT mid TO in_app"}, want: []string{postgres.BecomesProduction},
			attack: "SET ROLE prod_owner; SELECT * FROM prod.orders", clean: []string{"DROP ROLE mid"},
		},
		"PG002 an admin option alone": {
			since: 160000, plant: []string{"GRANT prod_owner TO in_app WITH ADMIN TRUE, INHERIT FALSE, SET FALSE"}, want: []string{postgres.BecomesProduction},
			attack:    "GRANT prod_owner TO in_app WITH SET TRUE; SET ROLE prod_owner; SELECT * FROM prod.orders; RESET ROLE; REVOKE prod_owner FROM in_app",
			neighbour: []string{"GRANT prod_owner TO in_app WITH ADMIN FALSE, INHERIT FALSE, SET FALSE"},
		},
		"PG002 a membership that is used but not set": {
			since: 160000, plant: []string{"GRANT prod_owner TO in_app WITH INHERIT TRUE, SET FALSE"}, want: []string{postgres.BecomesProduction},
			attack: "SELECT * FROM prod.orders",
		},
		"PG002 a managed superuser": {
			plant: []string{"CREATE ROLE rds_superuser CREATEROLE CREATEDB", "GRANT rds_superuser TO in_app"}, want: []string{postgres.ManagedSuperuser},
			clean: []string{"DROP ROLE rds_superuser"},
		},
		"PG002 pg_read_all_data": {
			plant: []string{"GRANT pg_read_all_data TO in_app"}, want: []string{postgres.ReadsSecrets, postgres.UsesTable}, attack: "SET ROLE pg_read_all_data; SELECT * FROM prod.orders; SELECT rolpassword FROM pg_authid",
			neighbour: []string{"GRANT pg_read_all_data TO other_app"}, clean: []string{"REVOKE pg_read_all_data FROM other_app"},
		},
		"PG002 pg_write_all_data": {
			plant: []string{"GRANT pg_write_all_data TO in_app"}, want: []string{postgres.UsesTable}, attack: "SET ROLE pg_write_all_data; DELETE FROM prod.orders",
		},
		"PG002 pg_maintain":               {since: 170000, plant: []string{"GRANT pg_maintain TO in_app", "GRANT USAGE ON SCHEMA prod TO in_app"}, want: []string{postgres.UsesTable}, attack: "SET ROLE pg_maintain; ANALYZE", clean: []string{"REVOKE ALL ON SCHEMA prod FROM in_app"}},
		"PG002 pg_monitor":                {plant: []string{"GRANT pg_monitor TO in_app"}, want: []string{postgres.WatchesSessions}},
		"PG002 pg_signal_backend":         {plant: []string{"GRANT pg_signal_backend TO in_app"}, want: []string{postgres.EndsSessions}},
		"PG002 pg_read_server_files":      {plant: []string{"GRANT pg_read_server_files TO in_app"}, want: []string{postgres.ReachesServer}},
		"PG002 pg_write_server_files":     {plant: []string{"GRANT pg_write_server_files TO in_app"}, want: []string{postgres.ReachesServer}, attack: "SET ROLE pg_write_server_files; COPY (SELECT 1) TO '/dev/null'"},
		"PG002 pg_execute_server_program": {plant: []string{"GRANT pg_execute_server_program TO in_app"}, want: []string{postgres.ReachesServer}, attack: "SET ROLE pg_execute_server_program; DO $$ BEGIN EXECUTE 'COPY (SELECT 1) TO PROGRAM ''cat'''; EXCEPTION WHEN external_routine_exception THEN NULL; END $$"},
		"PG002 pg_checkpoint":             {plant: []string{"GRANT pg_checkpoint TO in_app"}, found: postgres.PredefinedRole},
		"PG003 CONNECT for everybody": {
			plant: []string{"GRANT CONNECT ON DATABASE app_prod TO PUBLIC"}, want: []string{postgres.ConnectsToProduction}, attack: "app_prod: SELECT 1",
		},
		"PG003 CONNECT of a role that is inherited": {
			plant: []string{"CREATE ROLE team", "GRANT CONNECT ON DATABASE app_prod TO team", "ALTER ROLE in_app INHERIT", "GRANT team TO in_app"},
			want:  []string{postgres.ConnectsToProduction}, attack: "app_prod: SELECT 1",
			clean: []string{"REVOKE ALL ON DATABASE app_prod FROM team", "ALTER ROLE in_app NOINHERIT", "DROP ROLE team"},
		},
		"PG003 CONNECT that staging may grant itself": {
			plant:     []string{"CREATE ROLE team", "GRANT CONNECT ON DATABASE app_prod TO team WITH GRANT OPTION", "GRANT team TO in_app"},
			want:      []string{postgres.ConnectsToProduction},
			attack:    "SET ROLE team; GRANT CONNECT ON DATABASE app_prod TO in_app; REVOKE CONNECT ON DATABASE app_prod FROM in_app",
			neighbour: []string{"CREATE ROLE crew", "GRANT CONNECT ON DATABASE app_prod TO crew", "GRANT crew TO in_app"},
			clean:     []string{"REVOKE ALL ON DATABASE app_prod FROM team, crew", "DROP ROLE team, crew"},
		},
		"PG004 USAGE on production's schema": {
			plant: []string{"GRANT USAGE ON SCHEMA prod TO PUBLIC"}, found: postgres.EntersSchema, neighbour: []string{"GRANT USAGE ON SCHEMA prod TO other_app"},
			clean: []string{"REVOKE USAGE ON SCHEMA prod FROM other_app"},
		},
		"PG004 CREATE in production's schema": {
			plant: []string{"GRANT USAGE, CREATE ON SCHEMA prod TO in_app"}, want: []string{postgres.CreatesInSchema}, neighbour: []string{"GRANT USAGE, CREATE ON SCHEMA prod TO other_app"}, clean: []string{"REVOKE ALL ON SCHEMA prod FROM other_app"}, attack: "CREATE TABLE prod.x (i int); DROP TABLE prod.x",
		},
		"PG005 a table": {
			plant: []string{"GRANT SELECT ON prod.orders TO in_app", "GRANT USAGE ON SCHEMA prod TO in_app"}, want: []string{postgres.UsesTable}, attack: "SELECT * FROM prod.orders",
			neighbour: []string{"GRANT SELECT ON prod.orders TO PUBLIC"}, clean: []string{"REVOKE ALL ON prod.orders FROM PUBLIC", "REVOKE ALL ON SCHEMA prod FROM in_app"},
		},
		"PG005 a table, granted by who may grant it on": {
			plant: []string{
				"GRANT USAGE ON SCHEMA prod TO in_app", "SET ROLE prod_owner", "GRANT SELECT ON prod.orders TO other_app WITH GRANT OPTION", "GRANT USAGE ON SCHEMA prod TO other_app", "RESET ROLE", "SET ROLE other_app",
				"GRANT SELECT ON prod.orders TO in_app, prod_app", "RESET ROLE",
			},
			keeps: "SELECT EXISTS (SELECT FROM pg_class, aclexplode(relacl) a WHERE oid = 'prod.orders'::regclass AND a.grantee = 'prod_app'::regrole AND a.grantor = 'other_app'::regrole)",
			want:  []string{postgres.UsesTable}, attack: "SELECT * FROM prod.orders",
			clean: []string{"REVOKE ALL ON prod.orders FROM other_app CASCADE", "REVOKE ALL ON SCHEMA prod FROM in_app, other_app"},
		},
		"PG005 a sequence, which is found by its number": {
			plant: []string{"GRANT USAGE ON SEQUENCE prod.numbers TO PUBLIC"}, want: []string{postgres.UsesTable},
			attack: "SELECT nextval((SELECT oid FROM pg_class WHERE relname = 'numbers')::regclass)",
		},
		"PG005 a table of production's elsewhere": {
			plant: []string{"CREATE TABLE public.moved (i int)", "ALTER TABLE public.moved OWNER TO prod_app", "GRANT SELECT ON public.moved TO PUBLIC"},
			want:  []string{postgres.UsesTable}, attack: "SELECT * FROM public.moved",
			neighbour: []string{"CREATE TABLE public.common (i int)", "GRANT SELECT ON public.common TO PUBLIC"}, clean: []string{"DROP TABLE public.moved", "DROP TABLE public.common"},
		},
		"PG006 a column": {
			plant: []string{"GRANT SELECT (note) ON prod.orders TO PUBLIC", "GRANT USAGE ON SCHEMA prod TO in_app"}, want: []string{postgres.UsesColumn}, attack: "SELECT note FROM prod.orders",
			neighbour: []string{"GRANT SELECT (note) ON prod.orders TO other_app"}, clean: []string{"REVOKE SELECT (note) ON prod.orders FROM other_app", "REVOKE ALL ON SCHEMA prod FROM in_app"},
		},
		"PG007 a function of its definer": {
			plant: []string{"CREATE FUNCTION public.peek(a int[], b text) RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT card FROM prod.orders LIMIT 1'", "ALTER FUNCTION public.peek OWNER TO prod_owner"},
			want:  []string{postgres.RunsAsProduction}, attack: "SELECT public.peek('{}', '')",
			neighbour: []string{"CREATE FUNCTION public.plain() RETURNS int LANGUAGE sql AS 'SELECT 1'", "ALTER FUNCTION public.plain OWNER TO prod_owner", "CREATE FUNCTION public.others() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'", "ALTER FUNCTION public.others OWNER TO other_app"},
			clean:     []string{"DROP FUNCTION public.peek", "DROP FUNCTION public.plain", "DROP FUNCTION public.others"},
		},
		"PG007 a function of a role that reads production": {
			plant: []string{"GRANT USAGE ON SCHEMA prod TO other_app", "GRANT SELECT ON prod.orders TO other_app", "CREATE FUNCTION public.peek() RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT card FROM prod.orders LIMIT 1'", "ALTER FUNCTION public.peek OWNER TO other_app"},
			want:  []string{postgres.RunsAsProduction}, attack: "SELECT public.peek()",
			clean: []string{"DROP FUNCTION public.peek", "REVOKE ALL ON prod.orders FROM other_app", "REVOKE ALL ON SCHEMA prod FROM other_app"},
		},
		"PG007 a trigger": {
			plant: []string{
				"CREATE FUNCTION prod.log() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN INSERT INTO prod.orders VALUES (99); DELETE FROM prod.orders WHERE id = 99; RETURN NEW; END'", "ALTER FUNCTION prod.log OWNER TO prod_owner",
				"CREATE TABLE public.inbox (i int)", "CREATE TRIGGER log AFTER INSERT ON public.inbox FOR EACH ROW EXECUTE FUNCTION prod.log()", "GRANT INSERT ON public.inbox TO in_app",
			},
			want: []string{postgres.RunsAsProduction}, attack: "INSERT INTO public.inbox VALUES (1)", clean: []string{"DROP TABLE public.inbox", "DROP FUNCTION prod.log"},
		},
		"PG008 a view with its owner's rights": {
			plant: []string{"CREATE VIEW public.cards AS SELECT card FROM prod.orders", "ALTER VIEW public.cards OWNER TO prod_owner", "GRANT SELECT ON public.cards TO PUBLIC"},
			want:  []string{postgres.ReadsThroughView}, attack: "SELECT * FROM public.cards",
			neighbour: []string{"CREATE VIEW public.own WITH (security_invoker=true) AS SELECT card FROM prod.orders", "ALTER VIEW public.own OWNER TO prod_owner", "GRANT SELECT ON public.own TO PUBLIC"},
			clean:     []string{"DROP VIEW public.cards", "DROP VIEW public.own"},
		},
		"PG008 a view of a view": {
			plant: []string{
				"CREATE SCHEMA between", "CREATE VIEW between.cards AS SELECT card FROM prod.orders", "ALTER VIEW between.cards OWNER TO prod_owner", "GRANT SELECT ON between.cards TO other_app",
				"CREATE VIEW public.cards AS SELECT card FROM between.cards", "ALTER VIEW public.cards OWNER TO other_app", "GRANT SELECT ON public.cards TO in_app",
			},
			neighbour: []string{
				"CREATE VIEW public.invoked WITH (security_invoker=true) AS SELECT card FROM prod.orders", "ALTER VIEW public.invoked OWNER TO prod_owner",
				"CREATE VIEW public.outer AS SELECT card FROM public.invoked", "ALTER VIEW public.outer OWNER TO prod_owner", "GRANT SELECT ON public.outer TO in_app",
			},
			want: []string{postgres.ReadsThroughView}, attack: "SELECT * FROM public.cards", clean: []string{"DROP VIEW public.cards", "DROP SCHEMA between CASCADE", "DROP VIEW public.outer, public.invoked"},
		},
		"PG008 a copy": {
			plant: []string{"CREATE MATERIALIZED VIEW public.copied AS SELECT card FROM prod.orders", "GRANT SELECT ON public.copied TO PUBLIC"},
			want:  []string{postgres.ReadsThroughView}, attack: "SELECT * FROM public.copied", clean: []string{"DROP MATERIALIZED VIEW public.copied"},
		},
		"PG008 a view of a copy": {
			plant: []string{
				"CREATE SCHEMA between", "CREATE MATERIALIZED VIEW between.copied AS SELECT card FROM prod.orders", "CREATE VIEW public.cards AS SELECT card FROM between.copied", "GRANT SELECT ON public.cards TO PUBLIC",
			},
			want: []string{postgres.ReadsThroughView}, attack: "SELECT * FROM public.cards", clean: []string{"DROP VIEW public.cards", "DROP SCHEMA between CASCADE"},
		},
		"PG008 a copy that staging owns": {
			plant: []string{"CREATE MATERIALIZED VIEW public.copied AS SELECT card FROM prod.orders", "ALTER MATERIALIZED VIEW public.copied OWNER TO in_app"},
			want:  []string{postgres.Owns}, attack: "SELECT * FROM public.copied", clean: []string{"DROP MATERIALIZED VIEW public.copied"},
		},
		"PG008 a view of the passwords": {
			plant: []string{"CREATE VIEW public.logins AS SELECT rolname, rolpassword FROM pg_authid", "GRANT SELECT ON public.logins TO in_app"},
			want:  []string{postgres.ReadsThroughView}, attack: "SELECT * FROM public.logins", clean: []string{"DROP VIEW public.logins"},
		},
		"PG008 a rule of a table": {
			plant: []string{"CREATE TABLE public.inbox (i int)", "CREATE RULE more AS ON INSERT TO public.inbox DO ALSO DELETE FROM prod.orders WHERE id = 99", "GRANT INSERT ON public.inbox TO in_app"},
			want:  []string{postgres.RunsAsProduction}, attack: "INSERT INTO public.inbox VALUES (1)", clean: []string{"DROP TABLE public.inbox, public.outbox"},
			neighbour: []string{"CREATE TABLE public.outbox (i int)", "CREATE RULE more AS ON INSERT TO public.outbox DO ALSO NOTIFY outbox", "GRANT INSERT ON public.outbox TO in_app"},
		},
		"PG005 a partition of production's": {
			plant: []string{"CREATE TABLE public.events (i int) PARTITION BY RANGE (i)", "CREATE TABLE prod.events PARTITION OF public.events FOR VALUES FROM (0) TO (9)", "GRANT SELECT ON public.events TO in_app"},
			want:  []string{postgres.UsesTable}, attack: "SELECT * FROM public.events", clean: []string{"DROP TABLE public.events"},
		},
		"PG007 a function that may call another": {
			plant: []string{
				"CREATE FUNCTION public.inner() RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT card FROM prod.orders LIMIT 1'", "ALTER FUNCTION public.inner OWNER TO prod_owner", "REVOKE EXECUTE ON FUNCTION public.inner FROM PUBLIC",
				"GRANT EXECUTE ON FUNCTION public.inner TO other_app", "CREATE FUNCTION public.outer() RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT public.inner()'", "ALTER FUNCTION public.outer OWNER TO other_app",
			},
			want: []string{postgres.RunsAsProduction}, attack: "SELECT public.outer()", clean: []string{"DROP FUNCTION public.inner, public.outer"},
		},
		"PG007 a function of a role that reads a view": {
			plant: []string{
				"CREATE VIEW public.cards AS SELECT card FROM prod.orders", "GRANT SELECT ON public.cards TO other_app",
				"CREATE FUNCTION public.outer() RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT card FROM public.cards LIMIT 1'", "ALTER FUNCTION public.outer OWNER TO other_app",
			},
			want: []string{postgres.RunsAsProduction}, attack: "SELECT public.outer()", clean: []string{"DROP FUNCTION public.outer", "DROP VIEW public.cards"},
		},
		"a view of the catalog of passwords": {
			plant: []string{"GRANT SELECT ON pg_shadow TO in_app"}, want: []string{postgres.ReadsSecrets}, attack: "SELECT passwd FROM pg_shadow",
		},
		"a column of the catalog of large objects": {
			plant: []string{"GRANT SELECT (loid, data) ON pg_largeobject TO in_app"}, want: []string{postgres.ReadsSecrets}, attack: "SELECT data FROM pg_largeobject LIMIT 1",
		},
		"PG005 a table that staging may grant on": {
			plant: []string{
				"GRANT USAGE ON SCHEMA prod TO in_app", "GRANT SELECT ON prod.orders TO in_app WITH GRANT OPTION", "SET ROLE in_app", "GRANT SELECT ON prod.orders TO reader", "RESET ROLE",
			},
			want: []string{postgres.UsesTable}, attack: "SELECT * FROM prod.orders", clean: []string{"REVOKE ALL ON SCHEMA prod FROM in_app"},
		},
		"PG018 a password of production": {
			found: postgres.PasswordLogin, superuser: true,
			neighbour: []string{"ALTER ROLE prod_owner LOGIN"}, clean: []string{"ALTER ROLE prod_owner NOLOGIN", "ALTER ROLE prod_app PASSWORD '" + password + "'"},
		},
		"an event trigger": {
			plant: []string{
				"CREATE FUNCTION prod.made() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN DELETE FROM prod.orders WHERE id = 99; END'", "ALTER FUNCTION prod.made OWNER TO prod_owner",
				"CREATE EVENT TRIGGER made ON ddl_command_end EXECUTE FUNCTION prod.made()",
			},
			want: []string{postgres.RunsAsProduction}, attack: "CREATE TABLE stg.t (i int); DROP TABLE stg.t", clean: []string{"DROP EVENT TRIGGER made", "DROP FUNCTION prod.made"},
		},
		"an event trigger of staging's function": {
			plant: []string{
				"CREATE FUNCTION stg.made() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'", "ALTER FUNCTION stg.made OWNER TO in_app", "CREATE EVENT TRIGGER made ON ddl_command_end EXECUTE FUNCTION stg.made()",
			},
			want: []string{postgres.Owns}, attack: "CREATE OR REPLACE FUNCTION stg.made() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN NULL; END'",
			clean: []string{"DROP EVENT TRIGGER made", "DROP FUNCTION stg.made"},
		},
		"PG015 an untrusted language": {
			plant: []string{"CREATE LANGUAGE loose HANDLER plpgsql_call_handler VALIDATOR plpgsql_validator", "CREATE FUNCTION public.run() RETURNS int LANGUAGE loose AS 'BEGIN RETURN 1; END'"},
			want:  []string{postgres.ServerFunction}, attack: "SELECT public.run()", clean: []string{"DROP FUNCTION public.run, public.walk", "DROP LANGUAGE loose"},
			neighbour: []string{"CREATE FUNCTION public.walk() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'"},
		},
		"PG007 a function in the system's schema": {
			plant: []string{"CREATE FUNCTION pg_catalog.peek() RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT card FROM prod.orders LIMIT 1'"},
			want:  []string{postgres.RunsAsProduction}, attack: "SELECT peek()", clean: []string{"DROP FUNCTION pg_catalog.peek"},
		},
		"a setting of the server": {
			since: 150000, plant: []string{"GRANT ALTER SYSTEM ON PARAMETER archive_command TO in_app"}, want: []string{postgres.AltersServer},
			attack: "ALTER SYSTEM SET archive_command = ''", clean: []string{"ALTER SYSTEM RESET archive_command", "REVOKE ALL ON PARAMETER archive_command FROM other_app"},
			neighbour: []string{"GRANT ALTER SYSTEM ON PARAMETER archive_command TO other_app"},
		},
		"PG014 lo_compat_privileges that staging sets": {
			since: 150000, plant: []string{"GRANT SET ON PARAMETER lo_compat_privileges TO in_app"}, want: []string{postgres.LargeObjectsUnchecked}, attack: "SET lo_compat_privileges = on; RESET lo_compat_privileges",
		},
		"a setting of superusers": {since: 150000, plant: []string{"GRANT SET ON PARAMETER log_statement TO in_app"}, found: postgres.SetsParameter},
		"PG009 a default privilege": {
			plant: []string{"GRANT USAGE ON SCHEMA prod TO in_app", "ALTER DEFAULT PRIVILEGES FOR ROLE prod_owner IN SCHEMA prod GRANT SELECT ON TABLES TO PUBLIC"},
			want:  []string{postgres.FutureObjects}, clean: []string{"REVOKE ALL ON SCHEMA prod FROM in_app", "ALTER DEFAULT PRIVILEGES FOR ROLE prod_owner IN SCHEMA prod REVOKE SELECT ON TABLES FROM other_app"},
			neighbour: []string{"ALTER DEFAULT PRIVILEGES FOR ROLE prod_owner IN SCHEMA prod GRANT SELECT ON TABLES TO other_app"},
		},
		"PG009 a default privilege that only the schema holds back": {
			plant: []string{"ALTER DEFAULT PRIVILEGES FOR ROLE prod_owner GRANT SELECT ON TABLES TO in_app"}, found: postgres.FutureObjects,
		},
		"PG010 a schema in production's search path": {
			plant: []string{"CREATE SCHEMA common", "GRANT USAGE, CREATE ON SCHEMA common TO PUBLIC", "ALTER ROLE prod_app IN DATABASE shared SET search_path = common, prod"},
			want:  []string{postgres.TrojanSchema}, attack: "CREATE TABLE common.orders (i int)", clean: []string{"ALTER ROLE prod_app IN DATABASE shared RESET search_path", "DROP SCHEMA common CASCADE"},
			neighbour: []string{"CREATE SCHEMA besides", "GRANT CREATE ON SCHEMA besides TO PUBLIC", "DROP SCHEMA besides", "ALTER ROLE other_app IN DATABASE shared SET search_path = stg", "ALTER ROLE other_app IN DATABASE shared RESET search_path"},
		},
		"PG010 staging's own schema in production's search path": {
			plant: []string{"CREATE SCHEMA \"St g\" AUTHORIZATION in_app", "ALTER ROLE prod_app SET search_path = prod, \"St g\""},
			want:  []string{postgres.TrojanSchema}, clean: []string{"ALTER ROLE prod_app RESET search_path", "DROP SCHEMA \"St g\""},
		},
		"PG010 a schema that staging names as production": {
			plant: []string{"GRANT CREATE ON DATABASE shared TO in_app"}, want: []string{postgres.TrojanSchema}, attack: "CREATE SCHEMA prod_app; DROP SCHEMA prod_app",
		},
		"PG010 schema public of old": {
			plant: []string{"GRANT CREATE ON SCHEMA public TO PUBLIC"}, want: []string{postgres.TrojanSchema}, attack: "CREATE TABLE public.t (i int); DROP TABLE public.t",
		},
		"PG011 a foreign server": {
			plant: []string{
				"CREATE EXTENSION IF NOT EXISTS postgres_fdw", "CREATE SERVER elsewhere FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '{port}', dbname 'app_prod')",
				"CREATE USER MAPPING FOR PUBLIC SERVER elsewhere OPTIONS (user 'prod_app', password '" + password + "')", "GRANT USAGE ON FOREIGN SERVER elsewhere TO in_app",
			},
			want: []string{postgres.ForeignServerAsProduction}, attack: "CREATE FOREIGN TABLE stg.f (card text) SERVER elsewhere OPTIONS (schema_name 'prod', table_name 'orders'); SELECT * FROM stg.f; DROP FOREIGN TABLE stg.f",
			neighbour: []string{
				"CREATE EXTENSION IF NOT EXISTS postgres_fdw", "CREATE SERVER closed FOREIGN DATA WRAPPER postgres_fdw OPTIONS (dbname 'app_prod')",
				"CREATE USER MAPPING FOR PUBLIC SERVER closed OPTIONS (user 'prod_app')",
			},
			clean: []string{"DROP EXTENSION postgres_fdw CASCADE"},
		},
		"PG012 a large object": {
			plant: []string{"SELECT lo_from_bytea(5000, '\\x01'), lo_from_bytea(5001, '\\x01')", "ALTER LARGE OBJECT 5000 OWNER TO prod_owner", "ALTER LARGE OBJECT 5001 OWNER TO prod_owner", "GRANT SELECT ON LARGE OBJECT 5000, 5001 TO PUBLIC"},
			want:  []string{postgres.UsesLargeObject}, attack: "SELECT lo_get(5001)", clean: []string{"SELECT lo_unlink(5000), lo_unlink(5001), lo_unlink(5002)"},
			neighbour: []string{"SELECT lo_from_bytea(5002, '\\x01')", "ALTER LARGE OBJECT 5002 OWNER TO other_app", "GRANT SELECT ON LARGE OBJECT 5002 TO PUBLIC"},
		},
		"PG013 a table that staging owns": {
			plant: []string{"CREATE TABLE prod.theirs (i int)", "ALTER TABLE prod.theirs OWNER TO in_app"}, want: []string{postgres.Owns}, clean: []string{"DROP TABLE prod.theirs"},
			neighbour: []string{"CREATE TABLE public.theirs (i int)", "ALTER TABLE public.theirs OWNER TO in_app", "DROP TABLE public.theirs"},
		},
		"PG013 a function that production's table runs": {
			plant: []string{
				"CREATE FUNCTION stg.mine() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'", "ALTER FUNCTION stg.mine OWNER TO in_app",
				"CREATE TRIGGER mine BEFORE INSERT ON prod.orders FOR EACH ROW EXECUTE FUNCTION stg.mine()",
			},
			want: []string{postgres.Owns}, clean: []string{"DROP TRIGGER mine ON prod.orders", "DROP FUNCTION stg.mine"},
		},
		"PG013 the database": {
			plant: []string{"ALTER DATABASE app_prod OWNER TO in_app"}, want: []string{postgres.Owns}, attack: "app_prod: SELECT 1",
			clean: []string{"ALTER DATABASE app_prod OWNER TO prod_owner"},
		},
		"PG014 lo_compat_privileges of the database": {
			plant: []string{"ALTER DATABASE shared SET lo_compat_privileges = on"}, want: []string{postgres.LargeObjectsUnchecked},
			neighbour: []string{"ALTER ROLE other_app SET lo_compat_privileges = on"}, clean: []string{"ALTER ROLE other_app RESET lo_compat_privileges"},
		},
		"PG014 lo_compat_privileges of the server": {
			plant: []string{"ALTER SYSTEM SET lo_compat_privileges = on", "SELECT pg_reload_conf()", "SELECT pg_sleep(0.2)"}, want: []string{postgres.LargeObjectsUnchecked},
		},
		"PG015 a function that reads files": {
			plant: []string{"GRANT EXECUTE ON FUNCTION pg_read_file(text) TO in_app"}, want: []string{postgres.ServerFunction}, attack: "SELECT pg_read_file('PG_VERSION')",
			neighbour: []string{"GRANT EXECUTE ON FUNCTION pg_read_file(text) TO other_app"}, clean: []string{"REVOKE EXECUTE ON FUNCTION pg_read_file(text) FROM other_app"},
		},
		"PG015 dblink without a password": {
			plant: []string{"CREATE EXTENSION dblink SCHEMA public", "GRANT EXECUTE ON FUNCTION public.dblink_connect_u(text) TO in_app"}, want: []string{postgres.ServerFunction}, clean: []string{"DROP EXTENSION dblink"},
		},
		"PG015 dblink": {plant: []string{"CREATE EXTENSION dblink SCHEMA public"}, found: postgres.ConnectsFromServer, clean: []string{"DROP EXTENSION dblink"}},
		"PG016 no connection limit": {
			plant: []string{"ALTER ROLE in_app CONNECTION LIMIT -1"}, found: postgres.NoConnectionLimit, clean: []string{"ALTER ROLE in_app CONNECTION LIMIT 5"},
		},
		"PG017 temporary tables": {
			plant: []string{"GRANT TEMPORARY ON DATABASE shared TO in_app"}, found: postgres.TemporaryTables, attack: "CREATE TEMP TABLE t (i int)",
		},
		"a catalog of passwords": {
			plant: []string{"GRANT SELECT (rolpassword) ON pg_authid TO in_app"}, want: []string{postgres.ReadsSecrets}, attack: "SELECT rolpassword FROM pg_authid",
			neighbour: []string{"GRANT SELECT ON pg_authid TO other_app"}, clean: []string{"REVOKE SELECT ON pg_authid FROM other_app"},
		},
	}
}
