// SPDX-License-Identifier: Apache-2.0

package schedule

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/watertight-go/watertight/quota/internal/counted"
	"github.com/watertight-go/watertight/quota/internal/podlevel"
)

// filledIn returns a pod's spec with the requests and limits that admission gives it, and
// by resource what is missing to tell: first a request from the container's own limit,
// then limits and requests from the defaults of a LimitRange, and of the pod itself, if
// it asks for anything, what its containers come to (Kubernetes v1.37,
// pkg/apis/core/v1/defaults.go, plugin/pkg/admission/limitranger/admission.go, and
// pkg/api/pod/util.go).
func (c *Cluster) filledIn(namespace string, spec *corev1.PodSpec) (*corev1.PodSpec, map[corev1.ResourceName]string) {
	h := c.home(namespace)
	out := spec.DeepCopy()
	missing := make(map[corev1.ResourceName]string)
	for _, list := range [][]corev1.Container{out.InitContainers, out.Containers} {
		for i := range list {
			for _, name := range capped() {
				if m := c.fill(h, name, &list[i].Resources); m != "" {
					missing[name] = m
				}
			}
		}
	}
	podlevel.Fill(&corev1.Pod{Spec: *out})
	return out, missing
}

// overhead gives a new pod that of its RuntimeClass, and returns what is missing to tell
// (plugin/pkg/admission/runtimeclass/admission.go). A pod that names one itself is
// refused unless it is the same.
func (c *Cluster) overhead(spec *corev1.PodSpec) string {
	if spec.RuntimeClassName == nil || *spec.RuntimeClassName == "" || spec.Overhead != nil {
		return ""
	}
	class := c.runtimes[*spec.RuntimeClassName]
	if class == nil {
		return "RuntimeClass " + *spec.RuntimeClassName
	}
	if class.Overhead != nil {
		spec.Overhead = class.Overhead.PodFixed
	}
	return ""
}

// fill completes one resource of a container. Two LimitRanges with defaults give
// either's, by chance.
func (c *Cluster) fill(h *home, name corev1.ResourceName, r *corev1.ResourceRequirements) string {
	requestLimit(name, r)
	_, limit := r.Limits[name]
	_, request := r.Requests[name]
	if limit && request {
		return ""
	}
	limits, requests, sources := defaults(h, name)
	if !limit && limits != nil {
		set(&r.Limits, name, *limits)
	}
	if !request && requests != nil {
		set(&r.Requests, name, *requests)
	}
	switch {
	case sources > 1:
		return "which LimitRange of namespace " + h.name + " fills in the " + string(name)
	case !c.whole || len(h.doubts) > 0:
		return "all LimitRanges of namespace " + h.name
	default:
		return ""
	}
}

// requestLimit requests what is limited and not requested.
func requestLimit(name corev1.ResourceName, r *corev1.ResourceRequirements) {
	limit, limited := r.Limits[name]
	if _, requested := r.Requests[name]; limited && !requested {
		set(&r.Requests, name, limit)
	}
}

func set(list *corev1.ResourceList, name corev1.ResourceName, amount resource.Quantity) {
	if *list == nil {
		*list = make(corev1.ResourceList)
	}
	(*list)[name] = amount
}

// defaults returns the default limit and request for containers of a namespace, and
// how many items give one.
func defaults(h *home, name corev1.ResourceName) (limit, request *resource.Quantity, sources int) {
	for _, object := range h.limits {
		for _, item := range object.Spec.Limits {
			if item.Type != corev1.LimitTypeContainer {
				continue
			}
			stored := counted.StoredLimits(item)
			l, limits := stored.Default[name]
			r, requests := stored.DefaultRequest[name]
			if limits || requests {
				limit, request = given(l, limits), given(r, requests)
				sources++
			}
		}
	}
	return limit, request, sources
}

func given(amount resource.Quantity, there bool) *resource.Quantity {
	if !there {
		return nil
	}
	return &amount
}
