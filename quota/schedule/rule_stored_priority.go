// SPDX-License-Identifier: Apache-2.0

package schedule

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/internal/priority"
)

// StoredPriority is a pod of a cluster that runs with another priority than its class
// has.
const StoredPriority = "schedule/stored-priority"

func storedPriority(p *bulkhead.Pass) {
	classes := priority.Read(p.Objects, false)
	for pod := range bulkhead.Each[*corev1.Pod](p.Objects) {
		if !priority.Stored(pod) || pod.Spec.PriorityClassName == "" {
			continue
		}
		runs := classes.Of(pod, &pod.Spec)
		now := classes.Admitted(pod.Spec.PriorityClassName, nil, nil)
		if now.State == priority.Known && now.Value != runs.Value {
			p.Reportf(pod, field.NewPath("spec", "priority"), "create the pod anew",
				"%s, and its class %s has the value %d by now", runs.Why, now.Class, now.Value)
		}
	}
}
