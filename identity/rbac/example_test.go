// SPDX-License-Identifier: Apache-2.0

package rbac_test

import (
	"fmt"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/identity/rbac"
)

// Staging's deployer may run commands in a namespace of tools, whose own deployer reads
// production's Secrets: two steps, none of which looks like one into production.
func ExampleCluster_NoAccess() {
	set := bulkhead.Must(manifest.Read("cluster.yaml", strings.NewReader(`
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: debug, namespace: tools}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
subjects: [{kind: ServiceAccount, name: deployer, namespace: staging}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: secrets, namespace: prod}
rules: [{apiGroups: [""], resources: [secrets], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: secrets, namespace: prod}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: secrets}
subjects: [{kind: ServiceAccount, name: backup, namespace: tools}]
`)))
	cluster := rbac.New(set.Objects, rbac.Options{Authorizers: []string{"Node", "RBAC"}, Whole: true, Minor: 37})
	proof := bulkhead.Must(cluster.NoAccess(rbac.Boundary{From: []string{"staging"}, Away: []string{"prod"}}))

	fmt.Println(proof)
	// Output:
	// Breached
	// rbac/reads-secrets
	//   RoleBinding/tools/debug subjects[0]: gives ServiceAccount staging/deployer the ClusterRole edit in namespace tools
	//   ClusterRole/system:aggregate-to-edit rules[1].resources[0]: lets it impersonate serviceaccounts: act as its ServiceAccounts
	//   RoleBinding/prod/secrets subjects[0]: gives ServiceAccount tools/backup the Role secrets in namespace prod
	//   Role/prod/secrets rules[0].resources[0]: lets it get secrets: read its Secrets, in namespace prod
	//   to close it: RoleBinding/tools/debug subjects[0]: take ServiceAccount staging/deployer out of its subjects
	// missing: whether Services may have external IPs, which ServiceAccount staging/deployer could set to addresses of others
	// missing: whether pods of both sides share nodes, which pods of namespace staging can take over
}
