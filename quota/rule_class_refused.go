// SPDX-License-Identifier: Apache-2.0

package quota

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/created"
)

// ClassRefused is a workload whose pods a quota refuses for their priority class,
// or because they have none.
const ClassRefused = "quota/class-refused"

func classRefused(p *bulkhead.Pass) {
	n := neighboursOf(p.Objects)
	if n.mutators {
		return // which may give pods another class
	}
	inherited := n.globalDefault()
	for _, home := range n.homes {
		var quotas []*corev1.ResourceQuota
		for _, quota := range home.quotas {
			if refusesPods(quota) && byClassAlone(quota) && len(invalidQuota(created.InSomeNamespace(quota))) == 0 {
				quotas = append(quotas, quota)
			}
		}
		refusedBy := make(map[string]*corev1.ResourceQuota) // by class
		for _, w := range home.workloads {
			class, words := w.Spec.PriorityClassName, "the class "+w.Spec.PriorityClassName
			switch {
			case class == "" && inherited != nil:
				class, words = inherited.Name, "the global default "+inherited.Name
			case class == "":
				words = "having no priority class"
			}
			quota, known := refusedBy[class]
			if !known {
				if at := slices.IndexFunc(quotas, func(q *corev1.ResourceQuota) bool { return governs(q, class) }); at >= 0 {
					quota = quotas[at]
				}
				refusedBy[class] = quota
			}
			if w.Owned || quota == nil {
				continue
			}
			fix := "name a class that the quota lets through"
			if allowed := confinedTo(quota); len(allowed) > 0 {
				fix = "name the class " + strings.Join(allowed, " or ")
			}
			p.Reportf(w.Object, w.Path.Child("priorityClassName"), fix,
				"the pods are refused by ResourceQuota %s for %s", quota.Name, words)
		}
	}
}
