// SPDX-License-Identifier: Apache-2.0

package quota

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
)

// requirements returns both lists of scopes of a quota as one: a quota governs what
// is in all of them (Kubernetes v1.37, apiserver pkg/quota/v1/generic, Matches).
func requirements(quota *corev1.ResourceQuota) []corev1.ScopedResourceSelectorRequirement {
	var out []corev1.ScopedResourceSelectorRequirement
	for _, scope := range quota.Spec.Scopes {
		out = append(out, corev1.ScopedResourceSelectorRequirement{ScopeName: scope, Operator: corev1.ScopeSelectorOpExists})
	}
	if quota.Spec.ScopeSelector != nil {
		out = append(out, quota.Spec.ScopeSelector.MatchExpressions...)
	}
	return out
}

// refusesPods reports whether a quota lets no pod through that it governs.
func refusesPods(quota *corev1.ResourceQuota) bool {
	return isZero(quota.Spec.Hard, corev1.ResourcePods) || isZero(quota.Spec.Hard, countPrefix+"pods")
}

// byClassAlone reports whether the priority class alone decides which pods a quota
// governs.
func byClassAlone(quota *corev1.ResourceQuota) bool {
	scopes := requirements(quota)
	return len(scopes) > 0 && !slices.ContainsFunc(scopes, func(s corev1.ScopedResourceSelectorRequirement) bool {
		return s.ScopeName != corev1.ResourceQuotaScopePriorityClass
	})
}

// governs reports whether a quota that goes by class alone governs pods of a class,
// or with an empty name pods without one.
func governs(quota *corev1.ResourceQuota, class string) bool {
	return satisfies(requirements(quota), class)
}

// satisfies reports whether a class, or with an empty name none, is in all of some
// scopes of the priority class (pkg/quota/v1/evaluator/core/pods.go,
// podMatchesScopeFunc).
func satisfies(scopes []corev1.ScopedResourceSelectorRequirement, class string) bool {
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

// confinedTo returns the classes that a quota leaves to a namespace, refusing all
// others, if it does.
func confinedTo(quota *corev1.ResourceQuota) []string {
	scopes := requirements(quota)
	if len(scopes) != 1 || !refusesPods(quota) || scopes[0].ScopeName != corev1.ResourceQuotaScopePriorityClass ||
		scopes[0].Operator != corev1.ScopeSelectorOpNotIn {
		return nil
	}
	return scopes[0].Values
}
