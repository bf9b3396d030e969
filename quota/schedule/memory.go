// SPDX-License-Identifier: Apache-2.0

package schedule

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	resources "k8s.io/component-helpers/resource"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
	"github.com/watertight-go/watertight/quota/internal/priority"
)

// A memory is what is known of the memory of one pod of a workload.
type memory struct {
	class   corev1.PodQOSClass
	request resource.Quantity
	usage   *resource.Quantity
	// exceeds and keeps say that the usage is above the requests for certain, or
	// never; neither, that it depends.
	exceeds, keeps bool
	missing        string // what decides, if neither
}

// memoryOf works out what the kubelet compares: the requests as admission fills them
// in, and the usage. Without figures a pod that asks for nothing uses more, and one
// whose limits are its requests cannot.
func (c *Cluster) memoryOf(w workload.Workload) memory {
	ref := bulkhead.RefTo(w.Object)
	spec, missing, runtime := w.Spec, map[corev1.ResourceName]string(nil), ""
	if !priority.Stored(w.Object) {
		spec, missing = c.filledIn(w.Object.GetNamespace(), w.Spec)
		runtime = c.overhead(spec)
	}
	pod := &corev1.Pod{Spec: *spec}
	m := memory{missing: missing[corev1.ResourceMemory], request: requested(pod)}
	if len(missing) == 0 {
		m.class = qosClass(spec)
	}
	if m.missing != "" {
		return m
	}
	m.exceeds = m.request.IsZero()
	if used, known := c.options.Usage[ref][corev1.ResourceMemory]; known && used.Sign() >= 0 {
		if runtime != "" && !m.request.IsZero() {
			m.missing = runtime
			return m
		}
		m.usage = &used
		m.exceeds = used.Cmp(m.request) > 0
		m.keeps = !m.exceeds
		return m
	}
	// An overhead is on both sides, so it does not matter here which it is. The limit
	// that is enforced is in whole bytes (pkg/kubelet/cm/helpers_linux.go).
	limit := resources.PodLimits(pod, resources.PodResourcesOptions{})[corev1.ResourceMemory]
	m.keeps = !m.exceeds && limited(spec) && m.request.CmpInt64(limit.Value()) >= 0
	if !m.exceeds && !m.keeps {
		m.missing = "the memory that a pod of " + ref.String() + " uses"
	}
	return m
}

// requested returns what the kubelet takes a pod to request of memory. A pod with
// resources of its own, whichever they are, has no others, and an overhead adds to a
// request but is none (Kubernetes v1.37, pkg/api/v1/resource/helpers.go,
// GetResourceRequestQuantity).
func requested(pod *corev1.Pod) resource.Quantity {
	request := resources.PodRequests(pod, resources.PodResourcesOptions{
		SkipContainerLevelResources: resources.IsPodLevelResourcesSet(pod), ExcludeOverhead: true,
	})[corev1.ResourceMemory]
	if overhead, there := pod.Spec.Overhead[corev1.ResourceMemory]; there && !request.IsZero() {
		request.Add(overhead)
	}
	return request
}

// limited reports whether the memory of a pod is bounded. A limit of zero is none
// (pkg/kubelet/kuberuntime/kuberuntime_container_linux.go, calculateLinuxResources).
func limited(spec *corev1.PodSpec) bool {
	if spec.Resources != nil {
		if limit := spec.Resources.Limits[corev1.ResourceMemory]; limit.Sign() > 0 {
			return true
		}
	}
	for _, list := range [][]corev1.Container{spec.InitContainers, spec.Containers} {
		for _, container := range list {
			if limit := container.Resources.Limits[corev1.ResourceMemory]; limit.Sign() <= 0 {
				return false
			}
		}
	}
	return true
}

// qosClass returns the class that the kubelet gives a pod (pkg/apis/core/v1/helper/
// qos/qos.go, ComputePodQOS, v1.37).
func qosClass(spec *corev1.PodSpec) corev1.PodQOSClass {
	if resources.IsPodLevelResourcesSet(&corev1.Pod{Spec: *spec}) {
		return qosOf(*spec.Resources)
	}
	var class corev1.PodQOSClass
	for _, list := range [][]corev1.Container{spec.InitContainers, spec.Containers} {
		for _, container := range list {
			one := qosOf(container.Resources)
			if class != "" && class != one {
				return corev1.PodQOSBurstable
			}
			class = one
		}
	}
	if class == "" {
		return corev1.PodQOSBestEffort
	}
	return class
}

func qosOf(r corev1.ResourceRequirements) corev1.PodQOSClass {
	var class corev1.PodQOSClass
	for _, name := range capped() {
		request, limit := r.Requests[name], r.Limits[name]
		one := corev1.PodQOSGuaranteed
		switch {
		case !request.Equal(limit):
			return corev1.PodQOSBurstable
		case request.IsZero():
			one = corev1.PodQOSBestEffort
		}
		if class != "" && class != one {
			return corev1.PodQOSBurstable
		}
		class = one
	}
	return class
}

// possible returns whether the usage is above the requests, for all that it may be.
func (m memory) possible() []bool {
	switch {
	case m.exceeds:
		return []bool{true}
	case m.keeps:
		return []bool{false}
	default:
		return []bool{false, true}
	}
}

// over returns by how much the usage is above the requests.
func (m memory) over() resource.Quantity {
	out := m.usage.DeepCopy()
	out.Sub(m.request)
	return out
}

// words names the QoS class, if it is known.
func (m memory) words() string {
	if m.class == "" {
		return ""
	}
	return " (" + string(m.class) + ")"
}
