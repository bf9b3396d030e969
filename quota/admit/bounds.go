// SPDX-License-Identifier: Apache-2.0

package admit

import (
	"fmt"
	"maps"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	resourcehelper "k8s.io/component-helpers/resource"
)

// check returns what an item has against requests and limits, each in the server's
// words.
func (item boundItem) check(requests, limits corev1.ResourceList) []string {
	var out []string
	note := func(message string) {
		if message != "" {
			out = append(out, message)
		}
	}
	for _, b := range item.min {
		note(b.below(item.kind, requests, limits))
	}
	for _, b := range item.max {
		note(b.above(item.kind, requests, limits))
	}
	for _, b := range item.ratio {
		note(b.apart(item.kind, requests, limits))
	}
	return out
}

// A podSum is what the containers of a pod ask for and may take in all, added up once:
// LimitRanges and quotas both look at it.
type podSum struct{ requests, limits corev1.ResourceList }

func sumOf(pod *corev1.Pod) podSum {
	options := resourcehelper.PodResourcesOptions{ExcludeOverhead: true, SkipPodLevelResources: true}
	return podSum{resourcehelper.PodRequests(pod, options), resourcehelper.PodLimits(pod, options)}
}

// forLimits returns a sum as LimitRanges of pods see it, which is not as quotas do:
// without overhead, and of the pod's own resources cpu and memory alone (podRequests
// and podLimits there).
func (s podSum) forLimits(pod *corev1.Pod) (requests, limits corev1.ResourceList) {
	own := pod.Spec.Resources
	if own == nil {
		return s.requests, s.limits
	}
	requests, limits = maps.Clone(s.requests), maps.Clone(s.limits)
	for _, name := range []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory} {
		if amount, ok := own.Requests[name]; ok {
			requests[name] = amount
		}
		if amount, ok := own.Limits[name]; ok {
			limits[name] = amount
		}
	}
	return requests, limits
}

// below returns why something takes less than it must.
func (b bound) below(kind corev1.LimitType, requests, limits corev1.ResourceList) string {
	request, asked := requests[b.name]
	limit, limited := limits[b.name]
	req, lim, least := alike(request, limit, b.amount)
	switch {
	case !asked:
		return fmt.Sprintf("minimum %s usage per %s is %s.  No request is specified", b.name, kind, b.amount.String())
	case req < least:
		return fmt.Sprintf("minimum %s usage per %s is %s, but request is %s", b.name, kind, b.amount.String(), request.String())
	case limited && lim < least:
		return fmt.Sprintf("minimum %s usage per %s is %s, but limit is %s", b.name, kind, b.amount.String(), limit.String())
	default:
		return ""
	}
}

// above returns why something takes more than it may.
func (b bound) above(kind corev1.LimitType, requests, limits corev1.ResourceList) string {
	request, asked := requests[b.name]
	limit, limited := limits[b.name]
	req, lim, most := alike(request, limit, b.amount)
	switch {
	case !limited:
		return fmt.Sprintf("maximum %s usage per %s is %s.  No limit is specified", b.name, kind, b.amount.String())
	case lim > most:
		return fmt.Sprintf("maximum %s usage per %s is %s, but limit is %s", b.name, kind, b.amount.String(), limit.String())
	case asked && req > most:
		return fmt.Sprintf("maximum %s usage per %s is %s, but request is %s", b.name, kind, b.amount.String(), request.String())
	default:
		return ""
	}
}

// aboveRequest is above for what has no limits.
func (b bound) aboveRequest(kind corev1.LimitType, requests corev1.ResourceList) string {
	request, asked := requests[b.name]
	req, _, most := alike(request, resource.Quantity{}, b.amount)
	switch {
	case !asked:
		return fmt.Sprintf("maximum %s usage per %s is %s.  No request is specified", b.name, kind, b.amount.String())
	case req > most:
		return fmt.Sprintf("maximum %s usage per %s is %s, but request is %s", b.name, kind, b.amount.String(), request.String())
	default:
		return ""
	}
}

// apart returns why a limit is too far from its request.
func (b bound) apart(kind corev1.LimitType, requests, limits corev1.ResourceList) string {
	request, asked := requests[b.name]
	limit, limited := limits[b.name]
	req, lim, _ := alike(request, limit, b.amount)
	if !asked || req == 0 {
		return fmt.Sprintf("%s max limit to request ratio per %s is %s, but no request is specified or request is 0", b.name, kind, b.amount.String())
	}
	if !limited || lim == 0 {
		return fmt.Sprintf("%s max limit to request ratio per %s is %s, but no limit is specified or limit is 0", b.name, kind, b.amount.String())
	}
	ratio := float64(lim) / float64(req)
	shown, most := ratio, float64(b.amount.Value())
	if b.amount.Value() <= resource.MaxMilliValue {
		ratio, most = ratio*1000, float64(b.amount.MilliValue())
	}
	if ratio > most {
		return fmt.Sprintf("%s max limit to request ratio per %s is %s, but provided ratio is %f", b.name, kind, b.amount.String(), shown)
	}
	return ""
}

// alike returns three amounts in the finest unit that all have in 64 bits, thousandths
// or ones (requestLimitEnforcedValues).
func alike(request, limit, enforced resource.Quantity) (int64, int64, int64) {
	r, l, e := request.Value(), limit.Value(), enforced.Value()
	if r <= resource.MaxMilliValue && l <= resource.MaxMilliValue && e <= resource.MaxMilliValue {
		return request.MilliValue(), limit.MilliValue(), enforced.MilliValue()
	}
	return r, l, e
}
