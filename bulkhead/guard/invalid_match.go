// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"slices"
	"strings"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/apimachinery/pkg/api/validate/content"
	metav1validation "k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	utilvalidation "k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// invalidConstraints judges what a policy matches. It must name a resource, unlike a
// binding.
func invalidConstraints(match *admissionregistrationv1.MatchResources, at *field.Path) field.ErrorList {
	if match == nil {
		return field.ErrorList{field.Required(at, "what the policy is about")}
	}
	errs := invalidMatch(match, at)
	if len(match.ResourceRules) == 0 {
		errs = append(errs, field.Required(at.Child("resourceRules"), "the resources that the policy is about"))
	}
	return errs
}

func invalidMatch(match *admissionregistrationv1.MatchResources, at *field.Path) field.ErrorList {
	if match == nil {
		return nil
	}
	stored := storedMatch(match)
	var errs field.ErrorList
	switch *stored.MatchPolicy {
	case admissionregistrationv1.Exact, admissionregistrationv1.Equivalent:
	default:
		errs = append(errs, field.Invalid(at.Child("matchPolicy"), *stored.MatchPolicy, "neither Exact nor Equivalent"))
	}
	opts := metav1validation.LabelSelectorValidationOptions{}
	errs = append(errs, metav1validation.ValidateLabelSelector(stored.NamespaceSelector, opts, at.Child("namespaceSelector"))...)
	errs = append(errs, metav1validation.ValidateLabelSelector(stored.ObjectSelector, opts, at.Child("objectSelector"))...)
	for i := range match.ResourceRules {
		errs = append(errs, invalidRule(match.ResourceRules[i], at.Child("resourceRules").Index(i))...)
	}
	for i := range match.ExcludeResourceRules {
		errs = append(errs, invalidRule(match.ExcludeResourceRules[i], at.Child("excludeResourceRules").Index(i))...)
	}
	return errs
}

// onlyWrites refuses operations that change no object and so cannot be mutated. The
// server names no rule.
func onlyWrites(match *admissionregistrationv1.MatchResources, at *field.Path) field.ErrorList {
	if match == nil {
		return nil
	}
	var errs field.ErrorList
	for _, rule := range match.ResourceRules {
		for _, op := range rule.Operations {
			if !isOperation(op) || op == admissionregistrationv1.Delete {
				errs = append(errs, field.Invalid(at.Child("resourceRules", "operations"), op, "not an operation that can be mutated"))
			}
		}
	}
	return errs
}

func invalidRule(rule admissionregistrationv1.NamedRuleWithOperations, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	seen := make(map[string]bool)
	for i, name := range rule.ResourceNames {
		at := at.Child("resourceNames").Index(i)
		errs = append(errs, because(at, name, content.IsPathSegmentName(name))...)
		if seen[name] {
			errs = append(errs, field.Duplicate(at, name))
		}
		seen[name] = true
	}
	errs = append(errs, invalidList(rule.Operations, at.Child("operations"))...)
	for i, op := range rule.Operations {
		if !isOperation(op) {
			errs = append(errs, field.Invalid(at.Child("operations").Index(i), op, "no operation"))
		}
	}
	errs = append(errs, invalidList(rule.APIGroups, at.Child("apiGroups"))...)
	errs = append(errs, invalidList(rule.APIVersions, at.Child("apiVersions"))...)
	for i, version := range rule.APIVersions {
		if version == "" {
			errs = append(errs, field.Required(at.Child("apiVersions").Index(i), "a version or *"))
		}
	}
	errs = append(errs, invalidResources(rule.Resources, at.Child("resources"))...)
	if rule.Scope != nil {
		switch *rule.Scope {
		case admissionregistrationv1.ClusterScope, admissionregistrationv1.NamespacedScope, admissionregistrationv1.AllScopes:
		default:
			errs = append(errs, field.Invalid(at.Child("scope"), *rule.Scope, "none of Cluster, Namespaced and *"))
		}
	}
	return errs
}

func isOperation(op admissionregistrationv1.OperationType) bool {
	switch op {
	case admissionregistrationv1.OperationAll, admissionregistrationv1.Create, admissionregistrationv1.Update,
		admissionregistrationv1.Delete, admissionregistrationv1.Connect:
		return true
	default:
		return false
	}
}

// invalidList refuses a list that is empty, and one that says more than "*" beside it.
func invalidList[T ~string](list []T, at *field.Path) field.ErrorList {
	switch {
	case len(list) == 0:
		return field.ErrorList{field.Required(at, "an empty list matches nothing")}
	case len(list) > 1 && slices.Contains(list, "*"):
		return field.ErrorList{field.Invalid(at, list, "* stands alone")}
	default:
		return nil
	}
}

// invalidResources finds wildcards beside what they cover. The order counts for the
// server, which looks only at what stands before (validateResources).
func invalidResources(resources []string, at *field.Path) field.ErrorList {
	if len(resources) == 0 {
		return field.ErrorList{field.Required(at, "an empty list matches nothing")}
	}
	var errs field.ErrorList
	everySub, everyResource := make(map[string]bool), make(map[string]bool) // pods/*, */status
	var plain bool                                                          // the last of those without a subresource is no wildcard
	for i, text := range resources {
		resource, sub, hasSub := strings.Cut(text, "/")
		switch {
		case text == "":
			errs = append(errs, field.Required(at.Index(i), "a resource or *"))
			continue
		case !hasSub:
			plain = text != "*"
			continue
		}
		if everySub[resource] || everyResource[sub] {
			errs = append(errs, field.Invalid(at.Index(i), text, "a wildcard before it covers it"))
		}
		if sub == "*" {
			everySub[resource] = true
		}
		if resource == "*" {
			everyResource[sub] = true
		}
	}
	if len(resources) > 1 && slices.Contains(resources, "*/*") {
		errs = append(errs, field.Invalid(at, resources, "*/* stands alone"))
	}
	if plain && slices.Contains(resources, "*") {
		errs = append(errs, field.Invalid(at, resources, "* covers resources without a subresource"))
	}
	return errs
}

func invalidConditions(conditions []admissionregistrationv1.MatchCondition, at *field.Path) field.ErrorList {
	const mostConditions = 64
	var errs field.ErrorList
	if len(conditions) > mostConditions {
		errs = append(errs, field.TooMany(at, len(conditions), mostConditions))
	}
	seen := make(map[string]bool)
	for i, c := range conditions {
		at := at.Index(i)
		errs = append(errs, missingExpression(c.Expression, at.Child("expression"))...)
		switch {
		case c.Name == "":
			errs = append(errs, field.Required(at.Child("name"), "the name of the condition"))
		case seen[c.Name]:
			errs = append(errs, field.Duplicate(at.Child("name"), c.Name))
			fallthrough
		default:
			errs = append(errs, because(at.Child("name"), c.Name, utilvalidation.IsQualifiedName(c.Name))...)
		}
		seen[c.Name] = true
	}
	return errs
}
