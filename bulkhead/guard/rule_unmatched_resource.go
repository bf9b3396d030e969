// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"slices"
	"strings"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// UnmatchedResource is a resource in a rule that no request is for.
const UnmatchedResource = "guard/unmatched-resource"

func unmatchedResource(p *bulkhead.Pass) {
	known := builtIn()
	check := func(obj bulkhead.Object, rule admissionregistrationv1.Rule, at *field.Path) {
		for i, text := range rule.Resources {
			if why, fix := unmatched(text, rule, known); why != "" {
				p.Reportf(obj, at.Child("resources").Index(i), fix, "the guard never sees %s: %s", text, why)
			}
		}
	}
	for _, policy := range policiesOf(p.Objects) {
		if policy.match != nil {
			for i, rule := range policy.match.ResourceRules {
				check(policy.object, rule.Rule, policy.matchAt().Child("resourceRules").Index(i))
			}
		}
	}
	for _, b := range bindingsOf(p.Objects) {
		if b.match != nil {
			for i, rule := range b.match.ResourceRules {
				check(b.object, rule.Rule, b.matchAt().Child("resourceRules").Index(i))
			}
		}
	}
	for _, hook := range guardingWebhooks(p.Objects) {
		for i, rule := range hook.Rules {
			check(hook.object, rule.Rule, hook.at.Child("rules").Index(i))
		}
	}
}

// unmatched returns why no request is for a resource of a rule, if its groups tell.
func unmatched(text string, rule admissionregistrationv1.Rule, known []served) (why, fix string) {
	plural, _, _ := strings.Cut(text, "/")
	if plural == "*" || plural == "" || len(rule.APIGroups) == 0 {
		return "", ""
	}
	if isSubset(rule.APIGroups, []string{admissionregistrationv1.GroupName}, false) && isExempt(plural) {
		return "the API server asks no guard about the guards themselves", ""
	}
	if !isSubset(rule.APIGroups, fixedGroups(), false) {
		return "", ""
	}
	var scoped bool
	for _, r := range known {
		if r.plural != plural || !slices.Contains(rule.APIGroups, r.group) {
			continue
		}
		switch {
		case rule.Scope == nil, *rule.Scope == admissionregistrationv1.AllScopes, (*rule.Scope == admissionregistrationv1.ClusterScope) == r.cluster:
			return "", ""
		default:
			scoped = true
		}
	}
	if scoped {
		return "the scope of the rule is " + string(*rule.Scope), "remove the scope"
	}
	for _, r := range known {
		if r.plural == plural {
			return "it is in the API group " + groupWords(r.group), "name the group"
		}
		if strings.EqualFold(r.kind, plural) || strings.EqualFold(r.plural, plural) {
			return "resources are named in the plural and in lower case", "write " + r.plural
		}
	}
	return "no such resource is in the API group " + groupWords(rule.APIGroups[0]), ""
}

// isExempt reports whether objects of the group of admission are stored without a look
// from guards (k8s.io/apiserver v0.37, IsExemptAdmissionConfigurationResource).
func isExempt(plural string) bool {
	switch plural {
	case "validatingadmissionpolicies", "validatingadmissionpolicybindings", "mutatingadmissionpolicies", "mutatingadmissionpolicybindings",
		"validatingwebhookconfigurations", "mutatingwebhookconfigurations":
		return true
	default:
		return false
	}
}

func groupWords(group string) string {
	if group == "" {
		return "of the core"
	}
	return group
}
