// SPDX-License-Identifier: Apache-2.0

package schedule

import (
	"embed"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// docs holds a page per rule, named like the rule.
//
//go:embed rules/*.md
var docs embed.FS

// Rules returns the rules of the package. They need no boundary, and stay silent where
// an object that is not in the set could make the difference.
func Rules() []bulkhead.Rule {
	return []bulkhead.Rule{
		rule(PriorityRefused, bulkhead.Warning, priorityRefused),
		rule(StoredPriority, bulkhead.Warning, storedPriority),
	}
}

// rule joins a check with its page. A page that is missing leaves Doc empty,
// which the tests of the package refuse.
func rule(id string, severity bulkhead.Severity, run func(*bulkhead.Pass)) bulkhead.Rule {
	page, err := docs.ReadFile("rules/" + strings.TrimPrefix(id, "schedule/") + ".md")
	if err != nil {
		page = nil
	}
	return bulkhead.Rule{ID: id, Doc: string(page), Severity: severity, Run: run}
}
