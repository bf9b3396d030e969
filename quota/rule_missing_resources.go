// SPDX-License-Identifier: Apache-2.0

package quota

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
	"github.com/watertight-go/watertight/quota/internal/counted"
)

// MissingResources is a workload whose pods a quota refuses, because a container
// does not name what the quota caps.
const MissingResources = "quota/missing-resources"

func missingResources(p *bulkhead.Pass) {
	n := neighboursOf(p.Objects)
	for namespace, home := range n.homes {
		if n.mutators || !n.whole(namespace) {
			continue // something may fill in what is missing
		}
		for _, key := range counted.PodComputeNames() {
			// Quotas with scopes may not govern the pods. One that does is enough.
			at := slices.IndexFunc(home.quotas, func(q *corev1.ResourceQuota) bool {
				return len(counted.Requirements(q)) == 0 && has(q.Spec.Hard, key)
			})
			name := requiredOf(key)
			if at < 0 || fillsIn(home.limits, name, !isLimit(key)) {
				continue
			}
			for _, w := range home.workloads {
				if w.Owned || hasPodLevel(w.Spec) {
					continue
				}
				for _, place := range without(w, name, isLimit(key)) {
					p.Reportf(w.Object, place, "name it, or add a LimitRange with a default",
						"the pods are refused: ResourceQuota %s caps %s, and a container names none", home.quotas[at].Name, key)
				}
			}
		}
	}
}

// without returns where containers of a workload lack an amount. A limit is a
// request too (Kubernetes v1.37, pkg/apis/core/v1/defaults.go, SetDefaults_Pod).
func without(w workload.Workload, name corev1.ResourceName, limit bool) []*field.Path {
	var out []*field.Path
	each := func(containers []corev1.Container, at *field.Path) {
		for i, c := range containers {
			list := "requests"
			if limit {
				list = "limits"
			}
			if !has(c.Resources.Limits, name) && (limit || !has(c.Resources.Requests, name)) {
				out = append(out, at.Index(i).Child("resources", list))
			}
		}
	}
	each(w.Spec.Containers, w.Path.Child("containers"))
	each(w.Spec.InitContainers, w.Path.Child("initContainers"))
	return out
}

// hasPodLevel reports whether a pod has resources of its own, with which quotas ask
// no longer for those of its containers.
func hasPodLevel(spec *corev1.PodSpec) bool {
	return spec.Resources != nil && len(spec.Resources.Requests)+len(spec.Resources.Limits) > 0
}
