// SPDX-License-Identifier: Apache-2.0

package bulkheadtest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// TB is the part of [testing.TB] that the helpers need. A *testing.T is one, and
// so is a type of a few lines that records failures.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
}

// NoFindings fails the test if there are findings of any severity, and lists
// each in full.
func NoFindings(t TB, findings bulkhead.Findings) {
	t.Helper()
	if len(findings) == 0 {
		return
	}
	var b strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&b, "\n  %s", f)
	}
	t.Errorf("findings: want none, got %d:%s", len(findings), b.String())
}

// WantFindings fails the test unless the findings are exactly those wanted, in
// any order. Each want is the ID of a rule and the field, with a blank between,
// such as "netpol/open-to-world spec.ingress[0].from"; for a finding about a whole
// object it is the ID alone. Severity, object and wording are not compared. What
// is found in two objects is wanted twice.
//
// The failure lists every want that was not found, and in full every finding that
// was not wanted.
func WantFindings(t TB, findings bulkhead.Findings, want ...string) {
	t.Helper()
	found := map[string]bulkhead.Findings{}
	for _, f := range findings {
		found[keyOf(f)] = append(found[keyOf(f)], f)
	}
	wanted := map[string]int{}
	for _, key := range want {
		wanted[key]++
	}

	keys := slices.AppendSeq(slices.Collect(maps.Keys(found)), maps.Keys(wanted))
	slices.Sort(keys)
	var b strings.Builder
	for _, key := range slices.Compact(keys) {
		if wanted[key] == len(found[key]) {
			continue
		}
		fmt.Fprintf(&b, "\n  %s: want %d, got %d", printable(key), wanted[key], len(found[key]))
		for _, f := range found[key] {
			fmt.Fprintf(&b, "\n    %s", f)
		}
	}
	if b.Len() > 0 {
		t.Errorf("findings differ:%s", b.String())
	}
}

// keyOf is what a finding is matched by.
func keyOf(f bulkhead.Finding) string {
	if f.Field == "" {
		return f.Rule
	}
	return f.Rule + " " + f.Field
}
