// SPDX-License-Identifier: Apache-2.0

package quota

import (
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// PodSecurityKey is a label under the prefix of Pod Security that it does not read.
const PodSecurityKey = "quota/pod-security-key"

func podSecurityKey(p *bulkhead.Pass) {
	for namespace := range bulkhead.Each[*corev1.Namespace](p.Objects) {
		for _, key := range podSecurityKeys(namespace.Labels) {
			if !slices.Contains(podSecurityLabels(), key) {
				p.Reportf(namespace, labelPath(key), "write one of enforce, audit and warn, or one of them with -version",
					"nothing reads the label: pods are let in as if it were not there")
			}
		}
	}
}
