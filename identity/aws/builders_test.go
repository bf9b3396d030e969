// SPDX-License-Identifier: Apache-2.0

package aws_test

import (
	"encoding/json"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/aws"
)

// What the builders grant to an account of production, its namespace can have, and no
// other.
func TestBuildersGrantToOneNamespace(t *testing.T) {
	account := identity.Account("prod", "backend")
	associated := bulkhead.Must(identity.AssociateRole(account, prod, cluster))
	association := string(bulkhead.Must(json.Marshal(associated.Association)))
	for name, s := range map[string]setting{
		"AssumeRole":    {statements: []string{marshal(bulkhead.Must(identity.AssumeRole(account, prod, issuer)).Trust)}},
		"AssociateRole": {statements: []string{marshal(associated.Trust)}, associations: []string{`{"association": ` + association + `}`}},
	} {
		for namespace, want := range map[string]bulkhead.Verdict{"prod": bulkhead.Breached, "staging": bulkhead.Sealed, "prod-staging": bulkhead.Sealed} {
			b := boundary()
			b.From = []string{namespace}
			if proof := bulkhead.Must(aws.NoAssumption(s.evidence(t), b)); proof.Verdict != want {
				t.Errorf("%s, from %s: %v, want %v", name, namespace, proof, want)
			}
		}
		if found := aws.Lint(s.evidence(t).Roles); found != nil {
			t.Errorf("%s: %v", name, found)
		}
	}
}

func marshal(s identity.TrustStatement) string { return string(bulkhead.Must(json.Marshal(s))) }
