// SPDX-License-Identifier: Apache-2.0

package quota

import (
	"slices"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
	"github.com/watertight-go/watertight/quota/internal/counted"
)

// ClassOutranks is a priority class of a capped namespace whose pods come before
// workloads of other namespaces.
const ClassOutranks = "quota/class-outranks"

func classOutranks(p *bulkhead.Pass) {
	n := neighboursOf(p.Objects)
	victim, found := n.lowestHost()
	if !found {
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
		if class == nil || class.Value <= victim.value {
			continue
		}
		p.Reportf(class, field.NewPath("value"), "give the class a value below zero, and the others a class above it",
			"pods of %s %s pods of %s, %s", namespace, whatTheyDo(class), bulkhead.RefTo(victim.workload), victim.words)
	}
}

func whatTheyDo(class *schedulingv1.PriorityClass) string {
	if class.PreemptionPolicy != nil && *class.PreemptionPolicy == corev1.PreemptNever {
		return "are scheduled before"
	}
	return "evict"
}

// A host is a workload of a namespace that nobody meant to hold back, with the
// priority of its pods.
type host struct {
	workload bulkhead.Object
	value    int32
	words    string // where the priority comes from
}

// lowestHost returns the host of the lowest priority, if there is one whose priority
// is known. What changes pods on their way in is taken to leave those alone that name
// a class.
func (n neighbours) lowestHost() (host, bool) {
	var lowest host
	for _, home := range n.homes {
		if len(home.quotas) > 0 {
			continue
		}
		for _, w := range home.workloads {
			h, known := n.hostOf(w)
			if known && (lowest.workload == nil || h.value < lowest.value ||
				h.value == lowest.value && bulkhead.RefTo(h.workload).Compare(bulkhead.RefTo(lowest.workload)) < 0) {
				lowest = h
			}
		}
	}
	return lowest, lowest.workload != nil
}

func (n neighbours) hostOf(w workload.Workload) (host, bool) {
	name := w.Spec.PriorityClassName
	switch class := n.classes[name]; {
	case w.Owned:
		return host{}, false
	case class != nil:
		return host{w.Object, class.Value, "whose class " + name + " has the value " + strconv.Itoa(int(class.Value))}, true
	case name != "" || w.Spec.Priority != nil:
		return host{}, false
	case n.mutators || n.globalDefault() != nil: // pods without a class get one
		return host{}, false
	default:
		return host{w.Object, 0, "which have no class and so the value 0"}, true
	}
}

// capsCompute reports whether a quota caps processor time or memory of all pods.
func capsCompute(quota *corev1.ResourceQuota) bool {
	return len(counted.Requirements(quota)) == 0 && slices.ContainsFunc(counted.PodComputeNames(), func(name corev1.ResourceName) bool {
		return has(quota.Spec.Hard, name)
	})
}
