// SPDX-License-Identifier: Apache-2.0

package condition

import "github.com/watertight-go/watertight/bulkhead"

// Invalid is an expression that does not compile, as far as attributes and functions
// of IAM are known here, or is no bool.
const Invalid = "condition/invalid"

func (g *grant) invalid() {
	g.report(Invalid, bulkhead.Warning, g.expression(), "", "nobody can tell what is granted, nor %s", g.wrong)
}
