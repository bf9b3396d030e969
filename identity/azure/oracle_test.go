// SPDX-License-Identifier: Apache-2.0

package azure_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/azure"
)

// How much staging can be an identity.
const (
	never = iota
	perhaps
	certainly
)

// byHand answers by going round as often as a path may have steps, credential by credential.
func byHand(identities []azure.Identity) bulkhead.Verdict {
	can := make(map[string]int)
	for range identities { // the longest path has each identity once
		for _, id := range identities {
			if id.Incomplete {
				can[id.Name] = max(can[id.Name], perhaps)
			}
			for _, c := range id.Credentials {
				can[id.Name] = max(can[id.Name], admitted(c, identities, can))
			}
		}
	}
	return map[int]bulkhead.Verdict{never: bulkhead.Sealed, perhaps: bulkhead.Undetermined, certainly: bulkhead.Breached}[can["prod"]]
}

func admitted(c azure.Credential, identities []azure.Identity, can map[string]int) int {
	switch c.Issuer {
	case binding, strings.TrimSuffix(issuer, "/"):
		return perhaps
	case entra:
		for _, id := range identities {
			if strings.EqualFold(id.PrincipalID, c.Subject) {
				return can[id.Name]
			}
		}
		return perhaps
	case issuer:
		if c.ClaimsMatchingExpression != "" {
			return perhaps
		}
		if strings.HasPrefix(c.Subject, "system:serviceaccount:staging:") {
			return certainly
		}
	}
	return never
}

func TestNoAccessIsAsByHand(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := identities().Draw(t, "identities")
		if got, want := bulkhead.Must(azure.NoAccess(all, boundary())), byHand(all); got.Verdict != want {
			t.Fatalf("%v, want %v", got, want)
		}
	})
}
