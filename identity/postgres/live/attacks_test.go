// SPDX-License-Identifier: Apache-2.0

package live_test

import "testing"

// attacks tries as staging what a naive separation lets through.
func (s server) attacks(t *testing.T) {
	s.do(t, "shared", "SELECT lo_from_bytea(4999, '\\x01')", "ALTER LARGE OBJECT 4999 OWNER TO prod_owner")
	const denied = "42501" // insufficient_privilege
	for name, tt := range map[string]struct{ role, database, text, want string }{
		"connecting to production's database":          {"stg_app", "app_prod", "SELECT 1", denied},
		"connecting to the database that others share": {"stg_app", "shared", "SELECT 1", denied},
		"connecting to postgres":                       {"stg_app", "postgres", "SELECT 1", denied},
		"connecting to template1":                      {"stg_app", "template1", "SELECT 1", denied},
		"the size of production's database":            {"stg_app", "app_stg", "SELECT pg_database_size('app_prod')", denied},
		"a temporary table":                            {"stg_app", "app_stg", "CREATE TEMP TABLE t (i int)", denied},
		"becoming production":                          {"stg_app", "app_stg", "SET ROLE prod_owner", denied},
		"granting itself production":                   {"stg_app", "app_stg", "GRANT prod_owner TO stg_app", denied},
		"production's password":                        {"stg_app", "app_stg", "ALTER ROLE prod_app PASSWORD 'x'", denied},
		"a role of its own":                            {"stg_app", "app_stg", "CREATE ROLE more LOGIN", denied},
		"a database of its own":                        {"stg_app", "app_stg", "CREATE DATABASE more", denied},
		"another connection limit":                     {"stg_app", "app_stg", "ALTER ROLE stg_app CONNECTION LIMIT -1", denied},
		"a file of the server":                         {"stg_app", "app_stg", "SELECT pg_read_file('PG_VERSION')", denied},
		"a program on the server":                      {"stg_app", "app_stg", "COPY (SELECT 1) TO PROGRAM 'cat'", denied},
		"schema public":                                {"stg_app", "app_stg", "CREATE TABLE public.t (i int)", denied},
		"an extension":                                 {"stg_app", "app_stg", "CREATE EXTENSION dblink", denied},
		"the passwords of roles":                       {"stg_app", "app_stg", "SELECT rolpassword FROM pg_authid", denied},
		"ending production's sessions":                 {"stg_app", "app_stg", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres' AND pid <> pg_backend_pid()", denied},
		"its own table":                                {"stg_app", "app_stg", "CREATE TABLE mine (i int); DROP TABLE app.mine", ""},
		"its own session limits, which are no limits":  {"stg_app", "app_stg", "SET statement_timeout = 0; SET work_mem = '1GB'", ""},

		"a table of production in the shared database": {"in_app", "shared", "SELECT * FROM prod.orders", denied},
		"its sequence":                       {"in_app", "shared", "SELECT nextval((SELECT oid FROM pg_class WHERE relname = 'numbers')::regclass)", denied},
		"its function":                       {"in_app", "shared", "SELECT prod.card()", denied},
		"its schema":                         {"in_app", "shared", "CREATE TABLE prod.t (i int)", denied},
		"a schema named as production's":     {"in_app", "shared", "CREATE SCHEMA prod_app", denied},
		"its large object":                   {"in_app", "shared", "SELECT lo_get(4999)", denied},
		"a temporary table beside":           {"in_app", "shared", "CREATE TEMP TABLE t (i int)", denied},
		"connecting to production's, beside": {"in_app", "app_prod", "SELECT 1", denied},
		"its own table beside production's":  {"in_app", "shared", "CREATE TABLE mine (i int); DROP TABLE stg.mine", ""},
		"the source of a function of production, which the recipe says is open": {"in_app", "shared", "DO $$ BEGIN ASSERT (SELECT prosrc FROM pg_proc WHERE proname = 'card') LIKE '%orders%'; END $$", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := s.try(t, tt.role, tt.database, tt.text); got != tt.want {
				t.Errorf("%s: %q, want %q", tt.text, got, tt.want)
			}
		})
	}
	s.do(t, "shared", "SELECT lo_unlink(4999)")
}
