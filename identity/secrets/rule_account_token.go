// SPDX-License-Identifier: Apache-2.0

package secrets

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/secrets/internal/credential"
)

// AccountToken is a token of a Kubernetes service account that somebody has stored.
const AccountToken = "secrets/account-token"

func accountToken(p *bulkhead.Pass) {
	others := func(obj bulkhead.Object) bool {
		secret, ok := obj.(*corev1.Secret)
		return !ok || secret.Type != corev1.SecretTypeServiceAccountToken
	}
	eachHeld(p, others, nil, func(h holdings, c held, at place) {
		if c.Kind != credential.AccountToken {
			return
		}
		const fix = "delete it, and mount a projected token"
		for _, n := range c.About {
			switch {
			case n.Subject != credential.Namespace:
			case n.Text != h.ref.Namespace && h.ref.Namespace != "":
				p.Reportf(h.object, written(at.field), fix, "holds a token of a service account of another namespace: whoever reads it acts there")
			case c.Expires:
				p.Reportf(h.object, written(at.field), fix, "holds a token of a service account, which nobody renews when it expires")
			default:
				p.Reportf(h.object, written(at.field), fix, "holds a token of a service account that never expires: whoever has read it once is that account")
			}
		}
	})
}
