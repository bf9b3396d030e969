// SPDX-License-Identifier: Apache-2.0

package quota

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// ClassOutranks is a priority class of a capped namespace whose pods come before
// workloads of other namespaces that have none.
const ClassOutranks = "quota/class-outranks"

func classOutranks(p *bulkhead.Pass) {
	n := neighboursOf(p.Objects)
	if n.mutators || n.globalDefault() != nil {
		return // pods without a class get one
	}
	victim := n.classless()
	if victim == nil {
		return
	}
	guests := make(map[string]string)
	for namespace, home := range n.homes {
		if !slices.ContainsFunc(home.quotas, capsCompute) {
			continue
		}
		for _, quota := range home.quotas {
			for _, class := range confinedTo(quota) {
				guests[class] = max(guests[class], namespace)
			}
		}
	}
	for name, namespace := range guests {
		class := n.classes[name]
		if class == nil || class.Value <= 0 {
			continue
		}
		p.Reportf(class, field.NewPath("value"), "give the class a value below zero, or the others a class above it",
			"pods of %s %s pods of %s, which have no class and so the value 0", namespace, whatTheyDo(class), bulkhead.RefTo(victim))
	}
}

func whatTheyDo(class *schedulingv1.PriorityClass) string {
	if class.PreemptionPolicy != nil && *class.PreemptionPolicy == corev1.PreemptNever {
		return "are scheduled before"
	}
	return "evict"
}

// classless returns a workload without a class of a namespace without a quota: one
// that nobody meant to hold back.
func (n neighbours) classless() bulkhead.Object {
	var found bulkhead.Object
	for _, home := range n.homes {
		if len(home.quotas) > 0 {
			continue
		}
		for _, w := range home.workloads {
			if w.Spec.PriorityClassName == "" && w.Spec.Priority == nil && !w.Owned &&
				(found == nil || bulkhead.RefTo(w.Object).Compare(bulkhead.RefTo(found)) < 0) {
				found = w.Object
			}
		}
	}
	return found
}

// capsCompute reports whether a quota caps processor time or memory of all pods.
func capsCompute(quota *corev1.ResourceQuota) bool {
	return len(requirements(quota)) == 0 && slices.ContainsFunc(podComputeNames(), func(name corev1.ResourceName) bool {
		return has(quota.Spec.Hard, name)
	})
}
