// SPDX-License-Identifier: Apache-2.0

package identity

import (
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/validate/content"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	metav1validation "k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/internal/created"
)

// invalidAccount returns what kube-apiserver 1.37 would refuse in a new account,
// under the same fields (pkg/apis/core/validation, ValidateServiceAccount). What an
// account says of secrets is not judged there.
func invalidAccount(account *corev1.ServiceAccount) field.ErrorList {
	return created.Refused(account.ObjectMeta, created.Namespaced, apivalidation.ValidateServiceAccountName, nil)
}

// invalidRole does the same for roles (pkg/apis/rbac/validation, ValidateRole).
func invalidRole(role *rbacv1.Role) field.ErrorList {
	errs := invalidPolicyRules(role.Rules, created.Namespaced)
	return created.Refused(role.ObjectMeta, created.Namespaced, pathSegment, errs)
}

// invalidClusterRole does the same for roles of the cluster (ValidateClusterRole).
func invalidClusterRole(role *rbacv1.ClusterRole) field.ErrorList {
	errs := invalidPolicyRules(role.Rules, created.Cluster)
	if role.AggregationRule != nil {
		at := field.NewPath("aggregationRule", "clusterRoleSelectors")
		if len(role.AggregationRule.ClusterRoleSelectors) == 0 {
			errs = append(errs, field.Required(at, "an aggregation needs a selector"))
		}
		for i := range role.AggregationRule.ClusterRoleSelectors {
			errs = append(errs, invalidSelector(&role.AggregationRule.ClusterRoleSelectors[i], at.Index(i))...)
		}
	}
	return created.Refused(role.ObjectMeta, created.Cluster, pathSegment, errs)
}

func invalidSelector(selector *metav1.LabelSelector, at *field.Path) field.ErrorList {
	errs := metav1validation.ValidateLabelSelector(selector, metav1validation.LabelSelectorValidationOptions{}, at)
	if _, err := metav1.LabelSelectorAsSelector(selector); err != nil {
		errs = append(errs, field.Invalid(at, selector, "no label selector"))
	}
	return errs
}

func invalidPolicyRules(rules []rbacv1.PolicyRule, scope created.Scope) field.ErrorList {
	var errs field.ErrorList
	for i, rule := range rules {
		at := field.NewPath("rules").Index(i)
		if len(rule.Verbs) == 0 {
			errs = append(errs, field.Required(at.Child("verbs"), "a rule needs a verb"))
		}
		if len(rule.NonResourceURLs) > 0 {
			urls := at.Child("nonResourceURLs")
			if scope == created.Namespaced {
				errs = append(errs, field.Invalid(urls, rule.NonResourceURLs, "paths belong to no namespace"))
			}
			if len(rule.APIGroups)+len(rule.Resources)+len(rule.ResourceNames) > 0 {
				errs = append(errs, field.Invalid(urls, rule.NonResourceURLs, "a rule is about resources or about paths"))
			}
			continue
		}
		if len(rule.APIGroups) == 0 {
			errs = append(errs, field.Required(at.Child("apiGroups"), `a rule about resources needs an API group; that of core is ""`))
		}
		if len(rule.Resources) == 0 {
			errs = append(errs, field.Required(at.Child("resources"), "a rule about resources needs a resource"))
		}
	}
	return errs
}

// invalidBinding judges bindings of both kinds (ValidateRoleBinding and
// ValidateClusterRoleBinding), after the server has filled in API groups.
func invalidBinding(b binding) field.ErrorList {
	scope := created.Cluster
	if b.namespaced() {
		scope = created.Namespaced
	}
	at := field.NewPath("roleRef")
	ref := b.role
	var errs field.ErrorList
	if ref.APIGroup != "" && ref.APIGroup != rbacv1.GroupName {
		errs = append(errs, field.NotSupported(at.Child("apiGroup"), ref.APIGroup, []string{rbacv1.GroupName}))
	}
	kinds := []string{kindClusterRole}
	if b.namespaced() {
		kinds = []string{kindRole, kindClusterRole}
	}
	if ref.Kind != kindClusterRole && (ref.Kind != kindRole || !b.namespaced()) {
		errs = append(errs, field.NotSupported(at.Child("kind"), ref.Kind, kinds))
	}
	if ref.Name == "" {
		errs = append(errs, field.Required(at.Child("name"), "a binding needs the name of a role"))
	} else {
		for _, message := range pathSegment(ref.Name, false) {
			errs = append(errs, field.Invalid(at.Child("name"), ref.Name, message))
		}
	}
	for i, subject := range b.subjects {
		errs = append(errs, invalidSubject(subject, b.namespaced(), b.subjectPath(i))...)
	}
	return created.Refused(b.meta, scope, pathSegment, errs)
}

// invalidSubject is ValidateRoleBindingSubject.
func invalidSubject(subject rbacv1.Subject, namespaced bool, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	if subject.Name == "" {
		errs = append(errs, field.Required(at.Child("name"), "a subject needs a name"))
	}
	switch subject.Kind {
	case rbacv1.ServiceAccountKind:
		if subject.Name != "" {
			for _, message := range apivalidation.ValidateServiceAccountName(subject.Name, false) {
				errs = append(errs, field.Invalid(at.Child("name"), subject.Name, message))
			}
		}
		if subject.APIGroup != "" {
			errs = append(errs, field.NotSupported(at.Child("apiGroup"), subject.APIGroup, []string{""}))
		}
		if !namespaced && subject.Namespace == "" {
			errs = append(errs, field.Required(at.Child("namespace"), "an account has a namespace"))
		}
	case rbacv1.UserKind, rbacv1.GroupKind:
		if subject.APIGroup != "" && subject.APIGroup != rbacv1.GroupName {
			errs = append(errs, field.NotSupported(at.Child("apiGroup"), subject.APIGroup, []string{rbacv1.GroupName}))
		}
	default:
		errs = append(errs, field.NotSupported(at.Child("kind"), subject.Kind, []string{rbacv1.ServiceAccountKind, rbacv1.UserKind, rbacv1.GroupKind}))
	}
	return errs
}

// pathSegment is all that the server asks of the names of roles and bindings
// (ValidateRBACName), prefixes included.
func pathSegment(name string, _ bool) []string { return content.IsPathSegmentName(name) }
