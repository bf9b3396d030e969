// SPDX-License-Identifier: Apache-2.0

package admit

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	resourcehelper "k8s.io/component-helpers/resource"

	"github.com/watertight-go/watertight/quota/internal/counted"
)

// deviceClassPrefix begins the resources that a class of devices gives (Kubernetes
// v1.37, k8s.io/api/resource/v1, ResourceDeviceClassPrefix).
const deviceClassPrefix = "deviceclass.resource.kubernetes.io/"

// podUsage returns what quotas charge for a pod that has not ended (Kubernetes v1.37,
// pkg/quota/v1/evaluator/core/pods.go, PodUsageFunc).
func (c *Cluster) podUsage(pod *corev1.Pod, sum podSum) corev1.ResourceList {
	// What a kubelet has given counts as well. Of a new pod that is nothing.
	given := len(pod.Status.ContainerStatuses)+len(pod.Status.InitContainerStatuses) > 0
	if given || pod.Spec.Resources != nil || pod.Spec.Overhead != nil {
		options := resourcehelper.PodResourcesOptions{UseStatusResources: given, SkipPodLevelResources: !c.options.podLevel()}
		sum = podSum{resourcehelper.PodRequests(pod, options), resourcehelper.PodLimits(pod, options)}
	}
	usage := computeUsage(sum.requests, sum.limits)
	usage[counted.CountPrefix+"pods"] = one()
	usage[corev1.ResourcePods] = one()
	return usage
}

// computeUsage names amounts as quotas do (podComputeUsageHelper).
func computeUsage(requests, limits corev1.ResourceList) corev1.ResourceList {
	out := make(corev1.ResourceList, 2*len(requests)+len(limits)+2)
	for name, request := range requests {
		switch {
		case isCompute(name), counted.IsHugePages(name):
			out[name] = request
			out[requested(name)] = request
		case counted.IsExtended(name), strings.HasPrefix(string(name), deviceClassPrefix):
			out[counted.RequestsPrefix+name] = request
		}
	}
	for name, limit := range limits {
		if isCompute(name) {
			out[limited(name)] = limit
		}
	}
	return out
}

// requested and limited name what quotas charge for requests and limits, the usual ones
// without making a word.
func requested(name corev1.ResourceName) corev1.ResourceName {
	switch name {
	case corev1.ResourceCPU:
		return corev1.ResourceRequestsCPU
	case corev1.ResourceMemory:
		return corev1.ResourceRequestsMemory
	default:
		return counted.RequestsPrefix + name
	}
}

func limited(name corev1.ResourceName) corev1.ResourceName {
	switch name {
	case corev1.ResourceCPU:
		return corev1.ResourceLimitsCPU
	case corev1.ResourceMemory:
		return corev1.ResourceLimitsMemory
	default:
		return counted.LimitsPrefix + name
	}
}

func isCompute(name corev1.ResourceName) bool {
	return name == corev1.ResourceCPU || name == corev1.ResourceMemory || name == corev1.ResourceEphemeralStorage
}

// countsPods reports whether a resource of a quota is one that pods are charged for
// (podResources, podResourcePrefixes and isExtendedResourceNameForQuota).
func countsPods(name corev1.ResourceName) bool {
	switch base, requested := strings.CutPrefix(string(name), counted.RequestsPrefix); {
	case name == corev1.ResourcePods, name == counted.CountPrefix+"pods", isCompute(name), counted.IsQuotaHugePages(name):
		return true
	case requested:
		return isCompute(corev1.ResourceName(base)) || !counted.IsNative(name) || strings.HasPrefix(base, deviceClassPrefix)
	default:
		limit, limited := strings.CutPrefix(string(name), counted.LimitsPrefix)
		return limited && isCompute(corev1.ResourceName(limit))
	}
}
