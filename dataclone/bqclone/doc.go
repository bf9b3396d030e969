// SPDX-License-Identifier: Apache-2.0

// Package bqclone reads what BigQuery has, runs the plans of package dataclone, and
// verifies, undoes and drops what they made.
//
// A [Client] is made like every client of Google Cloud, from options of package
// option, and has limits of its own: calls at once, calls a second and method,
// attempts a call. [Client.Read] makes the catalog that a plan is made of.
// [Client.Run] runs a plan that somebody approved by its hash. A run may be cut off
// at any time and started again: each step has a job whose name is derived from the
// plan, so that BigQuery itself refuses to do it twice.
//
// Nothing of the sources is ever written. Before each write the destination's dataset
// is read again; one that is protected, that is read by the plan, or that is in
// another place than the plan says, ends the run. [Client.Undo] and [Client.Drop]
// delete only what carries the marks of a plan, and read it again before they do.
//
// The package talks to the REST API, version 2, through google.golang.org/api/bigquery/v2.
// It does without cloud.google.com/go/bigquery, which waits without an end for a job
// that failed with one of the reasons it retries, and knows neither row access
// policies nor the kinds of datasets (v1.86.2: job.go, waitForQuery; dataset.go).
package bqclone
