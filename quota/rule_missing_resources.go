// SPDX-License-Identifier: Apache-2.0

package quota

import (
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
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
		for _, quota := range home.quotas {
			if len(requirements(quota)) > 0 {
				continue // and may not govern the pods
			}
			for _, key := range slices.Sorted(maps.Keys(quota.Spec.Hard)) {
				name, ok := requiredOf(key)
				isLimit := strings.HasPrefix(string(key), limitsPrefix)
				if !ok || fillsIn(home.limits, name, !isLimit) {
					continue
				}
				for _, w := range home.workloads {
					if w.Owned || hasPodLevel(w.Spec) {
						continue
					}
					for _, at := range without(w, name, isLimit) {
						p.Reportf(w.Object, at, "name it, or add a LimitRange with a default",
							"the pods are refused: ResourceQuota %s caps %s, and a container names none", quota.Name, key)
					}
				}
			}
		}
	}
}

// without returns where containers of a workload lack an amount. A limit is a
// request too (Kubernetes v1.37, pkg/apis/core/v1/defaults.go, SetDefaults_Pod).
func without(w workload.Workload, name corev1.ResourceName, isLimit bool) []*field.Path {
	var out []*field.Path
	each := func(containers []corev1.Container, at *field.Path) {
		for i, c := range containers {
			list := "requests"
			if isLimit {
				list = "limits"
			}
			if !has(c.Resources.Limits, name) && (isLimit || !has(c.Resources.Requests, name)) {
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
