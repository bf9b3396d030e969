// SPDX-License-Identifier: Apache-2.0

package identity

import "github.com/watertight-go/watertight/bulkhead"

// DefaultIdentity is an identity in a cloud that every pod has which names no account.
const DefaultIdentity = "identity/default-identity"

func defaultIdentity(p *bulkhead.Pass) {
	for c := range cloudIdentities(p.Objects) {
		if c.account.Name == defaultAccount {
			p.Reportf(c.account, c.path(), "annotate an account that only the workload names which needs it",
				"every pod of the namespace that names no account acts as %s", c.what())
		}
	}
}
