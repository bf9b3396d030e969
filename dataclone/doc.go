// SPDX-License-Identifier: Apache-2.0

// Package dataclone plans zero-copy clones of production's BigQuery data for staging.
//
// BigQuery clones a table in a moment and stores nothing for it until the clone or the
// table changes. It has no clone of a dataset: this package plans one. All tables are
// read at one time; views and routines are made again and name the clones; what cannot
// be cloned is named; and nothing that the plan reads, or that is protected, is ever
// written.
//
// A [Catalog] is what BigQuery said. [PlanDataset] makes of it a [Plan]: plain data
// with a hash, to read, to keep and to approve. Its findings say what is wrong with it.
// Nothing here calls anybody: package bqclone reads the catalog and runs the plan.
package dataclone
