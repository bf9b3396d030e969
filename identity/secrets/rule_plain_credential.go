// SPDX-License-Identifier: Apache-2.0

package secrets

import (
	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/secrets/internal/credential"
)

// PlainCredential is a credential outside of the data of a Secret: in a ConfigMap, a
// variable, an argument, an annotation or a custom resource.
const PlainCredential = "secrets/plain-credential"

func plainCredential(p *bulkhead.Pass) {
	any := func(bulkhead.Object) bool { return true }
	inSecret := func(obj bulkhead.Object, field string) bool {
		return isSecret(obj) && (isData(field) || field == annotation(lastApplied))
	}
	eachHeld(p, any, inSecret, func(h holdings, c held, at place) {
		if len(c.Secret) == 0 || c.Kind == credential.TestPaymentKey {
			return
		}
		p.Reportf(h.object, written(at.field), "put it into a Secret, and refer to that",
			"holds %s, for everybody who may read the object, whether or not they may read Secrets", c.Kind)
	})
}
