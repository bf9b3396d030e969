// SPDX-License-Identifier: Apache-2.0

// Package podlevel completes the resources that a pod itself asks for, beside those of
// its containers, as kube-apiserver does.
package podlevel

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	resourcehelper "k8s.io/component-helpers/resource"

	"github.com/watertight-go/watertight/quota/internal/counted"
)

// Fill completes a pod's own resources from those of its containers, as the
// server does from 1.37 on after the plugins that change pods
// (pkg/api/pod/util.go, DefaultPodLevelResources).
func Fill(pod *corev1.Pod) {
	own := pod.Spec.Resources
	if own == nil || len(own.Requests)+len(own.Limits) == 0 {
		return
	}
	fillHugePageLimits(pod)
	fillPodRequests(pod)
	fillPodLimits(pod)
}

// FillEarly is what servers before 1.37 do as they decode a pod: requests are
// completed where limits are named, and limits of huge pages alone
// (pkg/apis/core/v1/defaults.go, defaultPodRequests and defaultHugePagePodLimits).
func FillEarly(pod *corev1.Pod) {
	own := pod.Spec.Resources
	if own == nil || len(own.Requests)+len(own.Limits) == 0 {
		return
	}
	fillHugePageLimits(pod)
	if len(own.Limits) > 0 {
		fillPodRequests(pod)
	}
}

func fillHugePageLimits(pod *corev1.Pod) {
	own := pod.Spec.Resources
	for name, limit := range resourcehelper.AggregateContainerLimits(pod, resourcehelper.PodResourcesOptions{}) {
		if _, asked := own.Requests[name]; counted.IsHugePages(name) && !asked {
			fillOne(&own.Limits, name, limit)
		}
	}
}

func fillPodRequests(pod *corev1.Pod) {
	own := pod.Spec.Resources
	for name, request := range resourcehelper.AggregateContainerRequests(pod, resourcehelper.PodResourcesOptions{}) {
		if name == corev1.ResourceCPU || name == corev1.ResourceMemory {
			fillOne(&own.Requests, name, request)
		}
	}
	for name, limit := range own.Limits {
		if resourcehelper.IsSupportedPodLevelResource(name) {
			fillOne(&own.Requests, name, limit)
		}
	}
}

// fillPodLimits limits a pod by what its containers may take in all, where each of
// them has a limit, or by what the pod asks for if that is more.
func fillPodLimits(pod *corev1.Pod) {
	own := pod.Spec.Resources
	var sums corev1.ResourceList
	for name, request := range own.Requests {
		if _, limited := own.Limits[name]; limited || !resourcehelper.IsSupportedPodLevelResource(name) || !eachLimits(pod, name) {
			continue
		}
		if sums == nil {
			sums = resourcehelper.AggregateContainerLimits(pod, resourcehelper.PodResourcesOptions{})
		}
		limit, ok := sums[name]
		if !ok {
			continue
		}
		if request.Cmp(limit) > 0 {
			limit = request
		}
		fillOne(&own.Limits, name, limit)
	}
}

// eachLimits reports whether all containers have a limit of a resource.
func eachLimits(pod *corev1.Pod, name corev1.ResourceName) bool {
	lacks := func(c corev1.Container) bool {
		_, ok := c.Resources.Limits[name]
		return !ok
	}
	return !slices.ContainsFunc(pod.Spec.Containers, lacks) && !slices.ContainsFunc(pod.Spec.InitContainers, lacks)
}

// fillOne sets an amount that a list of our own does not have.
func fillOne(list *corev1.ResourceList, name corev1.ResourceName, amount resource.Quantity) {
	if _, ok := (*list)[name]; ok {
		return
	}
	if *list == nil {
		*list = make(corev1.ResourceList)
	}
	(*list)[name] = amount
}
