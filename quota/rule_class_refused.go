// SPDX-License-Identifier: Apache-2.0

package quota

import (
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// ClassRefused is a workload whose pods a quota refuses for their priority class,
// or because they have none.
const ClassRefused = "quota/class-refused"

func classRefused(p *bulkhead.Pass) {
	n := neighboursOf(p.Objects)
	if n.mutators {
		return // which may give pods another class
	}
	for _, home := range n.homes {
		for _, quota := range home.quotas {
			if !refusesPods(quota) || !byClassAlone(quota) || len(invalidQuota(inSomeNamespace(quota))) > 0 {
				continue
			}
			for _, w := range home.workloads {
				class := w.Spec.PriorityClassName
				words := "their class " + class
				if class == "" {
					words = "having no priority class"
					if d := n.globalDefault(); d != nil {
						class, words = d.Name, "their class "+d.Name+", the global default"
					}
				}
				if w.Owned || !governs(quota, class) {
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
}
