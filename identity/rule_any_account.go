// SPDX-License-Identifier: Apache-2.0

package identity

import "github.com/watertight-go/watertight/bulkhead"

// AnyAccount is a service account that can act as every other, in every namespace.
const AnyAccount = "identity/any-account"

func anyAccount(p *bulkhead.Pass) {
	everywhere(p, accountPowers(), "bind the role by a RoleBinding in each namespace that needs it, or drop the resource")
}
