// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
)

// LastingToken is a token of a service account that outlives the pod that has it, by
// days or for ever.
const LastingToken = "identity/lasting-token"

// longestToken is the lifetime from which on a token is reported. Nobody needs so
// long: a kubelet renews the token of a volume while the pod runs.
const longestToken = 24 * time.Hour

func lastingToken(p *bulkhead.Pass) {
	for secret := range bulkhead.Each[*corev1.Secret](p.Objects) {
		if secret.Type == corev1.SecretTypeServiceAccountToken {
			p.Reportf(secret, field.NewPath("type"), "delete it, and let pods have tokens from a projected volume",
				"the token in it never expires: whoever has read it once is service account %s until the Secret is deleted",
				secret.Annotations[corev1.ServiceAccountNameKey])
		}
	}
	for _, w := range workload.All(p.Objects) {
		if w.Owned {
			continue
		}
		for i, volume := range w.Spec.Volumes {
			if volume.Projected == nil {
				continue
			}
			for j, source := range volume.Projected.Sources {
				token := source.ServiceAccountToken
				if token == nil || token.ExpirationSeconds == nil || *token.ExpirationSeconds <= int64(longestToken.Seconds()) {
					continue
				}
				at := w.Path.Child("volumes").Index(i).Child("projected", "sources").Index(j).Child("serviceAccountToken", "expirationSeconds")
				p.Reportf(w.Object, at, "leave the default of an hour; the kubelet renews the token",
					"a token that is stolen from the pod is good for up to %d hours", *token.ExpirationSeconds/3600)
			}
		}
	}
}
