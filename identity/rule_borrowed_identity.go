// SPDX-License-Identifier: Apache-2.0

package identity

import "github.com/watertight-go/watertight/bulkhead"

// BorrowedIdentity is an account that acts as a Google service account which was not
// made for it: the nodes' own, App Engine's, or that of a Google service.
const BorrowedIdentity = "identity/borrowed-identity"

func borrowedIdentity(p *bulkhead.Pass) {
	for c := range cloudIdentities(p.Objects) {
		email := Email(c.name)
		if class := email.Class(); c.key == GoogleAccountAnnotation && class != UserManaged && class != NotServiceAccount {
			p.Reportf(c.account, c.path(), "make a Google service account for the workload",
				"%s is %s, so its rights cannot be those of one environment", c.name, email.judge())
		}
	}
}
