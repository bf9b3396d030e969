// SPDX-License-Identifier: Apache-2.0

package condition_test

import (
	"testing"

	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/gcp"
	"github.com/watertight-go/watertight/identity/gcp/condition"
)

// Whatever is written in a condition, an answer comes, twice the same, and knowing the
// name of the resource takes none back.
func FuzzHolds(f *testing.F) {
	for _, expression := range []string{
		`resource.name.extract("/a/{b}/") == "c" && request.time < timestamp("2030-01-01T00:00:00Z") - duration("1h")`,
		`resource.matchTag("1/env", "prod") ? has(request.auth.claims.x) : "a" in request.auth.access_levels`,
		`api.getAttribute("iam.googleapis.com/modifiedGrantsByRole", []).hasOnly(["roles/a"])`,
		`[1, 2].exists(x, x == int(request.time.getHours("Europe/Berlin")))`,
		`resource.name.matches("^a+$") || {"a": resource.type}["a"] != "b"`,
		`destination.port in [22, 23] && !(resource.service == '')`,
	} {
		f.Add(expression, "projects/p/instances/prod")
	}
	conditions := condition.New(now())
	f.Fuzz(func(t *testing.T, expression, name string) {
		less := conditions.Holds(expression, gcp.Request{})
		more := conditions.Holds(expression, gcp.Request{ResourceName: name})
		if less.Answer != identity.Unknown && less.Answer != more.Answer {
			t.Errorf("%q holds: %v; for the name %q: %v", expression, less, name, more)
		}
		for _, match := range []identity.Match{less, more} {
			if (match.Answer == identity.Unknown) != (len(match.Missing) > 0) {
				t.Errorf("%q holds: %v, missing %q", expression, match.Answer, match.Missing)
			}
		}
		if again := condition.New(now()).Holds(expression, gcp.Request{}); again.Answer != less.Answer {
			t.Errorf("%q holds: %v, and again: %v", expression, less, again)
		}
		conditions.Lint(policyRef(), policyOf(binding("roles/cloudsql.client", expression, stagingSA)))
	})
}
