// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"github.com/watertight-go/watertight/bulkhead"
)

// ClusterAdmin is a service account that is an administrator of the cluster.
const ClusterAdmin = "identity/cluster-admin"

func clusterAdminBound(p *bulkhead.Pass) {
	for b := range bindingsOf(p.Objects) {
		if b.namespaced() || b.role.Name != clusterAdmin {
			continue
		}
		for i, s := range b.subjects {
			_, all := everyone(s)
			if who, ok := b.serviceAccounts(s); ok && !all {
				p.Reportf(b.object, b.subjectPath(i), "bind a ClusterRole with the rights that are needed",
					"%s may do everything in every namespace, and so may whoever runs a command in one of its pods", who)
			}
		}
	}
}
