// SPDX-License-Identifier: Apache-2.0

package schedule

import (
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/internal/counted"
)

// A shape is what scopes of quotas ask of a pod besides its class. Its author chooses
// it.
type shape struct{ terminating, bestEffort, elsewhere bool }

func shapes() []shape {
	var out []shape
	for i := range 8 {
		out = append(out, shape{i&1 > 0, i&2 > 0, i&4 > 0})
	}
	return out
}

// A barrier is what quotas do to the pods of a class.
type barrier struct {
	quota   *corev1.ResourceQuota // one of those that refuse all of them
	missing []string              // if only some are refused, or perhaps
}

// field is where the quota says which pods it is for.
func (b barrier) field() string {
	switch spec := b.quota.Spec; {
	case spec.ScopeSelector != nil:
		return "spec.scopeSelector"
	case len(spec.Scopes) > 0:
		return "spec.scopes"
	default:
		return "spec.hard"
	}
}

// refuses says whether quotas of no pods refuse every pod of a class, whatever shape
// its author gives it.
func (h *home) refuses(class string) barrier {
	var last *corev1.ResourceQuota
	stopped, perhaps := 0, []string(nil)
	for _, s := range shapes() {
		at := slices.IndexFunc(h.quotas, func(q *corev1.ResourceQuota) bool { return allowsNone(q) && matches(q, class, s) })
		if at >= 0 {
			stopped++
			last = h.quotas[at]
		}
	}
	for _, q := range h.quotas {
		if pending(q) {
			perhaps = append(perhaps, "the status of "+bulkhead.RefTo(q).String()+", which differs from its spec")
		}
	}
	switch {
	case stopped == len(shapes()):
		return barrier{quota: last}
	case stopped > 0:
		perhaps = append(perhaps, "whether pods of namespace "+h.name+" can leave the scopes of "+bulkhead.RefTo(last).String())
	}
	return barrier{missing: perhaps}
}

// governed reports whether a quota that goes by class governs pods of a class.
func (h *home) governed(class string) bool {
	return slices.ContainsFunc(h.quotas, func(q *corev1.ResourceQuota) bool {
		byClass := slices.ContainsFunc(counted.Requirements(q), func(s corev1.ScopedResourceSelectorRequirement) bool {
			return s.ScopeName == corev1.ResourceQuotaScopePriorityClass
		})
		return byClass && slices.ContainsFunc(shapes(), func(s shape) bool { return matches(q, class, s) })
	})
}

// mentions reports whether a quota of the namespace names a class.
func (h *home) mentions(class string) bool {
	return slices.ContainsFunc(h.quotas, func(q *corev1.ResourceQuota) bool {
		return slices.ContainsFunc(counted.Requirements(q), func(s corev1.ScopedResourceSelectorRequirement) bool { return slices.Contains(s.Values, class) })
	})
}

// allowsNone reports whether a quota lets no pod through that it governs. Admission
// goes by the status, where there is one (k8s.io/apiserver v0.37,
// pkg/admission/plugin/resourcequota/controller.go, CheckRequest).
func allowsNone(q *corev1.ResourceQuota) bool {
	return noPods(q.Spec.Hard) && (q.Status.Hard == nil || noPods(q.Status.Hard))
}

// pending reports whether status and spec of a quota disagree on that.
func pending(q *corev1.ResourceQuota) bool {
	return q.Status.Hard != nil && noPods(q.Spec.Hard) != noPods(q.Status.Hard)
}

func noPods(hard corev1.ResourceList) bool {
	for _, name := range []corev1.ResourceName{corev1.ResourcePods, "count/pods"} {
		if amount, there := hard[name]; there && amount.IsZero() {
			return true
		}
	}
	return false
}

// matches reports whether a quota governs a pod of a class and a shape
// (pkg/quota/v1/evaluator/core/pods.go, podMatchesScopeFunc, v1.37).
func matches(q *corev1.ResourceQuota, class string, s shape) bool {
	return !slices.ContainsFunc(counted.Requirements(q), func(r corev1.ScopedResourceSelectorRequirement) bool {
		switch r.ScopeName {
		case corev1.ResourceQuotaScopeTerminating:
			return !s.terminating
		case corev1.ResourceQuotaScopeNotTerminating:
			return s.terminating
		case corev1.ResourceQuotaScopeBestEffort:
			return !s.bestEffort
		case corev1.ResourceQuotaScopeNotBestEffort:
			return s.bestEffort
		case corev1.ResourceQuotaScopeCrossNamespacePodAffinity:
			return !s.elsewhere
		case corev1.ResourceQuotaScopePriorityClass:
			return !counted.Satisfies([]corev1.ScopedResourceSelectorRequirement{r}, class)
		default:
			return true
		}
	})
}
