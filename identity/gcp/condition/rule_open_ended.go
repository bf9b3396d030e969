// SPDX-License-Identifier: Apache-2.0

package condition

import (
	"strings"

	"cel.dev/cel-go/common/overloads"

	"github.com/watertight-go/watertight/bulkhead"
)

// OpenEnded is a comparison of a part of the resource's name that ends in the middle of
// a word: who begins like projects/p/instances/staging is also called staging2-prod.
const OpenEnded = "condition/open-ended"

func (g *grant) openEnded() {
	for c := range comparisons(g.ast) {
		if isConnectionName(c.text) {
			continue // which matches nothing
		}
		var example, fix string
		switch c.function {
		case overloads.StartsWith:
			if endsWord(c.text) {
				continue
			}
			example, fix = c.text+"2-prod", "compare with ==, or end the prefix in a slash"
		case overloads.EndsWith:
			if strings.HasPrefix(c.text, "/") || strings.HasPrefix(c.text, "-") {
				continue
			}
			example, fix = "projects/p/instances/prod-"+strings.TrimPrefix(c.text, "projects/"), "compare with ==, or begin the suffix with a slash"
		case overloads.Matches:
			if strings.HasPrefix(c.text, "^") && strings.HasSuffix(c.text, "$") {
				continue
			}
			g.report(OpenEnded, bulkhead.Warning, g.expression(), "begin the pattern with ^ and end it with $",
				"the pattern %s may match any part of a name", shortened(c.text))
			continue
		default:
			continue
		}
		g.report(OpenEnded, bulkhead.Warning, g.expression(), fix, "a resource of the name %s meets the comparison with %s too", shortened(example), shortened(c.text))
	}
}

// endsWord reports whether a prefix ends where a name does: behind a slash, or behind
// a dash, which says that a family of names is meant.
func endsWord(prefix string) bool {
	return prefix == "" || strings.HasSuffix(prefix, "/") || strings.HasSuffix(prefix, "-")
}
