// SPDX-License-Identifier: Apache-2.0

package quota

import (
	schedulingv1 "k8s.io/api/scheduling/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// GlobalDefault is a priority class that every pod without one gets.
const GlobalDefault = "quota/global-default"

func globalDefault(p *bulkhead.Pass) {
	for class := range bulkhead.Each[*schedulingv1.PriorityClass](p.Objects) {
		if !class.GlobalDefault || class.Value == 0 {
			continue
		}
		p.Reportf(class, field.NewPath("globalDefault"), "remove globalDefault, and name the class in the workloads that are to have it",
			"every new pod without a class, of every namespace, gets the value %d", class.Value)
	}
}
