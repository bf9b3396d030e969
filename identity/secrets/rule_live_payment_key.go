// SPDX-License-Identifier: Apache-2.0

package secrets

import (
	"slices"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/secrets/internal/credential"
)

// LivePaymentKey is a key that moves real money in a namespace that says that it is not
// production.
const LivePaymentKey = "secrets/live-payment-key"

func livePaymentKey(p *bulkhead.Pass) {
	rehearsing := func(obj bulkhead.Object) bool { return rehearses(home(obj)) }
	eachHeld(p, rehearsing, nil, func(h holdings, c held, at place) {
		if c.Kind == credential.PaymentKey {
			p.Reportf(h.object, written(at.field), "use a test key",
				"holds a live key of a payment provider, in a namespace that is not production by its name: tests move real money")
		}
	})
}

// rehearses reports whether the name of a namespace says that it is not production.
func rehearses(namespace string) bool {
	return slices.ContainsFunc(strings.Split(namespace, "-"), func(word string) bool {
		switch strings.TrimRight(word, "0123456789") {
		case "staging", "stage", "stg", "dev", "develop", "development", "test", "tests", "testing", "qa", "uat", "preview", "sandbox", "demo", "ci", "e2e":
			return true
		default:
			return false
		}
	})
}
