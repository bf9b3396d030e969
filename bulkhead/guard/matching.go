// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"slices"
	"strings"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// A request is what rules ask about: would a policy look at it?
type request struct {
	group, version, resource, sub string
	operation                     admissionregistrationv1.OperationType
}

// covers reports whether match resources cover a request for every object of the
// resource: by a rule without names, and by no exclusion. Nil and a binding without
// rules cover all. What the selectors say is another question
// (k8s.io/apiserver/pkg/admission/plugin/policy/matching, v0.37).
func covers(match *admissionregistrationv1.MatchResources, r request) bool {
	if match == nil {
		return true
	}
	return !slices.ContainsFunc(match.ExcludeResourceRules, r.isMatched) &&
		(len(match.ResourceRules) == 0 || slices.ContainsFunc(match.ResourceRules, r.isMatched))
}

// covers reports whether a policy covers a request. One that names no resource is
// refused, and covers none.
func (p policy) covers(r request) bool {
	return p.match != nil && len(p.match.ResourceRules) > 0 && covers(p.match, r)
}

// isMatched reports whether a rule matches the request, whatever the object's name.
func (r request) isMatched(rule admissionregistrationv1.NamedRuleWithOperations) bool {
	return len(rule.ResourceNames) == 0 && r.isMatchedBy(rule.RuleWithOperations)
}

// isMatchedBy reports whether a rule matches the request for some objects.
func (r request) isMatchedBy(rule admissionregistrationv1.RuleWithOperations) bool {
	return (slices.Contains(rule.Operations, r.operation) || slices.Contains(rule.Operations, admissionregistrationv1.OperationAll)) &&
		(slices.Contains(rule.APIGroups, r.group) || slices.Contains(rule.APIGroups, "*")) &&
		(slices.Contains(rule.APIVersions, r.version) || slices.Contains(rule.APIVersions, "*")) &&
		slices.ContainsFunc(rule.Resources, r.isNamed)
}

// isNamed reports whether a name of rules such as pods/* means the resource.
func (r request) isNamed(text string) bool {
	resource, sub, _ := strings.Cut(text, "/")
	return (resource == "*" || resource == r.resource) && (sub == "*" || sub == r.sub)
}

// of returns the request for a subresource.
func (r request) of(sub string, op admissionregistrationv1.OperationType) request {
	r.sub, r.operation = sub, op
	return r
}

// podRequest is the request to create pods, of which the other ones are made.
func podRequest() request {
	return request{version: "v1", resource: "pods", operation: admissionregistrationv1.Create}
}

// A matcher is an object whose match resources hold a policy to some requests.
type matcher struct {
	binding *binding // nil of the policy itself
	covers  func(request) bool
}

// matchers returns the policy by itself and, where a binding matches less by rules of
// its own, the policy as bound by it.
func (p bound) matchers() []matcher {
	out := []matcher{{covers: func(r request) bool { return p.covers(r) }}}
	for _, b := range p.bindings {
		if b.match != nil && len(b.match.ResourceRules)+len(b.match.ExcludeResourceRules) > 0 {
			out = append(out, matcher{&b, func(r request) bool { return p.covers(r) && covers(b.match, r) }})
		}
	}
	return out
}

// at returns the object whose rules the matcher goes by, and where they are.
func (m matcher) at(p policy) (bulkhead.Object, *field.Path) {
	if m.binding != nil {
		return m.binding.object, m.binding.matchAt().Child("resourceRules")
	}
	return p.object, p.matchAt().Child("resourceRules")
}
