// SPDX-License-Identifier: Apache-2.0

package identity

import "github.com/watertight-go/watertight/bulkhead"

// EverySecret is a service account that reads the Secrets of every namespace.
const EverySecret = "identity/every-secret"

func everySecret(p *bulkhead.Pass) {
	everywhere(p, secretPowers(), "bind the role by a RoleBinding in each namespace that needs it, or name the Secrets in resourceNames")
}
