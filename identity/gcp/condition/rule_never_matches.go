// SPDX-License-Identifier: Apache-2.0

package condition

import (
	"regexp"
	"strings"

	"cel.dev/cel-go/common/overloads"

	"github.com/watertight-go/watertight/bulkhead"
)

// NeverMatches is a comparison of the resource's name with what no name is: the
// connection name of an instance of Cloud SQL, whose resource name is
// projects/P/instances/I, or a secret by the ID of its project, whose resource name has
// the number (IAM documentation, "Resource attributes for IAM Conditions").
const NeverMatches = "condition/never-matches"

func (g *grant) neverMatches() {
	secretByID := regexp.MustCompile(`^projects/[0-9-]*[^0-9/-][^/]*/secrets/`)
	for c := range comparisons(g.ast) {
		switch {
		case c.function == overloads.Matches:
		case isConnectionName(c.text):
			parts := strings.Split(c.text, ":")
			project, instance := strings.Join(parts[:len(parts)-2], ":"), parts[len(parts)-1]
			g.report(NeverMatches, bulkhead.Warning, g.expression(), "compare with projects/"+project+"/instances/"+instance,
				"no resource has the name %s, which is a connection name, so the comparison never holds", c.text)
		case secretByID.MatchString(c.text) && c.function != overloads.EndsWith && c.function != overloads.Contains:
			g.report(NeverMatches, bulkhead.Warning, g.expression(), "name the project by its number",
				"no secret has a name that begins like %s: resource names of secrets have the number of the project", shortened(c.text))
		}
	}
}

func isConnectionName(text string) bool {
	return regexp.MustCompile(`^[a-z][a-z0-9.:-]*:[a-z][a-z0-9-]*:[a-z][a-z0-9-]*$`).MatchString(text)
}
