// SPDX-License-Identifier: Apache-2.0

package quota

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/internal/counted"
)

// ZeroLimit is a bound on containers that a limit of zero passes.
const ZeroLimit = "quota/zero-limit"

func zeroLimit(p *bulkhead.Pass) {
	n := neighboursOf(p.Objects)
	for namespace, home := range n.homes {
		for _, name := range []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory} {
			if refusesZero(home.limits, name) {
				continue
			}
			fix := "add an item of type Container with min." + string(name) + " above zero"
			for _, kind := range []corev1.LimitType{corev1.LimitTypeContainer, corev1.LimitTypePod} {
				for item := range items(home.limits, kind) {
					if has(item.Max, name) {
						p.Reportf(item.object, item.path.Child("max").Key(string(name)), fix,
							"a container that sets its %s limit to \"0\" passes, and has no limit on the node", name)
					}
				}
			}
			if !n.whole(namespace) {
				continue // a LimitRange elsewhere may refuse it
			}
			for _, quota := range home.quotas {
				if key := counted.LimitsPrefix + name; has(quota.Spec.Hard, key) {
					p.Reportf(quota, field.NewPath("spec", "hard").Key(string(key)), fix+" to a LimitRange",
						"a container that sets its %s limit to \"0\" is charged nothing, and has no limit on the node", name)
				}
			}
		}
	}
}
