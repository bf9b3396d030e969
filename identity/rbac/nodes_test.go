// SPDX-License-Identifier: Apache-2.0

package rbac_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/rbac"
)

func running(t *testing.T, kind, namespace, name, spec string) bulkhead.Object {
	return custom(t, `{apiVersion: apps/v1, kind: `+kind+`, metadata: {name: `+name+`, namespace: `+namespace+`}, spec: {template: {spec: {serviceAccountName: deployer, `+spec+`containers: []}}}}`)
}

// Who takes over a node has the tokens of all pods there; where others than those of
// DaemonSets run is not known.
func TestNodesThatAreTakenOver(t *testing.T) {
	asDeployer := given("tools/deployer", "get secrets", "prod")
	daemon := func(spec string) []bulkhead.Object {
		return append(asDeployer, running(t, "DaemonSet", "tools", "agent", spec))
	}
	deployment := append(asDeployer, running(t, "Deployment", "tools", "web", ""))
	together := slices.Concat(
		given("staging/app", "create secrets", "vault"), given("tools/deployer", "get secrets", "vault"), given("vault/keeper", "get secrets", "prod"),
		[]bulkhead.Object{running(t, "Deployment", "tools", "web", "")},
	)
	relabels := given("staging/app", "patch namespaces", "staging")
	for name, tt := range map[string]struct {
		level  string
		objs   []bulkhead.Object
		shared identity.Answer
		want   string
	}{
		"a DaemonSet":           {"privileged", daemon(""), identity.No, "Breached " + rbac.ReadsSecrets},
		"a DaemonSet for Linux": {"privileged", daemon("nodeSelector: {kubernetes.io/os: linux}, "), identity.No, "Breached " + rbac.ReadsSecrets},
		"one for some nodes":    {"privileged", daemon("nodeSelector: {pool: tools}, "), identity.No, "Undetermined whether pods of DaemonSet/tools/agent run on nodes that pods of namespace staging take over"},
		"a Deployment":          {"privileged", deployment, identity.No, "Undetermined whether pods of Deployment/tools/web run on nodes that pods of namespace staging take over"},
		"a Deployment, together with a right of staging": {"privileged", together, identity.No, "Undetermined whether pods of Deployment/tools/web run on nodes that pods of namespace staging take over"},
		"a Deployment that may do nothing":               {"privileged", deployment[2:], identity.No, "Sealed"},
		"pods that are held back":                        {"baseline", deployment, identity.Yes, "Sealed"},
		"no level, and nothing to be had":                {"", nil, identity.No, "Sealed"},
		"no level, and a DaemonSet":                      {"", daemon(""), identity.No, "Undetermined what keeps privileged pods out of namespace staging: it enforces no level of Pod Security"},
		"no level, and nodes that are shared":            {"", nil, identity.Yes, "Undetermined what keeps privileged pods out of namespace staging: it enforces no level of Pod Security"},
		"a level that it changes":                        {"restricted", append(relabels, daemon("")...), identity.No, "Breached " + rbac.ReadsSecrets},
	} {
		options := known()
		options.SharedNodes = tt.shared
		objs := append(base()[1:], namespace("staging", tt.level))
		if got := answer(prove(t, append(objs, tt.objs...), options)); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

// The identity of a node is worth what the Node authorizer makes of it.
func TestNodesWithoutTheirAuthorizer(t *testing.T) {
	objs := append(base(), given("staging/app", "create certificatesigningrequests.certificates.k8s.io,certificatesigningrequests.certificates.k8s.io/nodeclient", "")...)
	options := known()
	options.Authorizers = []string{"RBAC"}
	if got := answer(prove(t, objs, options)); got != "Sealed" {
		t.Error(got)
	}
	options.Authorizers = nil
	if got := answer(prove(t, objs, options)); !strings.HasPrefix(got, "Undetermined") {
		t.Error(got)
	}
}

// A right over one pod is one over what runs as its workload.
func TestPodsOfWorkloads(t *testing.T) {
	objs := slices.Concat(base(), given("tools/deployer", "get secrets", "prod"), []bulkhead.Object{running(t, "StatefulSet", "tools", "web-db", "")})
	for right, want := range map[string]string{
		"create pods/exec named web-db-0":         "Breached " + rbac.ReadsSecrets,
		"create pods/exec named web-db":           "Breached " + rbac.ReadsSecrets,
		"create pods/exec named web-0":            "Sealed",
		"patch statefulsets.apps named web-db":    "Breached " + rbac.ReadsSecrets,
		"patch statefulsets.apps named web-other": "Sealed",
	} {
		if got := answer(prove(t, append(slices.Clip(objs), given("staging/app", right, "tools")...), known())); got != want {
			t.Errorf("%s: %s, want %s", right, got, want)
		}
	}
}
