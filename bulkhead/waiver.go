// SPDX-License-Identifier: Apache-2.0

package bulkhead

import "strings"

// Rule IDs of the findings that [Findings.Waive] makes. No [Rule] has them;
// docs/waivers.md is their page.
const (
	// UnusedWaiver is a waiver that matched no finding: the problem is gone, or
	// the waiver names the wrong rule or object.
	UnusedWaiver = "bulkhead/unused-waiver"
	// WaiverWithoutReason is a waiver that says no reason; it waives nothing.
	WaiverWithoutReason = "bulkhead/waiver-without-reason"
)

// A Waiver sets aside the findings of one rule about one object, for a reason
// that somebody has written down.
type Waiver struct {
	Rule   string // ID of the rule
	Object Ref
	Reason string // required: who accepted this, and why; blanks alone are no reason
}

// Waive returns the findings that no waiver covers. Each waiver that covers none
// is reported as a [Warning] of [UnusedWaiver], so that waivers do not outlive
// what they were written for. A waiver without a reason waives nothing and is
// reported as an [Error] of [WaiverWithoutReason]. The result is sorted.
func (fs Findings) Waive(waivers ...Waiver) Findings {
	type key struct {
		rule   string
		object Ref
	}
	used := make(map[key]bool, len(waivers))
	for _, w := range waivers {
		if w.reasoned() {
			used[key{w.Rule, w.Object}] = false
		}
	}
	var out Findings
	for _, f := range fs {
		k := key{f.Rule, f.Object}
		if _, waived := used[k]; waived {
			used[k] = true
			continue
		}
		out = append(out, f)
	}
	for _, w := range waivers {
		switch {
		case !w.reasoned():
			out = append(out, Finding{
				Rule: WaiverWithoutReason, Severity: Error, Object: w.Object,
				Message: "the waiver of " + w.Rule + " gives no reason and waives nothing",
				Fix:     "write down who accepts the finding and why",
			})
		case !used[key{w.Rule, w.Object}]:
			out = append(out, Finding{
				Rule: UnusedWaiver, Severity: Warning, Object: w.Object,
				Message: "the waiver of " + w.Rule + " covers no finding",
				Fix:     "remove the waiver",
			})
		}
	}
	return out.Sorted()
}

func (w Waiver) reasoned() bool { return strings.TrimSpace(w.Reason) != "" }
