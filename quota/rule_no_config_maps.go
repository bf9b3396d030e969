// SPDX-License-Identifier: Apache-2.0

package quota

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/internal/counted"
)

// NoConfigMaps is a quota that keeps pods from starting, because it leaves no room
// for the ConfigMap that Kubernetes makes itself.
const NoConfigMaps = "quota/no-config-maps"

func noConfigMaps(p *bulkhead.Pass) {
	for quota := range bulkhead.Each[*corev1.ResourceQuota](p.Objects) {
		for _, name := range []corev1.ResourceName{corev1.ResourceConfigMaps, counted.CountPrefix + "configmaps"} {
			if isZero(quota.Spec.Hard, name) && len(counted.Requirements(quota)) == 0 {
				p.Reportf(quota, field.NewPath("spec", "hard").Key(string(name)), "leave room for kube-root-ca.crt: at least 1",
					"kube-root-ca.crt is refused, and a pod that mounts its service account's token waits for it forever")
			}
		}
	}
}
