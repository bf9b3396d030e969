// SPDX-License-Identifier: Apache-2.0

package schedule

import (
	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
	"github.com/watertight-go/watertight/quota/internal/priority"
)

// PriorityRefused is a workload whose pods kube-apiserver refuses for what they say of
// their priority.
const PriorityRefused = "schedule/priority-refused"

func priorityRefused(p *bulkhead.Pass) {
	classes := priority.Read(p.Objects, false)
	for _, w := range workload.All(p.Objects) {
		if w.Owned || priority.Stored(w.Object) {
			continue
		}
		if got := classes.Of(w.Object, w.Spec); got.State == priority.Refused {
			p.Reportf(w.Object, w.Path.Child(got.Field), "name a class that there is, and leave priority and preemptionPolicy out",
				"the pods are refused: %s", got.Why)
		}
	}
}
