// SPDX-License-Identifier: Apache-2.0

package postgres_test

import (
	"fmt"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/postgres"
)

// A second user and a second database are no wall while everybody may connect to the first.
func ExampleSnapshot_NoAccess() {
	proof, err := naive().NoAccess(postgres.Boundary{
		From: []string{"stg_app"},
		Away: postgres.Production{Roles: []string{"prod_app"}, Databases: []string{"app_prod"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(proof.Verdict)
	for _, breach := range proof.Breaches {
		for _, hop := range breach.Path {
			fmt.Println(hop.Object, hop.Field, hop.Text)
		}
		fmt.Println(breach.Change.Text)
	}
	fmt.Println(proof.Missing)
	fmt.Println(proof.Findings[0].Message)
	// Output:
	// Breached
	// Database/app_prod grants[public] grants CONNECT to everybody
	// REVOKE CONNECT ON DATABASE "app_prod" FROM PUBLIC
	// [the contents of database app_prod, which stg_app may connect to]
	// stg_app may make temporary tables in app_prod, whose files are on the disk that all databases share
}

// What production has because everybody has it, it is granted before it is taken from
// everybody.
func ExampleSnapshot_SeparateDatabase() {
	recipe, err := naive().SeparateDatabase(postgres.Plan{
		Owner: "stg_owner", Users: []postgres.User{{Name: "stg_app", Connections: 5, Verifier: bulkhead.Must(postgres.Scram("from a vault"))}},
		Database: "app_stg", Connections: 10, Schema: "app",
		Away: postgres.Production{Roles: []string{"prod_app"}, Databases: []string{"app_prod"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, statement := range recipe.Statements {
		fmt.Println(statement)
	}
	// Output:
	// CREATE ROLE "stg_owner" NOLOGIN INHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT -1
	// CREATE ROLE "stg_app" LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 5 PASSWORD {secret}
	// GRANT "stg_owner" TO CURRENT_USER WITH INHERIT TRUE, SET TRUE
	// CREATE DATABASE "app_stg" OWNER "stg_owner" TEMPLATE template0 CONNECTION LIMIT 10
	// REVOKE ALL ON DATABASE "app_stg" FROM PUBLIC
	// GRANT CONNECT ON DATABASE "app_stg" TO "stg_app"
	// GRANT CONNECT ON DATABASE "app_prod" TO "prod_app"
	// GRANT TEMPORARY ON DATABASE "app_prod" TO "prod_app"
	// REVOKE CONNECT, TEMPORARY ON DATABASE "app_prod" FROM PUBLIC
	// REVOKE ALL ON SCHEMA public FROM PUBLIC
	// CREATE SCHEMA "app" AUTHORIZATION "stg_owner"
	// GRANT USAGE, CREATE ON SCHEMA "app" TO "stg_app"
	// ALTER DATABASE "app_stg" SET search_path = "app"
}

// naive is a server of PostgreSQL 18 with the privileges that it begins with.
func naive() *postgres.Snapshot {
	return &postgres.Snapshot{
		Kind: postgres.SnapshotKind, Version: 180006,
		Roles: []postgres.Role{
			{Name: "postgres", Superuser: true, Login: true, Inherit: true, ConnectionLimit: -1},
			{Name: "prod_app", Login: true, Inherit: true, ConnectionLimit: -1},
			{Name: "stg_app", Login: true, ConnectionLimit: 5},
		},
		Databases: []postgres.Database{{
			Name: "app_prod", Owner: "postgres", AllowConnections: true, ConnectionLimit: -1,
			Grants: []postgres.Grant{
				{Grantee: "postgres", Grantor: "postgres", Privileges: []string{"CONNECT", "CREATE", "TEMPORARY"}},
				{Grantee: postgres.Public, Grantor: "postgres", Privileges: []string{"CONNECT", "TEMPORARY"}},
			},
		}},
	}
}
