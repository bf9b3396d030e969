// SPDX-License-Identifier: Apache-2.0

package live_test

import "github.com/watertight-go/watertight/identity/postgres"

// leaksOfRoles are leaks by what roles, databases, schemas and the server are.
func leaksOfRoles() map[string]leak {
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
		"PG018 a password of production": {
			found: postgres.PasswordLogin, superuser: true,
			neighbour: []string{"ALTER ROLE prod_owner LOGIN"}, clean: []string{"ALTER ROLE prod_owner NOLOGIN", "ALTER ROLE prod_app PASSWORD '" + password + "'"},
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
		"PG016 no connection limit": {
			plant: []string{"ALTER ROLE in_app CONNECTION LIMIT -1"}, found: postgres.NoConnectionLimit, clean: []string{"ALTER ROLE in_app CONNECTION LIMIT 5"},
		},
		"PG017 temporary tables": {
			plant: []string{"GRANT TEMPORARY ON DATABASE shared TO in_app"}, found: postgres.TemporaryTables, attack: "CREATE TEMP TABLE t (i int)",
		},
	}
}
