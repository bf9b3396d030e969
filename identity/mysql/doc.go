// SPDX-License-Identifier: Apache-2.0

// Package mysql keeps staging apart from production on one server of MySQL or MariaDB,
// and proves that it is.
//
// A [Snapshot] is what a server says of who may do what, as plain data without a
// password or a hash; package live below this one reads it. [Snapshot.NoAccess] proves
// that nobody of staging can act on production's databases or as one of its users, or
// returns the path, and the statement that closes it:
//
//	snapshot, err := mysql.ReadSnapshot("snapshot.json", file)
//	proof, err := snapshot.NoAccess(mysql.Boundary{
//		From: []string{"shop_stg"},
//		Away: mysql.Side{Databases: []string{"shop_prod"}, Users: []string{"shop_prod"}},
//	})
//
// It knows what the servers make of grants, and what is easily missed: that _ and % are
// wildcards in the name of a database, that a grant to one account of a name is one to
// the others, that any role may be switched on, that everybody has PUBLIC, and what runs
// with the rights of its definer. [Snapshot.Allows] answers single questions as the
// server would. [Snapshot.Lint] finds what weakens the boundary without breaching it, and
// [Snapshot.Recipe] writes the statements that make staging, tight, to be reviewed and
// run by package live.
//
// Facts in comments that name no source were tried on MySQL 9.7 and MariaDB 10.11, as
// were all that do: the two differ, and [Server].Product says which is meant. The package
// talks to nobody.
package mysql
