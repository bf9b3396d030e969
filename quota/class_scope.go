// SPDX-License-Identifier: Apache-2.0

package quota

import (
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/quota/internal/counted"
)

// refusesPods reports whether a quota lets no pod through that it governs.
func refusesPods(quota *corev1.ResourceQuota) bool {
	return isZero(quota.Spec.Hard, corev1.ResourcePods) || isZero(quota.Spec.Hard, counted.CountPrefix+"pods")
}

// byClassAlone reports whether the priority class alone decides which pods a quota
// governs.
func byClassAlone(quota *corev1.ResourceQuota) bool {
	scopes := counted.Requirements(quota)
	return len(scopes) > 0 && !slices.ContainsFunc(scopes, func(s corev1.ScopedResourceSelectorRequirement) bool {
		return s.ScopeName != corev1.ResourceQuotaScopePriorityClass
	})
}

// governs reports whether a quota that goes by class alone governs pods of a class,
// or with an empty name pods without one.
func governs(quota *corev1.ResourceQuota, class string) bool {
	return counted.Satisfies(counted.Requirements(quota), class)
}

// confinedTo returns the classes that a quota leaves to a namespace, refusing all
// others, if it does.
func confinedTo(quota *corev1.ResourceQuota) []string {
	scopes := counted.Requirements(quota)
	if len(scopes) != 1 || !refusesPods(quota) || scopes[0].ScopeName != corev1.ResourceQuotaScopePriorityClass ||
		scopes[0].Operator != corev1.ScopeSelectorOpNotIn {
		return nil
	}
	return scopes[0].Values
}
