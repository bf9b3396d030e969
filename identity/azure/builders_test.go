// SPDX-License-Identifier: Apache-2.0

package azure_test

import (
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/azure"
)

// What Federate grants to an account of production, its namespace can be, and no other.
func TestFederateGrantsToOneNamespace(t *testing.T) {
	const id = "01234567-89ab-cdef-0123-456789abcdef"
	federated := bulkhead.Must(identity.Federate(identity.Account("prod", "backend"), id, id, issuer))
	identities := prod(azure.Credential{Name: "backend", FederatedCredential: federated.Credential})
	for namespace, want := range map[string]bulkhead.Verdict{"prod": bulkhead.Breached, "staging": bulkhead.Sealed} {
		b := boundary()
		b.From = []string{namespace}
		if proof := bulkhead.Must(azure.NoAccess(identities, b)); proof.Verdict != want {
			t.Errorf("from %s: %v, want %v", namespace, proof, want)
		}
	}
}
