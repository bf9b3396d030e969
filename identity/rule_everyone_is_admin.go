// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"github.com/watertight-go/watertight/bulkhead"
)

// EveryoneIsAdmin is a binding that makes everybody, or every service account, an
// administrator of the cluster.
const EveryoneIsAdmin = "identity/everyone-is-admin"

// clusterAdmin is the ClusterRole that Kubernetes brings along for everything.
const clusterAdmin = "cluster-admin"

func everyoneIsAdmin(p *bulkhead.Pass) {
	n := neighboursOf(p.Objects)
	for b := range bindingsOf(p.Objects) {
		for i, s := range b.subjects {
			if who, ok := everyone(s); ok && !b.namespaced() && n.judge(b).allPowerful {
				p.Reportf(b.object, b.subjectPath(i), "delete the binding",
					"%s may do everything to everything, so nothing keeps staging from production", who)
			}
		}
	}
}
