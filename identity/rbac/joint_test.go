// SPDX-License-Identifier: Apache-2.0

package rbac_test

import (
	"slices"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/rbac"
)

// Two rights of one user meet whichever of its names and groups has which, and whether
// a namespace or all have them.
func TestRightsThatMeet(t *testing.T) {
	const makes, binds = "create rolebindings.rbac.authorization.k8s.io", "bind clusterroles.rbac.authorization.k8s.io"
	const escalates, changes = "escalate roles.rbac.authorization.k8s.io", "update roles.rbac.authorization.k8s.io"
	asDeployer := given("tools/deployer", "get secrets", "prod")
	toGroup := func(name, rules, where string) []bulkhead.Object {
		role := given("x/"+name, rules, where)[0]
		return []bulkhead.Object{role, to(role.GetName(), where, group("system:serviceaccounts:staging"))}
	}
	reader := custom(t, `{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: reader, namespace: tools}}`)
	bound := custom(t, `{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: reader, namespace: tools},
		roleRef: {kind: Role, name: reader}, subjects: [{kind: ServiceAccount, name: default, namespace: staging}]}`)
	for name, tt := range map[string]struct {
		objs []bulkhead.Object
		want string
	}{
		"the name makes, the group binds":      {slices.Concat(given("staging/app", makes, "tools"), toGroup("g", binds, "tools")), "Breached " + rbac.ReadsSecrets},
		"the group makes, the name binds":      {slices.Concat(given("staging/app", binds, "tools"), toGroup("g", makes, "tools")), "Breached " + rbac.ReadsSecrets},
		"two accounts have one each":           {slices.Concat(given("staging/app", binds, "tools"), given("staging/default", makes, "tools")), "Sealed"},
		"one here and one there":               {slices.Concat(given("staging/app", makes, "tools"), toGroup("g", binds, "other")), "Sealed"},
		"it makes here and binds everywhere":   {slices.Concat(given("staging/app", makes, "tools"), toGroup("g", binds, "")), "Breached " + rbac.ReadsSecrets},
		"it escalates everywhere, and changes": {slices.Concat(given("staging/app", escalates, ""), toGroup("g", changes, "tools"), []bulkhead.Object{reader, bound}), "Breached " + rbac.ReadsSecrets},
	} {
		if got := answer(prove(t, slices.Concat(base(), asDeployer, tt.objs), known())); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}
