// SPDX-License-Identifier: Apache-2.0

package gcp_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
)

// The proof lies between what staging can at worst and at best.
func TestBetweenWorstAndBest(t *testing.T) {
	seen := make(map[bulkhead.Verdict]int)
	rapid.Check(t, func(t *rapid.T) {
		w := random(t)
		if w.Conditions == nil || w.Groups == nil || w.Roles == nil || len(w.Roles) < len(roles()) {
			return // a hole that the oracle knows nothing of
		}
		for name := range parents() {
			if r := w.at(name); r.Policy == nil && slices.Contains(policyNames(), name) && name != prodSet {
				return
			}
		}
		for _, name := range []string{folder, shared, prodData} { // it knows where they are, and their numbers
			if len(w.at(name).Ancestors) == 0 || name != folder && w.at(name).Number == 0 {
				return
			}
		}
		if w.at(prodSet).Dataset == nil || w.at(cluster).Cluster == nil {
			return
		}
		got := rapidProof(t, w)
		seen[got.Verdict]++
		certain := (&oracle{world: w}).breached()
		possible := (&oracle{world: w, perhaps: true}).breached()
		switch {
		case certain && got.Verdict != bulkhead.Breached:
			t.Fatalf("staging certainly gets across, and the proof says %v\n%s", got.Verdict, show(got))
		case possible && got.Verdict == bulkhead.Sealed:
			t.Fatalf("staging may get across, and the proof says Sealed")
		case !possible && got.Verdict == bulkhead.Breached:
			t.Fatalf("staging does not get across, and the proof says Breached\n%s", show(got))
		}
	})
	if len(seen) < 3 && !testing.Short() {
		t.Errorf("the worlds had only the verdicts %v", seen)
	}
}
