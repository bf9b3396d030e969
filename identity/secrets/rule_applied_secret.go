// SPDX-License-Identifier: Apache-2.0

package secrets

import (
	"encoding/json"

	"github.com/watertight-go/watertight/bulkhead"
)

// AppliedSecret is a Secret whose values stand in an annotation too.
const AppliedSecret = "secrets/applied-secret"

// lastApplied is where kubectl apply keeps what was applied (kubectl 1.37,
// k8s.io/api/core/v1, LastAppliedConfigAnnotation).
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

func appliedSecret(p *bulkhead.Pass) {
	for obj := range bulkhead.Each[bulkhead.Object](p.Objects) {
		if !isSecret(obj) {
			continue
		}
		var applied struct {
			Data       map[string]any `json:"data"`
			StringData map[string]any `json:"stringData"`
		}
		err := json.Unmarshal([]byte(obj.GetAnnotations()[lastApplied]), &applied)
		if err == nil && len(applied.Data)+len(applied.StringData) > 0 {
			p.Reportf(obj, written(annotation(lastApplied)), "apply it with kubectl apply --server-side, and delete the annotation",
				"repeats the values of the Secret, where logs and tools that show annotations show them")
		}
	}
}
