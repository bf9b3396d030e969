// SPDX-License-Identifier: Apache-2.0

package live_test

import "github.com/watertight-go/watertight/identity/postgres"

// leaksOfData are leaks by tables and other objects.
func leaksOfData() map[string]leak {
	return map[string]leak{
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
		"PG005 a partition of production's": {
			plant: []string{"CREATE TABLE public.events (i int) PARTITION BY RANGE (i)", "CREATE TABLE prod.events PARTITION OF public.events FOR VALUES FROM (0) TO (9)", "GRANT SELECT ON public.events TO in_app"},
			want:  []string{postgres.UsesTable}, attack: "SELECT * FROM public.events", clean: []string{"DROP TABLE public.events"},
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
			want:  []string{postgres.TrojanSchema}, attack: "CREATE TABLE common.orders (i int); DROP TABLE common.orders", clean: []string{"ALTER ROLE prod_app IN DATABASE shared RESET search_path", "DROP SCHEMA common CASCADE"},
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
		"a catalog of passwords": {
			plant: []string{"GRANT SELECT (rolpassword) ON pg_authid TO in_app"}, want: []string{postgres.ReadsSecrets}, attack: "SELECT rolpassword FROM pg_authid",
			neighbour: []string{"GRANT SELECT ON pg_authid TO other_app"}, clean: []string{"REVOKE SELECT ON pg_authid FROM other_app"},
		},
	}
}
