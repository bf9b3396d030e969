// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"embed"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// docs holds a page per rule, named like the rule.
//
//go:embed rules/*.md
var docs embed.FS

// Rules returns all rules of the package. Rules about one object need nothing
// beside it; rules about a policy and its bindings speak of what is in the set, and
// stay silent where an object that is not in it could make the difference.
func Rules() []bulkhead.Rule {
	return slices.Concat(objectRules(), neighbourRules())
}

// Validate judges one admission policy, binding or webhook configuration on its own,
// by the rules that need no neighbours. Of other objects it says nothing.
func Validate(obj bulkhead.Object) bulkhead.Findings {
	return bulkhead.Check([]bulkhead.Object{obj}, objectRules()...)
}

// objectRules judge each object on its own.
func objectRules() []bulkhead.Rule {
	return []bulkhead.Rule{
		rule(Invalid, bulkhead.Error, invalid),
		rule(Undeclared, bulkhead.Error, undeclared),
		rule(FailsOpen, bulkhead.Warning, failsOpen),
		rule(UnknownField, bulkhead.Warning, unknownField),
		rule(NeverDenies, bulkhead.Warning, neverDenies),
		rule(MatchExact, bulkhead.Warning, matchExact),
		rule(UnmatchedResource, bulkhead.Warning, unmatchedResource),
		rule(ObjectOptOut, bulkhead.Warning, objectOptOut),
		rule(StalePriority, bulkhead.Warning, stalePriority),
	}
}

// neighbourRules judge policies beside their bindings and the rest of the set.
func neighbourRules() []bulkhead.Rule {
	return []bulkhead.Rule{
		rule(Unbound, bulkhead.Warning, unbound),
		rule(AbsentPolicy, bulkhead.Warning, absentPolicy),
		rule(NotDenied, bulkhead.Warning, notDenied),
		rule(MissingParams, bulkhead.Warning, missingParams),
		rule(TenantParams, bulkhead.Warning, tenantParams),
		rule(MatchesNothing, bulkhead.Warning, matchesNothing),
		rule(UpdateGap, bulkhead.Warning, updateGap),
		rule(SubresourceGap, bulkhead.Warning, subresourceGap),
		rule(OtherContainers, bulkhead.Warning, otherContainers),
		rule(TemplatesOnly, bulkhead.Warning, templatesOnly),
		rule(NamespaceLabel, bulkhead.Warning, namespaceLabel),
		rule(AbsentNamespace, bulkhead.Warning, absentNamespace),
		rule(MutationOrder, bulkhead.Warning, mutationOrder),
	}
}

// rule joins a check with its page. A page that is missing leaves Doc empty,
// which the tests of the package refuse.
func rule(id string, severity bulkhead.Severity, run func(*bulkhead.Pass)) bulkhead.Rule {
	page, err := docs.ReadFile("rules/" + strings.TrimPrefix(id, "guard/") + ".md")
	if err != nil {
		page = nil
	}
	return bulkhead.Rule{ID: id, Doc: string(page), Severity: severity, Run: run}
}
