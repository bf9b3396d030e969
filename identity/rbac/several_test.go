// SPDX-License-Identifier: Apache-2.0

package rbac_test

import (
	"slices"
	"testing"

	"github.com/watertight-go/watertight/identity/rbac"
)

// One right of a rule does not hide another: of each resource the binding's scope says
// whether it is given.
func TestRulesOfSeveralResources(t *testing.T) {
	for name, tt := range map[string]struct{ rules, where, want string }{
		"a resource in no namespace beside one in it": {"patch nodes,widgets.example.com", "prod", "Breached " + rbac.ChangesObjects},
		"several in none, and one in a namespace":     {"update storageclasses.storage.k8s.io,csidrivers.storage.k8s.io,csistoragecapacities.storage.k8s.io", "prod", "Breached " + rbac.ChangesObjects},
		"only the one in no namespace":                {"patch nodes", "prod", "Sealed"},
		"a resource of another namespace beside":      {"patch configmaps,widgets.example.com named coredns", "prod", "Breached " + rbac.ChangesConfigMaps},
		"one that leads nowhere under its names":      {"approve,update signers.certificates.k8s.io,storageclasses.storage.k8s.io named fast", "", "Breached " + rbac.ChangesCluster},
		"reading one and changing nothing":            {"get services,nodes", "prod", "Sealed"},
		"questions about rights beside":               {"create selfsubjectaccessreviews.authorization.k8s.io,tokenreviews.authentication.k8s.io", "", "Sealed"},
		"questions, and something else":               {"create selfsubjectaccessreviews.authorization.k8s.io,ipaddresses.networking.k8s.io", "", "Breached " + rbac.ChangesCluster},
	} {
		if got := answer(prove(t, slices.Concat(base(), given("staging/app", tt.rules, tt.where)), known())); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}
