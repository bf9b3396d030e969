// SPDX-License-Identifier: Apache-2.0

package quota

import (
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/internal/counted"
)

// UncountedKey is a resource in a quota that the API server takes and nothing
// counts.
const UncountedKey = "quota/uncounted-key"

func uncountedKey(p *bulkhead.Pass) {
	for quota := range bulkhead.Each[*corev1.ResourceQuota](p.Objects) {
		for _, name := range slices.Sorted(maps.Keys(quota.Spec.Hard)) {
			why, instead := whyUncounted(name)
			if why == "" {
				why = whyOutOfScope(quota, name)
			}
			if why == "" {
				continue
			}
			var fix string
			if instead != "" {
				fix = "write " + string(instead)
			}
			p.Reportf(quota, field.NewPath("spec", "hard").Key(string(name)), fix,
				"%s caps nothing: %s", name, why)
		}
	}
}

// whyOutOfScope returns why a quota with scopes does not count a resource with a
// domain, which the API server does not hold against them: pods match the scopes of
// pods, claims that of claims, and nothing else matches any
// (pkg/quota/v1/evaluator/core, MatchingScopes).
func whyOutOfScope(quota *corev1.ResourceQuota, name corev1.ResourceName) string {
	scopes := counted.Requirements(quota)
	if len(scopes) == 0 || !strings.Contains(string(name), "/") {
		return ""
	}
	ofClaims := name == counted.CountPrefix+"persistentvolumeclaims" || strings.Contains(string(name), ".storageclass.storage.k8s.io/")
	ofPods := name == counted.CountPrefix+"pods" || strings.HasPrefix(string(name), counted.RequestsPrefix)
	if scopes[0].ScopeName == corev1.ResourceQuotaScopeVolumeAttributesClass {
		if ofClaims {
			return ""
		}
		return "the quota is scoped to claims of a class"
	}
	if ofPods {
		return ""
	}
	return "the quota is scoped to pods"
}
