// SPDX-License-Identifier: Apache-2.0

package admit

import (
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/watertight-go/watertight/quota/internal/counted"
	"github.com/watertight-go/watertight/quota/internal/podlevel"
)

// defaulted returns a pod as the server has it before admission, as far as admission
// and quotas look at it (Kubernetes v1.37, pkg/apis/core/v1/defaults.go). It shares
// with the original what no stage changes. The status of a new pod is dropped.
func (c *Cluster) defaulted(original *corev1.Pod) *corev1.Pod {
	pod := *original
	pod.Status = corev1.PodStatus{}
	spec := &pod.Spec
	spec.Containers = defaultedContainers(spec.Containers, spec.HostNetwork)
	spec.InitContainers = defaultedContainers(spec.InitContainers, spec.HostNetwork)
	spec.Overhead = counted.Rounded(spec.Overhead)
	spec.Volumes = defaultedVolumes(spec.Volumes)
	switch {
	case spec.Resources == nil:
	case !c.options.podLevel():
		spec.Resources = nil
	default:
		spec.Resources = &corev1.ResourceRequirements{
			Requests: counted.Rounded(spec.Resources.Requests), Limits: counted.Rounded(spec.Resources.Limits), Claims: spec.Resources.Claims,
		}
		if !c.options.podLevelLate() {
			podlevel.FillEarly(&pod)
		}
	}
	return &pod
}

// defaultedContainers copies containers. What they may take at most is also what they
// ask for, and on the network of the node a port is one of the node.
func defaultedContainers(containers []corev1.Container, hostNetwork bool) []corev1.Container {
	containers = slices.Clone(containers)
	for i := range containers {
		own := &containers[i].Resources
		own.Limits, own.Requests = rounded(own.Limits), rounded(own.Requests)
		fill(&own.Requests, own.Limits)
		if !hostNetwork {
			continue
		}
		ports := slices.Clone(containers[i].Ports)
		for j := range ports {
			if ports[j].HostPort == 0 {
				ports[j].HostPort = ports[j].ContainerPort
			}
		}
		containers[i].Ports = ports
	}
	return containers
}

// rounded rounds amounts as the server does. A list in which there is nothing to round
// is returned as it is.
func rounded(list corev1.ResourceList) corev1.ResourceList {
	const large = 1 << 53 // above, an amount may be held in a way that counts differently
	for _, amount := range list {
		up := resource.NewMilliQuantity(amount.MilliValue(), amount.Format)
		if amount.Cmp(*up) != 0 || amount.Value() > large || amount.Value() < -large {
			return counted.Rounded(list)
		}
	}
	return list
}

// fill gives a list what only more has. The list is copied first: it may be a part of
// the pod that was asked about, or of a LimitRange. An empty one becomes more itself.
func fill(list *corev1.ResourceList, more corev1.ResourceList) {
	if len(*list) == 0 && len(more) > 0 {
		*list = more
		return
	}
	copied := false
	for name, amount := range more {
		if _, ok := (*list)[name]; ok {
			continue
		}
		if !copied {
			own := make(corev1.ResourceList, len(*list)+len(more))
			maps.Copy(own, *list)
			*list, copied = own, true
		}
		(*list)[name] = amount
	}
}

// defaultedVolumes makes volumes that name no source empty directories.
func defaultedVolumes(volumes []corev1.Volume) []corev1.Volume {
	copied := false
	for i := range volumes {
		if volumes[i].VolumeSource != (corev1.VolumeSource{}) {
			continue
		}
		if !copied {
			volumes, copied = slices.Clone(volumes), true
		}
		volumes[i].EmptyDir = &corev1.EmptyDirVolumeSource{}
	}
	return volumes
}
