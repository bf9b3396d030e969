// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"slices"
	"strings"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// MatchesNothing is a rule whose requests are all excluded, or a binding that has no
// request in common with its policy.
const MatchesNothing = "guard/matches-nothing"

type namedRule = admissionregistrationv1.NamedRuleWithOperations

func matchesNothing(p *bulkhead.Pass) {
	for _, policy := range boundOf(p.Objects) {
		if policy.match == nil {
			continue
		}
		var left []namedRule
		for i, rule := range policy.match.ResourceRules {
			if slices.ContainsFunc(policy.match.ExcludeResourceRules, func(e namedRule) bool { return contains(e, rule) }) {
				p.Reportf(policy.object, policy.matchAt().Child("resourceRules").Index(i), "exclude less",
					"the rule matches nothing: excludeResourceRules takes all of it away")
				continue
			}
			left = append(left, rule)
		}
		for _, b := range policy.bindings {
			switch {
			case b.match == nil || len(left) == 0:
			case everyOneIn(left, b.match.ExcludeResourceRules):
				p.Reportf(b.object, b.matchAt().Child("excludeResourceRules"), "exclude less",
					"the binding applies to nothing: it excludes all that %s matches", b.policy)
			case len(b.match.ResourceRules) > 0 && !anyMeets(left, b.match.ResourceRules):
				p.Reportf(b.object, b.matchAt().Child("resourceRules"), "match what the policy matches",
					"the binding applies to nothing: no request matches both its rules and those of %s", b.policy)
			}
		}
	}
}

func everyOneIn(rules, excluded []namedRule) bool {
	for _, rule := range rules {
		if !slices.ContainsFunc(excluded, func(e namedRule) bool { return contains(e, rule) }) {
			return false
		}
	}
	return true
}

func anyMeets(some, others []namedRule) bool {
	for _, a := range some {
		if slices.ContainsFunc(others, func(b namedRule) bool { return meet(a, b) }) {
			return true
		}
	}
	return false
}

// contains reports whether all that one rule matches is matched by another.
func contains(all, some namedRule) bool {
	return isSubset(some.ResourceNames, all.ResourceNames, len(all.ResourceNames) == 0) &&
		isSubset(some.Operations, all.Operations, slices.Contains(all.Operations, "*")) &&
		isSubset(some.APIGroups, all.APIGroups, slices.Contains(all.APIGroups, "*")) &&
		isSubset(some.APIVersions, all.APIVersions, slices.Contains(all.APIVersions, "*")) &&
		(all.Scope == nil || *all.Scope == "*" || some.Scope != nil && *some.Scope == *all.Scope) &&
		!slices.ContainsFunc(some.Resources, func(text string) bool { return !isWithin(text, all.Resources) })
}

// isSubset reports whether a list that is not empty holds nothing but what another
// holds.
func isSubset[T comparable](some, all []T, everything bool) bool {
	return everything || len(some) > 0 && !slices.ContainsFunc(some, func(item T) bool { return !slices.Contains(all, item) })
}

// isWithin reports whether one of some names covers a name of resources.
func isWithin(text string, all []string) bool {
	resource, sub, _ := strings.Cut(text, "/")
	return slices.ContainsFunc(all, func(other string) bool {
		r, s, _ := strings.Cut(other, "/")
		return (r == "*" || r == resource) && (s == "*" || s == sub)
	})
}

// meet reports whether a request may match both rules.
func meet(a, b namedRule) bool {
	return (len(a.ResourceNames) == 0 || len(b.ResourceNames) == 0 || share(a.ResourceNames, b.ResourceNames)) &&
		share(a.Operations, b.Operations) && share(a.APIGroups, b.APIGroups) && share(a.APIVersions, b.APIVersions) &&
		slices.ContainsFunc(a.Resources, func(x string) bool {
			return slices.ContainsFunc(b.Resources, func(y string) bool { return cross(x, y) })
		})
}

// cross reports whether two names of resources, such as pods/* and */status, have one
// in common.
func cross(x, y string) bool {
	r, s, _ := strings.Cut(x, "/")
	t, u, _ := strings.Cut(y, "/")
	return (r == t || r == "*" || t == "*") && (s == u || s == "*" || u == "*")
}

func share[T ~string](a, b []T) bool {
	return slices.Contains(a, "*") || slices.Contains(b, "*") || slices.ContainsFunc(a, func(item T) bool { return slices.Contains(b, item) })
}
