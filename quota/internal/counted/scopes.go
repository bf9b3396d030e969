// SPDX-License-Identifier: Apache-2.0

package counted

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
)

// Requirements returns both lists of scopes of a quota as one: a quota governs what
// is in all of them (Kubernetes v1.37, apiserver pkg/quota/v1/generic, Matches).
func Requirements(quota *corev1.ResourceQuota) []corev1.ScopedResourceSelectorRequirement {
	var out []corev1.ScopedResourceSelectorRequirement
	for _, scope := range quota.Spec.Scopes {
		out = append(out, corev1.ScopedResourceSelectorRequirement{ScopeName: scope, Operator: corev1.ScopeSelectorOpExists})
	}
	if quota.Spec.ScopeSelector != nil {
		out = append(out, quota.Spec.ScopeSelector.MatchExpressions...)
	}
	return out
}

// Satisfies reports whether a class, or with an empty name none, is in all of some
// scopes of the priority class (pkg/quota/v1/evaluator/core/pods.go,
// podMatchesScopeFunc).
func Satisfies(scopes []corev1.ScopedResourceSelectorRequirement, class string) bool {
	return !slices.ContainsFunc(scopes, func(s corev1.ScopedResourceSelectorRequirement) bool {
		listed := class != "" && slices.Contains(s.Values, class)
		switch s.Operator {
		case corev1.ScopeSelectorOpIn:
			return !listed
		case corev1.ScopeSelectorOpNotIn:
			return listed
		case corev1.ScopeSelectorOpExists:
			return class == ""
		case corev1.ScopeSelectorOpDoesNotExist:
			return class != ""
		default:
			return true
		}
	})
}
