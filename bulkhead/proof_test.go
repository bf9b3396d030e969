// SPDX-License-Identifier: Apache-2.0

package bulkhead_test

import (
	"testing"

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
