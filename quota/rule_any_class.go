// SPDX-License-Identifier: Apache-2.0

package quota

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/internal/counted"
)

// AnyClass is a capped namespace whose pods may have any priority.
const AnyClass = "quota/any-class"

func anyClass(p *bulkhead.Pass) {
	n := neighboursOf(p.Objects)
	if n.mutators || n.validators {
		return // which may refuse classes, or take them away
	}
	for namespace, home := range n.homes {
		if !n.whole(namespace) || slices.ContainsFunc(home.quotas, refusesClasses) {
			continue
		}
		for _, quota := range home.quotas {
			if capsCompute(quota) {
				p.Reportf(quota, field.NewPath("spec", "hard"), "add a quota of no pods for all priority classes but those meant",
					"pods of every priority class get through, system-node-critical included, and evict pods of other namespaces")
				break // one finding is enough
			}
		}
	}
}

// refusesClasses reports whether a quota refuses pods for their priority class.
func refusesClasses(quota *corev1.ResourceQuota) bool {
	return refusesPods(quota) && slices.ContainsFunc(counted.Requirements(quota), func(s corev1.ScopedResourceSelectorRequirement) bool {
		return s.ScopeName == corev1.ResourceQuotaScopePriorityClass
	})
}
