// SPDX-License-Identifier: Apache-2.0

package schedule

import (
	"cmp"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// A Statement is what a judgement is about.
type Statement string

// The statements. Each is judged Sealed where it holds, Breached where it does not.
const (
	// Outranks: the pods of a production workload have a higher priority than all
	// pods of staging.
	Outranks Statement = "outranks"
	// Preempts: on a full node they make room for themselves at staging's expense.
	Preempts Statement = "preempts"
	// Counted: the cluster autoscaler adds a node for the pods of a workload.
	Counted Statement = "counted"
	// Unclaimed: no pod of a staging namespace can have a priority class.
	Unclaimed Statement = "unclaimed"
	// EvictedLast: under memory pressure the kubelet evicts staging's pods before
	// those of a production workload.
	EvictedLast Statement = "evicted-last"
	// Apart: the pods of a production workload share no node with staging.
	Apart Statement = "apart"
	// WithinNodes: the requests that the quotas of all the namespaces allow fit on
	// the nodes together.
	WithinNodes Statement = "within-nodes"
)

// A Judgement is the answer to one statement about one object.
type Judgement struct {
	Statement Statement
	// Verdict is Sealed where the statement holds, Breached where it does not, and
	// Undetermined where the objects do not tell.
	Verdict bulkhead.Verdict
	Object  bulkhead.Ref
	Field   string // that the verdict rests on most
	Message string // why, without a final stop
	// Missing is the evidence that would decide; of a verdict that is not
	// Undetermined it is empty.
	Missing []string
}

// String gives one line: verdict, statement, object, field, message, and what is
// missing.
func (j Judgement) String() string {
	line := j.Verdict.String() + ": " + string(j.Statement) + ": " + j.Object.String() + " " + j.Field + ": " + j.Message
	if len(j.Missing) > 0 {
		line += "; missing: " + strings.Join(j.Missing, "; ")
	}
	return line
}

// Worst returns the worst verdict: Breached over Undetermined over Sealed. Of no
// judgements it is Undetermined.
func Worst(judgements []Judgement) bulkhead.Verdict {
	worst := bulkhead.Undetermined
	for i, j := range judgements {
		switch {
		case j.Verdict == bulkhead.Breached:
			return bulkhead.Breached
		case i == 0:
			worst = j.Verdict
		case j.Verdict == bulkhead.Undetermined:
			worst = bulkhead.Undetermined
		}
	}
	return worst
}

// undetermined turns a judgement into one that waits for evidence, if any is missing.
func (j Judgement) undetermined(missing ...string) Judgement {
	missing = slices.DeleteFunc(missing, func(s string) bool { return s == "" })
	if len(missing) == 0 {
		return j
	}
	slices.Sort(missing)
	j.Verdict, j.Missing = bulkhead.Undetermined, slices.Compact(missing)
	return j
}

// arranged sorts judgements, so that they do not depend on the order of the objects,
// and drops repetitions.
func arranged(js []Judgement) []Judgement {
	compare := func(a, b Judgement) int {
		return cmp.Or(a.Object.Compare(b.Object), cmp.Compare(a.Statement, b.Statement), cmp.Compare(a.Field, b.Field),
			cmp.Compare(a.Message, b.Message), cmp.Compare(a.Verdict, b.Verdict), slices.Compare(a.Missing, b.Missing))
	}
	slices.SortFunc(js, compare)
	return slices.CompactFunc(js, func(a, b Judgement) bool { return compare(a, b) == 0 })
}

// listed joins names for a sentence.
func listed(names []string) string { return strings.Join(names, ", ") }
