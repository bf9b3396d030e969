// SPDX-License-Identifier: Apache-2.0

package quota

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/internal/counted"
)

// Uncapped is a namespace that is confined to a low priority, and not held to a
// share.
const Uncapped = "quota/uncapped"

func uncapped(p *bulkhead.Pass) {
	n := neighboursOf(p.Objects)
	for namespace, home := range n.homes {
		if !n.whole(namespace) {
			continue // a quota may be elsewhere
		}
		for _, name := range []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory} {
			key := counted.LimitsPrefix + name
			if slices.ContainsFunc(home.quotas, func(q *corev1.ResourceQuota) bool {
				return len(counted.Requirements(q)) == 0 && has(q.Spec.Hard, key)
			}) {
				continue
			}
			for _, quota := range home.quotas {
				if n.allLow(confinedTo(quota)) {
					p.Reportf(quota, field.NewPath("spec", "hard"), "add a quota of "+string(key),
						"pods of the namespace give way to others, and no quota caps the %s that they use while they run", name)
				}
			}
		}
	}
}

// allLow reports whether there are classes, all in the set, and all below pods
// without one.
func (n neighbours) allLow(classes []string) bool {
	return len(classes) > 0 && !slices.ContainsFunc(classes, func(name string) bool {
		class := n.classes[name]
		return class == nil || class.Value >= 0
	})
}
