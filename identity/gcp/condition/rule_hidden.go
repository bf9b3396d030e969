// SPDX-License-Identifier: Apache-2.0

package condition

import (
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// Hidden is a binding whose condition was left out when the policy was read: its role
// has _withcond_ in its name (IAM documentation, "Understanding allow policies").
const Hidden = "condition/hidden"

func (g *grant) hidden() {
	if g.Condition == nil && strings.Contains(g.Role, "_withcond_") {
		g.report(Hidden, bulkhead.Error, g.at.Child("role"), "read the policy with requestedPolicyVersion 3",
			"there is a condition that the policy was read without, so nobody can tell what is granted")
	}
}
