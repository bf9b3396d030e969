// SPDX-License-Identifier: Apache-2.0

package quota

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// PodSecurityValue is a Pod Security label whose value is no level or version,
// which the API server refuses.
const PodSecurityValue = "quota/pod-security-value"

func podSecurityValue(p *bulkhead.Pass) {
	for namespace := range bulkhead.Each[*corev1.Namespace](p.Objects) {
		for _, key := range podSecurityKeys(namespace.Labels) {
			value := namespace.Labels[key]
			switch {
			case !slices.Contains(podSecurityLabels(), key):
			case strings.HasSuffix(key, versionSuffix):
				if !isPodSecurityVersion(value) {
					p.Reportf(namespace, labelPath(key), "write latest, or a version such as v1.37",
						"the API server refuses the namespace: %q is no version of the Pod Security Standards", value)
				}
			case !Level(value).known():
				p.Reportf(namespace, labelPath(key), "write restricted, baseline or privileged",
					"the API server refuses the namespace: %q is no level of the Pod Security Standards", value)
			}
		}
	}
}
