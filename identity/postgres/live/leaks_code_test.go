// SPDX-License-Identifier: Apache-2.0

package live_test

import "github.com/watertight-go/watertight/identity/postgres"

// leaksOfCode are leaks by functions, views and rules.
func leaksOfCode() map[string]leak {
	return map[string]leak{
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
		"PG005 a view that staging made of a table while it could": {
			plant: []string{
				"GRANT USAGE ON SCHEMA prod TO in_app", "GRANT SELECT ON prod.orders TO in_app", "CREATE SCHEMA mine AUTHORIZATION in_app", "SET ROLE in_app",
				"CREATE VIEW mine.cards AS SELECT card FROM prod.orders", "RESET ROLE", "REVOKE USAGE ON SCHEMA prod FROM in_app",
			},
			want: []string{postgres.UsesTable}, attack: "SELECT * FROM mine.cards", clean: []string{"DROP SCHEMA mine CASCADE"},
		},
		"PG008 a rule of a table": {
			plant: []string{"CREATE TABLE public.inbox (i int)", "CREATE RULE more AS ON INSERT TO public.inbox DO ALSO DELETE FROM prod.orders WHERE id = 99", "GRANT INSERT ON public.inbox TO in_app"},
			want:  []string{postgres.RunsAsProduction}, attack: "INSERT INTO public.inbox VALUES (1)", clean: []string{"DROP TABLE public.inbox, public.outbox"},
			neighbour: []string{"CREATE TABLE public.outbox (i int)", "CREATE RULE more AS ON INSERT TO public.outbox DO ALSO NOTIFY outbox", "GRANT INSERT ON public.outbox TO in_app"},
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
		"PG015 a function that reads files": {
			plant: []string{"GRANT EXECUTE ON FUNCTION pg_read_file(text) TO in_app"}, want: []string{postgres.ServerFunction}, attack: "SELECT pg_read_file('PG_VERSION')",
			neighbour: []string{"GRANT EXECUTE ON FUNCTION pg_read_file(text) TO other_app"}, clean: []string{"REVOKE EXECUTE ON FUNCTION pg_read_file(text) FROM other_app"},
		},
		"PG015 dblink without a password": {
			plant: []string{"CREATE EXTENSION dblink SCHEMA public", "GRANT EXECUTE ON FUNCTION public.dblink_connect_u(text) TO in_app"}, want: []string{postgres.ServerFunction}, clean: []string{"DROP EXTENSION dblink"},
		},
		"PG015 dblink": {plant: []string{"CREATE EXTENSION dblink SCHEMA public"}, found: postgres.ConnectsFromServer, clean: []string{"DROP EXTENSION dblink"}},
	}
}
