// SPDX-License-Identifier: Apache-2.0

package identity

import (
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// OverwrittenRules is a ClusterRole that aggregates others and has rules of its own,
// which the controller overwrites.
const OverwrittenRules = "identity/overwritten-rules"

func overwrittenRules(p *bulkhead.Pass) {
	for role := range bulkhead.Each[*rbacv1.ClusterRole](p.Objects) {
		// In an object read from a cluster the rules are those that the controller wrote.
		if role.AggregationRule == nil || len(role.Rules) == 0 || role.UID != "" || role.ResourceVersion != "" {
			continue
		}
		p.Reportf(role, field.NewPath("rules"), "move the rules to a ClusterRole that a selector matches",
			"the rules are gone as soon as the role is stored: the controller replaces them by those of the roles that aggregationRule selects")
	}
}
