// SPDX-License-Identifier: Apache-2.0

package secrets

import (
	"fmt"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// LoosePattern is a pattern of namespaces that matches in the middle of names.
const LoosePattern = "secrets/loose-pattern"

func loosePattern(p *bulkhead.Pass) {
	for obj, content := range ofExternalSecrets(p.Objects, "ClusterSecretStore") {
		for i, condition := range listAt(content, "spec", "conditions") {
			for k, expression := range stringsAt(condition, "namespaceRegexes") {
				if expression != "" && !anchored(expression) {
					p.Reportf(obj, written(fmt.Sprintf("spec.conditions[%d].namespaceRegexes[%d]", i, k)), "begin it with ^ and end it with $",
						"matches anywhere in the name of a namespace: prod also matches preprod and prod-test")
				}
			}
		}
	}
}

// anchored reports whether an expression is tied to both ends of a name. One with
// alternatives outside of brackets is tied at one end of each.
func anchored(expression string) bool {
	open := 0
	for _, r := range expression {
		switch r {
		case '(', '[':
			open++
		case ')', ']':
			open--
		case '|':
			if open == 0 {
				return false
			}
		}
	}
	begins := strings.HasPrefix(expression, "^") || strings.HasPrefix(expression, `\A`) || strings.HasPrefix(expression, ".*")
	ends := strings.HasSuffix(expression, "$") || strings.HasSuffix(expression, `\z`) || strings.HasSuffix(expression, ".*")
	return begins && ends
}
