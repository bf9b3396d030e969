// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"slices"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// MatchExact is a guard that a request in another version of the API passes by.
const MatchExact = "guard/match-exact"

func matchExact(p *bulkhead.Pass) {
	report := func(obj bulkhead.Object, at *field.Path) {
		p.Reportf(obj, at.Child("matchPolicy"), "leave it at Equivalent",
			"a request for the same objects in another group or version of the API is not judged")
	}
	isExact := func(match *admissionregistrationv1.MatchResources) bool {
		return match != nil && *match.MatchPolicy == admissionregistrationv1.Exact &&
			slices.ContainsFunc(match.ResourceRules, func(r admissionregistrationv1.NamedRuleWithOperations) bool { return !anyVersion(r.Rule) })
	}
	for _, policy := range policiesOf(p.Objects) {
		if isExact(policy.match) {
			report(policy.object, policy.matchAt())
		}
	}
	for _, b := range bindingsOf(p.Objects) {
		if isExact(b.match) {
			report(b.object, b.matchAt())
		}
	}
	for _, hook := range guardingWebhooks(p.Objects) {
		if hook.MatchPolicy != nil && *hook.MatchPolicy == admissionregistrationv1.Exact &&
			slices.ContainsFunc(hook.Rules, func(r admissionregistrationv1.RuleWithOperations) bool { return !anyVersion(r.Rule) }) {
			report(hook.object, hook.at)
		}
	}
}

func anyVersion(rule admissionregistrationv1.Rule) bool {
	return slices.Contains(rule.APIGroups, "*") && slices.Contains(rule.APIVersions, "*")
}
