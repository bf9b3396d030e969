// SPDX-License-Identifier: Apache-2.0

// Package live takes a snapshot of a PostgreSQL server for package
// [github.com/watertight-go/watertight/identity/postgres], and applies its recipes.
//
// [Snapshot] connects to each database in turn and reads its catalogs in a read-only
// transaction with time limits. It needs no superuser: any role that may connect to the
// databases will do, and what it may not see is marked as not read. [Apply] runs a recipe
// statement by statement and stops at the first surprise.
//
// The connection is the caller's matter: both take a configuration of pgx, which knows of
// TLS, sockets and the dialers of Cloud SQL and AlloyDB.
package live
