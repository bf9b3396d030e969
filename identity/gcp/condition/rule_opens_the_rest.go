// SPDX-License-Identifier: Apache-2.0

package condition

import (
	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/gcp"
)

// OpensTheRest is a condition that names what it limits and lets everything else pass,
// as resource.type != "X" || ... does. The role may have permissions on resources that
// nobody thought of.
const OpensTheRest = "condition/opens-the-rest"

func (g *grant) opensTheRest() {
	const unheard = "unheard-of.example.com"
	for _, other := range []struct {
		what  string
		about gcp.Request
	}{
		{"type", gcp.Request{ResourceType: unheard + "/Other", ResourceService: unheard}},
		{"name", gcp.Request{ResourceName: "//" + unheard + "/others/other"}},
	} {
		if g.evaluator.Holds(g.Condition.Expression, other.about).Answer == identity.Yes && !g.timeAlone() {
			g.report(OpensTheRest, bulkhead.Warning, g.expression(), "say what is open instead of what is not",
				"every resource of a %s that the condition does not name meets it", other.what)
		}
	}
}

// timeAlone reports whether a condition is about time and not about resources.
func (g *grant) timeAlone() bool {
	return g.evaluator.Holds(g.Condition.Expression, gcp.Request{}).Answer == identity.Yes
}
