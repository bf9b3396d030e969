// SPDX-License-Identifier: Apache-2.0

package dataclone

// rows judges whether a clone has the rows that its source has at the plan's time, and
// whether BigQuery lets them be read.
func (j *judge) rows(s *Step, t *Table) {
	j.buffer(s, t)
	if t.MaxStaleness != "" && t.Type == StandardTable {
		j.warn(CDCTable, t.Ref.object(), "maxStaleness", "raise max_staleness if BigQuery refuses the clone",
			"may take changes by upsert, and cannot be cloned while BigQuery merges them as it reads")
	}
	if !s.readsPast() {
		return
	}
	switch {
	case t.Type != StandardTable:
	case t.Policies == nil:
		j.missing(t, "rowAccessPolicies", "the row access policies were not read, so whether they can be read at a past time is not known")
	case len(t.Policies.Policies) > 0 && !t.Policies.TimeTravel:
		j.fail(RLSTimeTravel, t.Ref.object(), "rowAccessPolicies", "grant bigquery.rowAccessPolicies.overrideTimeTravelRestrictions to whoever runs the plan, or exclude it",
			"has row access policies, so it can be read at a past time only with a permission that is not known to be there")
	}
}

// buffer judges rows that are in the streaming buffer. What was written there before
// the oldest row that is in it now has left it.
func (j *judge) buffer(s *Step, t *Table) {
	b := t.Buffer
	if b == nil || s.readsPast() && !b.Oldest.IsZero() && j.plan.AsOf.Before(b.Oldest) {
		return
	}
	j.warn(StreamingBufferExcluded, t.Ref.object(), "streamingBuffer", "plan again when they have left the buffer, if they matter",
		"about %d rows are in the streaming buffer, and a clone has none of those", b.Rows)
}
