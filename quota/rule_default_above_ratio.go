// SPDX-License-Identifier: Apache-2.0

package quota

import (
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// DefaultAboveRatio is a LimitRange whose own defaults it refuses.
const DefaultAboveRatio = "quota/default-above-ratio"

func defaultAboveRatio(p *bulkhead.Pass) {
	for limits := range bulkhead.Each[*corev1.LimitRange](p.Objects) {
		for item := range items([]*corev1.LimitRange{limits}, corev1.LimitTypeContainer) {
			for _, name := range slices.Sorted(maps.Keys(item.MaxLimitRequestRatio)) {
				limit, request, ratio := item.Default[name], item.DefaultRequest[name], item.MaxLimitRequestRatio[name]
				if request.Sign() <= 0 || limit.Sign() <= 0 || limit.AsApproximateFloat64() <= request.AsApproximateFloat64()*ratio.AsApproximateFloat64() {
					continue
				}
				p.Reportf(limits, item.path.Child("maxLimitRequestRatio").Key(string(name)), "raise the default request, or the ratio",
					"every container that names no %s is refused: it gets the limit %s and the request %s, more than %s times as much",
					name, limit.String(), request.String(), ratio.String())
			}
		}
	}
}
