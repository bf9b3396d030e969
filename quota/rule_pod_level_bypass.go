// SPDX-License-Identifier: Apache-2.0

package quota

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/internal/counted"
)

// PodLevelBypass is a quota that pods with resources of their own pass without
// being charged.
const PodLevelBypass = "quota/pod-level-bypass"

func podLevelBypass(p *bulkhead.Pass) {
	n := neighboursOf(p.Objects)
	for namespace, home := range n.homes {
		if !n.whole(namespace) {
			continue // a LimitRange elsewhere may close it
		}
		for _, key := range counted.PodComputeNames() {
			name := requiredOf(key)
			if fillsIn(home.limits, name, !isLimit(key)) || boundsPods(home.limits, name) {
				continue
			}
			for _, quota := range home.quotas {
				if has(quota.Spec.Hard, key) {
					p.Reportf(quota, field.NewPath("spec", "hard").Key(string(key)),
						"add a LimitRange with a default of "+string(name)+" for containers and a max for pods",
						"a pod that sets spec.resources need not name the %s of its containers, and is charged none", name)
				}
			}
		}
	}
}

// requiredOf returns the resource that containers must name because a quota caps it
// under this key, one of podComputeNames (Kubernetes v1.37,
// pkg/quota/v1/evaluator/core/pods.go, validationSet).
func requiredOf(key corev1.ResourceName) corev1.ResourceName {
	return corev1.ResourceName(strings.TrimPrefix(strings.TrimPrefix(string(key), counted.LimitsPrefix), counted.RequestsPrefix))
}

func isLimit(key corev1.ResourceName) bool {
	return strings.HasPrefix(string(key), counted.LimitsPrefix)
}
