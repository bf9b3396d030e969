// SPDX-License-Identifier: Apache-2.0

package identity

import "github.com/watertight-go/watertight/bulkhead"

// MalformedIdentity is an annotation that names no possible identity of its cloud.
const MalformedIdentity = "identity/malformed-identity"

func malformedIdentity(p *bulkhead.Pass) {
	for c := range cloudIdentities(p.Objects) {
		if wrong := c.malformed(); wrong != "" {
			p.Reportf(c.account, c.path(), "write the name as the cloud shows it", "pods of the account get no tokens of the cloud: %s", wrong)
		}
	}
}
