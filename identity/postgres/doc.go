// SPDX-License-Identifier: Apache-2.0

// Package postgres separates staging from production inside one PostgreSQL server, and
// proves from a snapshot of its catalogs that nobody of staging can act on production.
//
// [Snapshot.NoAccess] works out whom the roles of staging can become, what they have by
// grants, by ownership, as everybody has, and through functions, views, triggers, search
// paths, default privileges, foreign servers and large objects, in each database that they
// may connect to. It follows the rules of the version: before PostgreSQL 16 every member
// may become the role, and CREATEROLE grants itself anything; since then each membership
// has options.
//
//	snapshot, err := live.Snapshot(ctx, config) // or ReadSnapshot("prod.json", file)
//	proof, err := snapshot.NoAccess(postgres.Boundary{
//		From: []string{"stg_app"},
//		Away: postgres.Production{Roles: []string{"prod_owner", "prod_app"}, Databases: []string{"app_prod"}},
//	})
//
// [Snapshot.SeparateDatabase] and [Snapshot.SeparateSchema] write the statements that make
// a place for staging and close the rest to it, without taking anything from production:
// who has something because everybody has it is granted that first. Passwords appear as
// verifiers ([Scram]), and only to the server.
//
// The package talks to nobody; package live does. A Ref of this package has the
// Group postgresql.org, and in a database its name as Namespace.
package postgres
