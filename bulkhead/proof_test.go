// SPDX-License-Identifier: Apache-2.0

package bulkhead_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/bulkhead"
)

func TestProofIsOnlySealedWhenNothingSpeaksAgainstIt(t *testing.T) {
	breach := []bulkhead.Breach{{Rule: "rbac/reads-secrets"}}
	missing := []string{"the role reader"}
	tests := map[string]struct {
		breaches []bulkhead.Breach
		missing  []string
		want     bulkhead.Verdict
	}{
		"nothing":                     {nil, nil, bulkhead.Sealed},
		"a breach":                    {breach, nil, bulkhead.Breached},
		"something missing":           {nil, missing, bulkhead.Undetermined},
		"a breach and something else": {breach, missing, bulkhead.Breached},
	}
	for name, tt := range tests {
		if got := bulkhead.NewProof(tt.breaches, tt.missing).Verdict; got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
	if (bulkhead.Proof{}).Verdict != bulkhead.Undetermined {
		t.Error("a proof that nobody made passes for one")
	}
}

func TestProofPrintsItself(t *testing.T) {
	role := bulkhead.Ref{Kind: "Role", Namespace: "prod", Name: "reader"}
	proof := bulkhead.NewProof([]bulkhead.Breach{
		{
			Rule:   "rbac/reads-secrets",
			Path:   []bulkhead.Hop{{Object: role, Field: "rules[0]", Text: "gets secrets"}, {Object: role, Text: "is bound\nmissing: nothing"}},
			Change: bulkhead.Change{Object: role, Field: "rules[0]", Text: "remove the rule"},
		},
		{Rule: "rbac/admin"},
	}, []string{"the role \x1b[31mother", "more"})
	const want = `Breached
rbac/reads-secrets
  Role/prod/reader rules[0]: gets secrets
  Role/prod/reader: is bound\nmissing: nothing
  to close it: Role/prod/reader rules[0]: remove the rule
rbac/admin
missing: the role \x1b[31mother
missing: more`
	if diff := cmp.Diff(want, proof.String()); diff != "" {
		t.Errorf("proof (-want +got):\n%s", diff)
	}
	if got := bulkhead.NewProof(nil, nil).String(); got != "Sealed" {
		t.Errorf("a proof without breaches is %q", got)
	}
}
