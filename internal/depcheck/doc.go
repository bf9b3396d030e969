// SPDX-License-Identifier: Apache-2.0

// Package depcheck pins what each package of this module may import, and how
// much an importer compiles. It has no code: its tests read the import graph from
// go list and hold it against one table.
//
// Imports of tests are not judged, with one exception: internal/ruletest serves
// external test packages only. Files that are not built for the platform of the
// run are not seen.
//
// Go caches a passing test, and does not know that this one reads the whole
// module. To judge a change, run it with go test -count=1 ./internal/depcheck.
package depcheck
