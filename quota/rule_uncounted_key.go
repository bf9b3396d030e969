// SPDX-License-Identifier: Apache-2.0

package quota

import (
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// UncountedKey is a resource in a quota that the API server takes and nothing
// counts.
const UncountedKey = "quota/uncounted-key"

func uncountedKey(p *bulkhead.Pass) {
	for quota := range bulkhead.Each[*corev1.ResourceQuota](p.Objects) {
		for _, name := range slices.Sorted(maps.Keys(quota.Spec.Hard)) {
			why, instead := whyUncounted(name)
			if why == "" {
				continue
			}
			var fix string
			if instead != "" {
				fix = "write " + string(instead)
			}
			p.Reportf(quota, field.NewPath("spec", "hard").Key(string(name)), fix,
				"%s caps nothing: %s", name, why)
		}
	}
}
