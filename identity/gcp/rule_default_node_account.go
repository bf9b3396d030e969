// SPDX-License-Identifier: Apache-2.0

package gcp

import (
	"strconv"

	"github.com/watertight-go/watertight/identity"
)

// DefaultNodeAccount is a node pool whose nodes are the default account of Compute
// Engine, an editor of the project unless the organization keeps Google from making it
// one (Organization policy iam.automaticIamGrantsForDefaultServiceAccounts). An editor
// reads the Secrets of all namespaces and sets the passwords of databases.
const DefaultNodeAccount = "gcp/default-node-account"

func (l *linter) defaultNodeAccount(r *resource) {
	if r.cluster == nil || r.cluster.Autopilot {
		return
	}
	for i, pool := range r.cluster.NodePools {
		email := l.nodeAccount(r, pool)
		if named := pool.ServiceAccount != "" && pool.ServiceAccount != "default"; named && identity.Email(email).Class() != identity.ComputeDefault {
			continue
		}
		l.report(DefaultNodeAccount, r.ref, "nodePools["+strconv.Itoa(i)+"].config.serviceAccount", "give the nodes an account of their own with roles/container.defaultNodeServiceAccount",
			"the nodes of the pool %s are %s, and so is every machine of the project that names no other: it is an editor of the project unless somebody saw to it", pool.Name, email)
	}
}
