// SPDX-License-Identifier: Apache-2.0

package condition

import (
	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
)

// Refused is a condition where IAM takes none: on a basic role, or on a grant to
// everyone (IAM documentation, "Overview of IAM Conditions").
const Refused = "condition/refused"

func (g *grant) refused() {
	switch g.Role {
	case "roles/owner", "roles/editor", "roles/viewer":
		g.report(Refused, bulkhead.Error, g.condition(), "grant a role that has what is needed", "%s is given without a condition or not at all", g.Role)
	}
	for _, member := range g.Members {
		if member.Kind == identity.AllUsersMember || member.Kind == identity.AllAuthenticatedMember {
			g.report(Refused, bulkhead.Error, g.condition(), "name who needs the role", "%s is given roles without a condition or not at all", member)
		}
	}
}
