// SPDX-License-Identifier: Apache-2.0

package quota

import (
	schedulingv1 "k8s.io/api/scheduling/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// SecondGlobalDefault is a second priority class for all pods without one, which
// the API server refuses.
const SecondGlobalDefault = "quota/second-global-default"

func secondGlobalDefault(p *bulkhead.Pass) {
	first := neighboursOf(p.Objects).globalDefault()
	for class := range bulkhead.Each[*schedulingv1.PriorityClass](p.Objects) {
		if class.GlobalDefault && class.Name != first.Name {
			p.Reportf(class, field.NewPath("globalDefault"), "keep one global default",
				"%s is the global default too: the API server refuses whichever comes second", first.Name)
		}
	}
}
