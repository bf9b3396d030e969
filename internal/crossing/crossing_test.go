// SPDX-License-Identifier: Apache-2.0

package crossing_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/crossing"
)

func edge(to string, missing ...string) crossing.Edge {
	return crossing.Edge{Rule: "x/" + to, To: to, Hops: []bulkhead.Hop{{Text: to}}, Missing: missing}
}

// A certain path counts before a shorter one that is not; what lies behind something
// missing lacks it too; and a circle has an end.
func TestProve(t *testing.T) {
	search := func(namespace string) crossing.Search {
		if namespace == "idle" {
			return crossing.Search{Next: func(string, bool, bool) []crossing.Edge { t.Error("nothing was reached"); return nil }}
		}
		return crossing.Search{
			Direct: []crossing.Edge{edge("a"), edge("far", "whether far"), edge("door", "who has the key")},
			Next: func(at string, _, _ bool) []crossing.Edge {
				return map[string][]crossing.Edge{"a": {edge("b"), edge("a")}, "b": {edge("far"), edge("a")}, "door": {edge("room"), edge("door")}}[at]
			},
		}
	}
	got := crossing.Prove([]string{"staging", "idle", "staging"}, []string{"room", "far", "nowhere"}, search, "what the caller lacks")
	want := bulkhead.Proof{
		Verdict:  bulkhead.Breached,
		Breaches: []bulkhead.Breach{{Rule: "x/far", Path: []bulkhead.Hop{{Text: "a"}, {Text: "b"}, {Text: "far"}}}},
		Missing:  []string{"what the caller lacks", "who has the key"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("proof (-want +got):\n%s", diff)
	}
}

// Next is told whether staging certainly is the identity.
func TestProveTellsWhatIsCertain(t *testing.T) {
	var got []string
	crossing.Prove([]string{"staging"}, []string{"a"}, func(string) crossing.Search {
		return crossing.Search{
			Direct: []crossing.Edge{edge("a"), edge("b", "whether b")},
			Next: func(at string, all, certain bool) []crossing.Edge {
				got = append(got, map[bool]string{true: "all ", false: ""}[all]+map[bool]string{true: "certain ", false: "possible "}[certain]+at)
				return nil
			},
		}
	})
	if diff := cmp.Diff([]string{"certain a", "all certain a", "all possible b"}, got); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
}
