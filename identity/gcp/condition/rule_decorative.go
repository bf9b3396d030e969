// SPDX-License-Identifier: Apache-2.0

package condition

import (
	"cmp"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
)

// Decorative is a binding on a condition beside another that gives the same role
// without one: IAM asks whether any binding grants.
const Decorative = "condition/decorative"

// given is a role that a member has.
type given struct{ role, member string }

// unlimited returns who has which role whatever the request, and by which binding.
func unlimited(grants []*grant) map[given]*grant {
	always := make(map[given]*grant)
	for _, g := range grants {
		if g.Condition != nil && (g.ast == nil || !g.worth.always(g.ast.NativeRep().Expr())) {
			continue
		}
		for _, member := range g.Members {
			if key := g.gives(member); !member.Deleted && always[key] == nil {
				always[key] = g
			}
		}
	}
	return always
}

func (g *grant) gives(m identity.Member) given { return given{g.Role, strings.ToLower(m.String())} }

func (g *grant) decorative(always map[given]*grant) {
	for _, member := range g.Members {
		other := cmp.Or(always[g.gives(member)], always[g.gives(identity.Member{Kind: identity.AllUsersMember})])
		if other == nil || other == g {
			continue
		}
		g.report(Decorative, bulkhead.Warning, g.condition(), "remove the member from "+other.at.String(),
			"%s has %s without the condition, by %s", member, g.Role, other.at)
	}
}
