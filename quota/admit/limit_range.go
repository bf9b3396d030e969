// SPDX-License-Identifier: Apache-2.0

package admit

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/internal/counted"
)

// A limitRange is a LimitRange as the plugin LimitRanger reads it (Kubernetes v1.37,
// plugin/pkg/admission/limitranger/admission.go).
type limitRange struct {
	object           *corev1.LimitRange
	ref              bulkhead.Ref
	limits, requests corev1.ResourceList // of containers that name none
	items            []boundItem
}

// A boundItem is one item, with its amounts in the order of their names.
type boundItem struct {
	kind            corev1.LimitType
	min, max, ratio []bound
}

type bound struct {
	name   corev1.ResourceName
	amount resource.Quantity
}

func newLimitRange(object *corev1.LimitRange) *limitRange {
	lr := &limitRange{
		object: object, ref: bulkhead.RefTo(object),
		limits: make(corev1.ResourceList), requests: make(corev1.ResourceList),
	}
	for _, written := range object.Spec.Limits {
		item := counted.StoredLimits(written)
		if item.Type == corev1.LimitTypeContainer {
			maps.Copy(lr.limits, item.Default)
			maps.Copy(lr.requests, item.DefaultRequest)
		}
		lr.items = append(lr.items, boundItem{
			kind: item.Type, min: bounds(item.Min), max: bounds(item.Max), ratio: bounds(item.MaxLimitRequestRatio),
		})
	}
	return lr
}

func bounds(list corev1.ResourceList) []bound {
	var out []bound
	for _, name := range sortedKeys(list) {
		out = append(out, bound{name, list[name]})
	}
	return out
}

// fillIn gives the containers of a pod what they do not name.
func (lr *limitRange) fillIn(pod *corev1.Pod) {
	for _, containers := range [][]corev1.Container{pod.Spec.Containers, pod.Spec.InitContainers} {
		for i := range containers {
			fill(&containers[i].Resources.Limits, lr.limits)
			fill(&containers[i].Resources.Requests, lr.requests)
		}
	}
}

// checkPod returns what a LimitRange has against a pod.
func (lr *limitRange) checkPod(pod *corev1.Pod, sum podSum) []Reason {
	var reasons []Reason
	for _, item := range lr.items {
		switch item.kind {
		case corev1.LimitTypeContainer:
			for i, c := range pod.Spec.Containers {
				reasons = lr.about(reasons, item.check(c.Resources.Requests, c.Resources.Limits), "spec.containers", i, c.Name)
			}
			for i, c := range pod.Spec.InitContainers {
				reasons = lr.about(reasons, item.check(c.Resources.Requests, c.Resources.Limits), "spec.initContainers", i, c.Name)
			}
		case corev1.LimitTypePod:
			for _, message := range item.check(sum.forLimits(pod)) {
				reasons = append(reasons, Reason{Message: message, By: lr.ref, Field: "spec", Containers: containerNames(pod)})
			}
		case corev1.LimitTypePersistentVolumeClaim: // not about pods
		}
	}
	return reasons
}

func (lr *limitRange) about(reasons []Reason, messages []string, list string, i int, name string) []Reason {
	for _, message := range messages {
		reasons = append(reasons, Reason{
			Message: message, By: lr.ref, Field: fmt.Sprintf("%s[%d].resources", list, i), Containers: []string{name},
		})
	}
	return reasons
}

// checkClaim returns what a LimitRange has against a claim: of it the requests alone
// count.
func (lr *limitRange) checkClaim(claim *corev1.PersistentVolumeClaim) []Reason {
	requests := counted.Rounded(claim.Spec.Resources.Requests)
	var reasons []Reason
	for _, item := range lr.items {
		if item.kind != corev1.LimitTypePersistentVolumeClaim {
			continue
		}
		messages := make([]string, 0, len(item.min)+len(item.max))
		for _, b := range item.min {
			messages = append(messages, b.below(item.kind, requests, nil))
		}
		for _, b := range item.max {
			messages = append(messages, b.aboveRequest(item.kind, requests))
		}
		for _, message := range messages {
			if message != "" {
				reasons = append(reasons, Reason{Message: message, By: lr.ref, Field: "spec.resources.requests"})
			}
		}
	}
	return reasons
}

// checkLimits holds a pod or a claim against all LimitRanges. The server stops at the
// first that refuses, in an order of its own.
func (h *home) checkLimits(against func(*limitRange) []Reason) *Result {
	var all []Reason
	var message string
	for _, lr := range h.limits {
		reasons := against(lr)
		if message == "" {
			message = aggregated(reasons)
		}
		all = append(all, reasons...)
	}
	if len(all) == 0 {
		return nil
	}
	r := refuse(LimitRanger, all...)
	r.Message = message
	return r
}

// aggregated joins messages as the server does, each once (apimachinery
// pkg/util/errors, NewAggregate).
func aggregated(reasons []Reason) string {
	var messages []string
	for _, r := range reasons {
		if !slices.Contains(messages, r.Message) {
			messages = append(messages, r.Message)
		}
	}
	switch len(messages) {
	case 0:
		return ""
	case 1:
		return messages[0]
	default:
		return "[" + strings.Join(messages, ", ") + "]"
	}
}

func containerNames(pod *corev1.Pod) []string {
	var out []string
	for _, c := range pod.Spec.Containers {
		out = append(out, c.Name)
	}
	for _, c := range pod.Spec.InitContainers {
		out = append(out, c.Name)
	}
	slices.Sort(out)
	return out
}
