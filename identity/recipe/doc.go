// SPDX-License-Identifier: Apache-2.0

// Package recipe describes changes to a database server as statements that people
// review before anybody runs them, and runs them one by one, up to the first surprise.
//
// Packages identity/postgres and identity/mysql write the statements; the live package
// below each gives [Run] a [Session]. Nothing here knows a database.
package recipe
