// SPDX-License-Identifier: Apache-2.0

package dataclone

import (
	"slices"
	"time"
)

// Limits ("Quotas and limits": Table clones, Table snapshots, Copy jobs).
const (
	mostChain          = 3       // clones of clones, and snapshots among them
	mostClones         = 1000    // clones and snapshots of a table at a time
	mostJobs           = 100_000 // that copy, of a project in a day
	mostSnapshots      = 50_000  // of a project in a day
	mostTableSnapshots = 50      // of a table in a day
)

// nearly is the share of a limit, in hundredths, from which on there is a warning.
const nearly = 80

// limits judges what the plan adds to what counts against a limit.
func (j *judge) limits() {
	made, snapshots := j.added()
	j.perDay("clones and snapshots", made.total, mostJobs)
	j.perDay("snapshots", snapshots.total, mostSnapshots)
	live, today := j.live()
	for _, t := range made.tables() {
		j.clones(t, live[t], made.of[t])
	}
	for _, t := range snapshots.tables() {
		if n := today[t] + snapshots.of[t]; n > mostTableSnapshots {
			j.fail(QuotaBudget, t.object(), "snapshotDefinition", "wait for a day, or make clones",
				"would have %d snapshots of one day, of at most %d", n, mostTableSnapshots)
		}
	}
}

// A tally counts what is made, in all and of each table.
type tally struct {
	total int
	of    map[TableRef]int
}

func (c *tally) tables() []TableRef {
	out := make([]TableRef, 0, len(c.of))
	for t := range c.of {
		out = append(out, t)
	}
	slices.SortFunc(out, TableRef.Compare)
	return out
}

// added counts what the steps make. A clone counts for its source and for what the
// source is a clone of. Chains that get too deep are found on the way.
func (j *judge) added() (made, snapshots tally) {
	made.of, snapshots.of = map[TableRef]int{}, map[TableRef]int{}
	for _, s := range j.plan.Steps {
		if !s.copies() {
			continue
		}
		made.total++
		if s.Kind == SnapshotOf {
			snapshots.total++
			snapshots.of[s.Source]++
		}
		if s.Kind == UndeleteTable {
			continue // a whole copy
		}
		made.of[s.Source]++
		if t := j.table(s.Source); t != nil {
			j.chain(t)
			for _, b := range ancestors(t) {
				made.of[b]++
			}
		}
	}
	return made, snapshots
}

// ancestors are the tables that t is a clone of. More than BigQuery allows are noise.
func ancestors(t *Table) []TableRef {
	var out []TableRef
	for _, b := range t.Bases[:min(len(t.Bases), mostChain+1)] {
		if b.Table != t.Ref && !slices.Contains(out, b.Table) {
			out = append(out, b.Table)
		}
	}
	return out
}

// chain judges how deep a clone of t would be.
func (j *judge) chain(t *Table) {
	depth := len(t.Bases) + 1
	if t.Cut {
		depth++
	}
	switch {
	case depth > mostChain:
		j.fail(ChainTooDeep, t.Ref.object(), "cloneDefinition", "clone what it is a clone of, or copy it",
			"its clone would be number %d in a chain of clones and snapshots, of at most %d", depth, mostChain)
	case t.Cut:
		j.missing(t, "cloneDefinition", "what they are clones of could not be read to the end, so whether a clone of them is one too many is not known")
	}
}

// live counts the clones and snapshots in the catalog that have not expired, for each
// table that they come from; and the snapshots of the last day.
func (j *judge) live() (clones, today map[TableRef]int) {
	clones, today = map[TableRef]int{}, map[TableRef]int{}
	for _, t := range j.knowledge.tables {
		if len(t.Bases) == 0 {
			continue
		}
		if t.Type == SnapshotTable && t.Created.After(j.now.Add(-24*time.Hour)) {
			today[t.Bases[0].Table]++
		}
		if t.Expires.IsZero() || t.Expires.After(j.now) {
			for _, b := range ancestors(t) {
				clones[b]++
			}
		}
	}
	return clones, today
}

func (j *judge) clones(t TableRef, live, more int) {
	const fix = "drop clones that nobody needs, or shorten their TTL"
	switch n := live + more; {
	case n > mostClones:
		j.fail(TooManyClones, t.object(), "", fix, "would have %d clones and snapshots, of at most %d", n, mostClones)
	case n*100 >= mostClones*nearly:
		j.warn(TooManyClones, t.object(), "", fix, "would have %d clones and snapshots, of at most %d", n, mostClones)
	}
}

// perDay judges a quota of the project that runs the plan.
func (j *judge) perDay(what string, n, most int) {
	const fix = "select fewer tables, or plan them for several days"
	object := j.draft.request.object()
	switch {
	case n > most:
		j.fail(QuotaBudget, object, "steps", fix, "the plan makes %d %s, of at most %d of a project in a day", n, what, most)
	case n*100 >= most*nearly:
		j.warn(QuotaBudget, object, "steps", fix, "the plan makes %d %s, of at most %d of a project in a day, of which some may be spent", n, what, most)
	}
}
