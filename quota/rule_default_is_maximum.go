// SPDX-License-Identifier: Apache-2.0

package quota

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// DefaultIsMaximum is a LimitRange that makes containers which name nothing request
// the most there is.
const DefaultIsMaximum = "quota/default-is-maximum"

func defaultIsMaximum(p *bulkhead.Pass) {
	for _, home := range neighboursOf(p.Objects).homes {
		for _, name := range []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory} {
			if writesDefault(home.limits, name) {
				continue
			}
			for item := range items(home.limits, corev1.LimitTypeContainer) {
				most := amountOf(item.Max, name)
				if most == nil {
					continue
				}
				p.Reportf(item.object, item.path.Child("max").Key(string(name)), "give default and defaultRequest",
					"a container that names no %s requests %s, the most that it may have", name, most.String())
			}
		}
	}
}

// writesDefault reports whether some item says itself what containers get that name
// nothing.
func writesDefault(limits []*corev1.LimitRange, name corev1.ResourceName) bool {
	for item := range items(limits, corev1.LimitTypeContainer) {
		if has(item.written.Default, name) || has(item.written.DefaultRequest, name) {
			return true
		}
	}
	return false
}
