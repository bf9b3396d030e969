// SPDX-License-Identifier: Apache-2.0

package admit

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	resourcehelper "k8s.io/component-helpers/resource"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/internal/counted"
)

// A podItem is a pod as quotas look at it.
type podItem struct {
	cluster *Cluster
	pod     *corev1.Pod
}

func (podItem) resource() (group, plural string)     { return "", "pods" }
func (podItem) counts(name corev1.ResourceName) bool { return countsPods(name) }
func (i podItem) in(s corev1.ScopedResourceSelectorRequirement) bool {
	return i.cluster.inScope(i.pod, s)
}

// lacking returns what a quota misses in a pod: of cpu and memory, what it caps every
// container must name, unless the pod has resources of its own (Constraints and
// enforcePodContainerConstraints).
func (i podItem) lacking(q *quotaState) *Reason {
	if len(q.required) == 0 || i.cluster.options.podLevel() && resourcehelper.IsPodLevelResourcesSet(i.pod) {
		return nil
	}
	var parts, all []string
	for _, name := range q.required {
		var without []string
		for _, containers := range [][]corev1.Container{i.pod.Spec.Containers, i.pod.Spec.InitContainers} {
			for _, c := range containers {
				if !names(c.Resources, name) && !slices.Contains(without, c.Name) {
					without = append(without, c.Name)
				}
			}
		}
		if len(without) > 0 {
			slices.Sort(without)
			parts = append(parts, fmt.Sprintf("%s for: %s", name, strings.Join(without, ",")))
			all = append(all, without...)
		}
	}
	if len(parts) == 0 {
		return nil
	}
	slices.Sort(all)
	return &Reason{
		Message: fmt.Sprintf("failed quota: %s: must specify %s", q.object.Name, strings.Join(parts, "; ")),
		By:      bulkhead.RefTo(q.object), Field: "spec", Containers: slices.Compact(all),
	}
}

// names reports whether a container names the amount that a quota caps.
func names(own corev1.ResourceRequirements, capped corev1.ResourceName) bool {
	list := own.Requests
	name, limit := strings.CutPrefix(string(capped), counted.LimitsPrefix)
	if limit {
		list = own.Limits
	}
	_, ok := list[corev1.ResourceName(strings.TrimPrefix(name, counted.RequestsPrefix))]
	return ok
}

// inScope reports whether a pod is in a scope of quotas (podMatchesScopeFunc).
func (c *Cluster) inScope(pod *corev1.Pod, s corev1.ScopedResourceSelectorRequirement) bool {
	deadline := pod.Spec.ActiveDeadlineSeconds
	switch s.ScopeName {
	case corev1.ResourceQuotaScopeTerminating:
		return deadline != nil && *deadline >= 0
	case corev1.ResourceQuotaScopeNotTerminating:
		return deadline == nil || *deadline < 0
	case corev1.ResourceQuotaScopeBestEffort:
		return c.bestEffort(pod)
	case corev1.ResourceQuotaScopeNotBestEffort:
		return !c.bestEffort(pod)
	case corev1.ResourceQuotaScopePriorityClass:
		return counted.Satisfies([]corev1.ScopedResourceSelectorRequirement{s}, pod.Spec.PriorityClassName)
	case corev1.ResourceQuotaScopeCrossNamespacePodAffinity:
		return crossesNamespaces(pod.Spec.Affinity)
	default:
		return false
	}
}

// bestEffort reports whether a pod asks for no cpu and no memory. Zero is nothing
// (pkg/apis/core/v1/helper/qos/qos.go, ComputePodQOS).
func (c *Cluster) bestEffort(pod *corev1.Pod) bool {
	if own := pod.Spec.Resources; own != nil && c.options.podLevel() && (!c.options.podLevelLate() || resourcehelper.IsPodLevelResourcesSet(pod)) {
		return asksNothing(*own)
	}
	something := func(c corev1.Container) bool { return !asksNothing(c.Resources) }
	return !slices.ContainsFunc(pod.Spec.Containers, something) && !slices.ContainsFunc(pod.Spec.InitContainers, something)
}

func asksNothing(own corev1.ResourceRequirements) bool {
	for _, list := range []corev1.ResourceList{own.Requests, own.Limits} {
		for _, name := range []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory} {
			if amount := list[name]; !amount.IsZero() {
				return false
			}
		}
	}
	return true
}

// crossesNamespaces reports whether a term of pod affinity names namespaces, were it
// the pod's own (usesCrossNamespacePodAffinity).
func crossesNamespaces(affinity *corev1.Affinity) bool {
	if affinity == nil {
		return false
	}
	crosses := func(t corev1.PodAffinityTerm) bool { return len(t.Namespaces) > 0 || t.NamespaceSelector != nil }
	weighted := func(t corev1.WeightedPodAffinityTerm) bool { return crosses(t.PodAffinityTerm) }
	if a := affinity.PodAffinity; a != nil {
		if slices.ContainsFunc(a.RequiredDuringSchedulingIgnoredDuringExecution, crosses) ||
			slices.ContainsFunc(a.PreferredDuringSchedulingIgnoredDuringExecution, weighted) {
			return true
		}
	}
	if a := affinity.PodAntiAffinity; a != nil {
		return slices.ContainsFunc(a.RequiredDuringSchedulingIgnoredDuringExecution, crosses) ||
			slices.ContainsFunc(a.PreferredDuringSchedulingIgnoredDuringExecution, weighted)
	}
	return false
}
