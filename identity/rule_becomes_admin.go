// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// BecomesAdmin is a ClusterRole that looks small and makes its subjects masters of
// the cluster.
const BecomesAdmin = "identity/becomes-admin"

func becomesAdmin(p *bulkhead.Pass) {
	for role := range bulkhead.Each[*rbacv1.ClusterRole](p.Objects) {
		for _, g := range grantedBy(role.Rules, clusterPowers()) {
			if names := role.Rules[g.rule].ResourceNames; len(names) > 0 && !slices.ContainsFunc(names, g.reachesAll) {
				continue
			}
			p.Reportf(role, g.resourcePath(), "give this right to the cluster's administrators alone",
				"whoever may %s %s may %s, in production's namespaces as in staging's", g.word, g.power.resource, g.power.gain)
		}
	}
}

// reachesAll reports whether a name to which a grant is limited is as good as all.
func (g grant) reachesAll(name string) bool {
	switch g.power.resource {
	case "groups":
		return name == mastersGroup
	case "signers":
		return name == "kubernetes.io/*" || name == "kubernetes.io/kube-apiserver-client"
	default:
		return false
	}
}
