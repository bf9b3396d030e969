// SPDX-License-Identifier: Apache-2.0

package quota

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// PodSecurityNotEnforced is a namespace whose Pod Security labels warn and record
// but refuse nothing.
const PodSecurityNotEnforced = "quota/pod-security-not-enforced"

func podSecurityNotEnforced(p *bulkhead.Pass) {
	for namespace := range bulkhead.Each[*corev1.Namespace](p.Objects) {
		if _, ok := namespace.Labels[EnforceLabel]; ok {
			continue
		}
		for _, key := range []string{WarnLabel, AuditLabel} {
			if level := Level(namespace.Labels[key]); level == Restricted || level == Baseline {
				p.Reportf(namespace, labelPath(key), "add "+EnforceLabel,
					"pods beyond %s are let in, with a warning or a record at most", level)
				break
			}
		}
	}
}
