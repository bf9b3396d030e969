// SPDX-License-Identifier: Apache-2.0

package gcp_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/gcp"
)

// A change of the world, and the verdict before and after it.
type edited struct {
	given  func(*world) // nil: the sealed world
	before bulkhead.Verdict
	edit   func(*world)
	after  bulkhead.Verdict
	rule   string // of a breach, after
	lacks  string // in what is missing, after
}

// run holds the verdicts, and that every change which a breach names closes it.
func run(t *testing.T, cases map[string]edited) {
	t.Helper()
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			w := sealed()
			if tt.given != nil {
				tt.given(w)
			}
			if got := w.prove(t); got.Verdict != tt.before {
				t.Fatalf("before: %v, want %v\n%s", got.Verdict, tt.before, show(got))
			}
			tt.edit(w)
			got := w.prove(t)
			if got.Verdict != tt.after {
				t.Fatalf("after: %v, want %v\n%s", got.Verdict, tt.after, show(got))
			}
			if tt.rule != "" && !slices.ContainsFunc(got.Breaches, func(b bulkhead.Breach) bool { return b.Rule == tt.rule }) {
				t.Errorf("no breach of %s\n%s", tt.rule, show(got))
			}
			if tt.lacks != "" && !strings.Contains(strings.Join(got.Missing, "\n"), tt.lacks) {
				t.Errorf("%q is not missing\n%s", tt.lacks, show(got))
			}
			closeAll(t, w, got)
		})
	}
}

// closeAll makes the changes of a proof one by one, and asks again after each.
func closeAll(t *testing.T, w *world, proof gcp.Proof) {
	t.Helper()
	for range 50 {
		if len(proof.Breaches) == 0 {
			return
		}
		b := proof.Breaches[0]
		if len(b.Path) == 0 || b.Change.Text == "" || b.Rule == "" {
			t.Fatalf("the breach %+v says too little", b)
		}
		w.without(t, b.Change)
		proof = w.prove(t)
		if slices.ContainsFunc(proof.Breaches, func(other bulkhead.Breach) bool { return slices.Equal(other.Path, b.Path) }) {
			t.Fatalf("the change %+v leaves the path open\n%s", b.Change, show(proof))
		}
	}
	t.Fatalf("50 changes leave breaches\n%s", show(proof))
}

func show(p gcp.Proof) string {
	var b strings.Builder
	for _, breach := range p.Breaches {
		b.WriteString(breach.Rule + ":\n")
		for _, hop := range breach.Path {
			b.WriteString("  " + hop.Object.String() + " " + hop.Field + " " + hop.Text + "\n")
		}
		b.WriteString("  change " + breach.Change.Object.String() + " " + breach.Change.Field + " " + breach.Change.Text + "\n")
	}
	for _, missing := range p.Missing {
		b.WriteString("missing: " + missing + "\n")
	}
	return b.String()
}
