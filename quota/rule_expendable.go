// SPDX-License-Identifier: Apache-2.0

package quota

import (
	schedulingv1 "k8s.io/api/scheduling/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// Expendable is a priority class whose pods the cluster autoscaler does not count.
const Expendable = "quota/expendable"

func expendable(p *bulkhead.Pass) {
	for class := range bulkhead.Each[*schedulingv1.PriorityClass](p.Objects) {
		if class.Value < LowestPriority {
			p.Reportf(class, field.NewPath("value"), "give it a value from -10 to -1",
				"below %d the cluster autoscaler adds no node for pods of the class, and removes nodes under them", LowestPriority)
		}
	}
}
