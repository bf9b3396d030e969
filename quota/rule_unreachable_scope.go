// SPDX-License-Identifier: Apache-2.0

package quota

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/created"
	"github.com/watertight-go/watertight/quota/internal/counted"
)

// UnreachableScope is a quota whose scopes no object is in.
const UnreachableScope = "quota/unreachable-scope"

func unreachableScope(p *bulkhead.Pass) {
	for quota := range bulkhead.Each[*corev1.ResourceQuota](p.Objects) {
		if len(invalidQuota(created.InSomeNamespace(quota))) > 0 {
			continue // refused for it, or for something else first
		}
		if why := contradiction(counted.Requirements(quota)); why != "" {
			p.Reportf(quota, field.NewPath("spec"), "split the quota in two, or drop a scope",
				"the quota caps nothing: %s", why)
		}
	}
}

// contradiction says why nothing is in all of some scopes.
func contradiction(scopes []corev1.ScopedResourceSelectorRequirement) string {
	named := func(name corev1.ResourceQuotaScope) bool {
		return slices.ContainsFunc(scopes, func(s corev1.ScopedResourceSelectorRequirement) bool { return s.ScopeName == name })
	}
	ofPods := slices.ContainsFunc(scopes, func(s corev1.ScopedResourceSelectorRequirement) bool {
		return s.ScopeName != corev1.ResourceQuotaScopeVolumeAttributesClass
	})
	switch {
	case named(corev1.ResourceQuotaScopeBestEffort) && named(corev1.ResourceQuotaScopeNotBestEffort):
		return "no pod is in both BestEffort and NotBestEffort"
	case named(corev1.ResourceQuotaScopeTerminating) && named(corev1.ResourceQuotaScopeNotTerminating):
		return "no pod is in both Terminating and NotTerminating"
	case named(corev1.ResourceQuotaScopeVolumeAttributesClass) && ofPods:
		return "claims have a volume attributes class and pods have the other scopes"
	case !satisfiable(scopes):
		return "no priority class counted.Satisfies all that is asked of it"
	default:
		return ""
	}
}

// satisfiable reports whether some class, or none, satisfies all that is asked of
// the priority class. Trying each that is named, one that is not, and none is
// enough.
func satisfiable(scopes []corev1.ScopedResourceSelectorRequirement) bool {
	candidates := []string{"", "any other class"}
	var asked []corev1.ScopedResourceSelectorRequirement
	for _, s := range scopes {
		if s.ScopeName == corev1.ResourceQuotaScopePriorityClass {
			asked = append(asked, s)
			candidates = append(candidates, s.Values...)
		}
	}
	return slices.ContainsFunc(candidates, func(class string) bool { return counted.Satisfies(asked, class) })
}
