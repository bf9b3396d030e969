// SPDX-License-Identifier: Apache-2.0

// Package bqsim is a BigQuery in memory, for tests. The real client talks to it
// over HTTP: it speaks the REST API, version 2. A Server is made with New,
// filled through the API like any other, and asked afterwards what was written.
//
// What it has that a mock has not: tables are lists of immutable chunks of rows,
// one list for each time at which they changed. So a clone shares chunks and
// [Server.StoredBytes] stays as it was; FOR SYSTEM_TIME AS OF and "table@ms" read
// what the table showed at that time, within the window of its dataset; a
// deleted table comes back by a copy job. The clock moves by [Server.Advance]
// only, and what expires goes when it says so. Rows of tabledata.insertAll lie in
// the streaming buffer, and no clone has them, until [Server.Flush].
//
// # What it simulates
//
//   - Datasets, tables, views, materialized views, external tables, snapshots,
//     routines, models, row access policies: get, list, insert, patch, update and
//     delete, as far as the API has them, with etags, pages and "fields".
//   - Copy jobs: CLONE, SNAPSHOT, RESTORE and COPY of one table.
//   - Query jobs: CREATE TABLE and CREATE SNAPSHOT TABLE with CLONE, CREATE SCHEMA,
//     UNIX_MILLIS(CURRENT_TIMESTAMP()), COUNT(*) of a table, and a fingerprint of its
//     rows by FARM_FINGERPRINT of their JSON. Jobs have IDs that are taken once,
//     states, errors in their status, and take time if they are told to.
//   - Limits: chains of 3 clones and snapshots, 1,000 of one table, 50 snapshots of
//     a table and day, 100 snapshot jobs at once, requests a second.
//   - Permissions of principals, organizations, locations, faults.
//
// # What it does not
//
// It runs no SQL but the above. A dry run of another query tells which tables
// and routines the query refers to, by every path in it that names one: it may
// name too many, and knows neither the type of the result nor its cost. A path
// after a comma that names nothing is not noticed. A view of all or some columns of
// one table has their schema, another the one that its insert gave it; bodies of routines, predicates of row access policies and
// masking rules are kept and never run, so every reader sees every row and
// column. Partitions have metadata and do not expire. Encryption keys and quotas by
// day, other than that of snapshots, are not there.
// What is not simulated is answered with 501 notImplemented, or 400 invalidQuery
// for SQL, and a text that says so.
//
// Texts of errors are those of Google's documentation and issue trackers where
// they are known: times outside of a window, names that exist, names that do not,
// clones that would overwrite. The others say the same in other words. Where the
// documentation is silent, the server does the stricter thing: a table that was
// deleted and made again under its name has no past before that, and partitions
// of a clone expire as those of its source do.
package bqsim
