// SPDX-License-Identifier: Apache-2.0

package quota

import (
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// TwoLimitRanges is a namespace whose LimitRanges give containers different
// defaults.
const TwoLimitRanges = "quota/two-limit-ranges"

func twoLimitRanges(p *bulkhead.Pass) {
	for _, home := range neighboursOf(p.Objects).homes {
		first := make(map[string]map[corev1.ResourceName]limitItem)
		for item := range items(home.limits, corev1.LimitTypeContainer) {
			for _, list := range []string{"default", "defaultRequest"} {
				if first[list] == nil {
					first[list] = make(map[corev1.ResourceName]limitItem)
				}
				amounts := item.defaults(list)
				for _, name := range slices.Sorted(maps.Keys(amounts)) {
					earlier, ok := first[list][name]
					if !ok {
						first[list][name] = item
						continue
					}
					mine, other := amounts[name], earlier.defaults(list)[name]
					if earlier.object == item.object || mine.Cmp(other) == 0 {
						continue
					}
					p.Reportf(item.object, item.path.Child(list), "keep one LimitRange in the namespace",
						"a container that names no %s gets %s here and %s from LimitRange %s: which of them changes from pod to pod",
						name, mine.String(), other.String(), earlier.object.Name)
				}
			}
		}
	}
}

// defaults returns one of the two lists that fill in what containers do not name.
func (i limitItem) defaults(list string) corev1.ResourceList {
	if list == "default" {
		return i.Default
	}
	return i.DefaultRequest
}
