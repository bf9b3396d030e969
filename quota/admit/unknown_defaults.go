// SPDX-License-Identifier: Apache-2.0

package admit

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/internal/counted"
)

// perhapsClassed returns what is missing where a pod without a class would be counted
// otherwise if the cluster had a global default class that is not among the objects.
func (c *Cluster) perhapsClassed(h *home, pod *corev1.Pod) []Problem {
	if c.options.Whole || c.globalDefault != nil || pod.Spec.PriorityClassName != "" {
		return nil
	}
	var scopes []corev1.ScopedResourceSelectorRequirement
	for _, q := range h.quotas {
		scopes = append(scopes, q.scopes...)
	}
	for _, limited := range c.options.Limited {
		scopes = append(scopes, limited.MatchScopes...)
	}
	if !slices.ContainsFunc(scopes, c.turnsOnDefault) {
		return nil
	}
	return []Problem{{
		Object: bulkhead.RefTo(pod), Field: "spec.priorityClassName",
		Message: "whether the cluster has a global default PriorityClass, which pods without a class get and a quota goes by",
	}}
}

// turnsOnDefault reports whether pods without a class and pods of a default one that is
// not among the objects may be on different sides of a scope.
func (c *Cluster) turnsOnDefault(s corev1.ScopedResourceSelectorRequirement) bool {
	if s.ScopeName != corev1.ResourceQuotaScopePriorityClass {
		return false
	}
	holds := func(class string) bool {
		return counted.Satisfies([]corev1.ScopedResourceSelectorRequirement{s}, class)
	}
	without := holds("")
	if other := holds("?"); other != without { // of a name that nothing mentions
		return true
	}
	return slices.ContainsFunc(s.Values, func(name string) bool {
		_, known := c.priorityClass(name) // and is no default
		return !known && holds(name) != without
	})
}

// perhapsStored returns what is missing where a claim without a class would be charged
// otherwise if the cluster had a default class that is not among the objects.
func (i claimItem) perhapsStored(h *home) []Problem {
	_, annotated := i.claim.Annotations[corev1.BetaStorageClassAnnotation]
	if i.cluster.options.Whole || i.cluster.storageClass != "" || annotated || i.claim.Spec.StorageClassName != nil {
		return nil
	}
	byClass := func(name corev1.ResourceName) bool { return strings.Contains(string(name), ofStorageClass) }
	if !slices.ContainsFunc(h.quotas, func(q *quotaState) bool { return slices.ContainsFunc(q.names, byClass) }) {
		return nil
	}
	return []Problem{{
		Object: bulkhead.RefTo(i.claim), Field: "spec.storageClassName",
		Message: "which StorageClass is the default, which claims without a class get and a quota goes by",
	}}
}
