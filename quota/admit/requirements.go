// SPDX-License-Identifier: Apache-2.0

package admit

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation/field"
	resourcehelper "k8s.io/component-helpers/resource"

	"github.com/watertight-go/watertight/quota/internal/counted"
)

// A requirement is what one place of a pod asks for and may take.
type requirement struct {
	own       corev1.ResourceRequirements
	container string // its name; empty for the pod's own resources and its overhead
	refused   func(corev1.ResourceName, *field.Path) field.ErrorList
	at        func() *field.Path // made when needed: most requirements are right
}

// validateResources refuses amounts of a pod that do not go together, which may be so
// after LimitRanges have filled some in (Kubernetes v1.37,
// pkg/apis/core/validation/validation.go, ValidateContainerResourceRequirements,
// validatePodResources and validateOverhead).
func (c *Cluster) validateResources(pod *corev1.Pod) *Result {
	spec := field.NewPath("spec")
	var reasons []Reason
	check := func(r requirement) {
		for _, err := range r.check() {
			reasons = append(reasons, invalid(err, r.container))
		}
	}
	containers := func(list []corev1.Container, name string) {
		for i := range list {
			check(requirement{list[i].Resources, list[i].Name, counted.RefusedContainerName, func() *field.Path {
				return spec.Child(name).Index(i).Child("resources")
			}})
		}
	}
	containers(pod.Spec.InitContainers, "initContainers")
	containers(pod.Spec.Containers, "containers")
	if own := pod.Spec.Resources; own != nil {
		at := spec.Child("resources")
		check(requirement{*own, "", refusedPodLevelName, func() *field.Path { return at }})
		reasons = append(reasons, inconsistent(pod, at)...)
	}
	if len(pod.Spec.Overhead) > 0 {
		check(requirement{corev1.ResourceRequirements{Limits: pod.Spec.Overhead}, "", counted.RefusedContainerName, func() *field.Path {
			return spec.Child("overhead")
		}})
	}
	if len(reasons) == 0 {
		return nil
	}
	r := refuse(Validation, reasons...)
	r.Message = aggregated(reasons)
	return r
}

func invalid(err *field.Error, container string) Reason {
	reason := Reason{Message: err.Error(), Field: err.Field}
	if container != "" {
		reason.Containers = []string{container}
	}
	return reason
}

// plain reports whether a requirement is of cpu and memory, and right: nearly all are.
func (r requirement) plain() bool {
	for name, limit := range r.own.Limits {
		if name != corev1.ResourceCPU && name != corev1.ResourceMemory || limit.Sign() < 0 {
			return false
		}
	}
	for name, request := range r.own.Requests {
		if name != corev1.ResourceCPU && name != corev1.ResourceMemory || request.Sign() < 0 {
			return false
		}
		if limit, ok := r.own.Limits[name]; ok && request.Cmp(limit) > 0 {
			return false
		}
	}
	return true
}

// check returns what is wrong with a requirement on its own.
func (r requirement) check() field.ErrorList {
	if r.plain() {
		return nil
	}
	var errs field.ErrorList
	pages, processors := false, false
	note := func(name corev1.ResourceName) {
		pages = pages || counted.IsHugePages(name)
		processors = processors || name == corev1.ResourceCPU || name == corev1.ResourceMemory
	}
	for _, name := range sortedKeys(r.own.Limits) {
		note(name)
		errs = append(errs, r.amount("limits", name, r.own.Limits[name])...)
	}
	for _, name := range sortedKeys(r.own.Requests) {
		note(name)
		request := r.own.Requests[name]
		errs = append(errs, r.amount("requests", name, request)...)
		limit, limited := r.own.Limits[name]
		overcommit := counted.IsNative(name) && !counted.IsHugePages(name)
		switch order := request.Cmp(limit); {
		case !limited && !overcommit:
			errs = append(errs, field.Required(r.at().Child("limits"), "Limit must be set for non overcommitable resources"))
		case limited && !overcommit && order != 0:
			errs = append(errs, field.Invalid(r.at().Child("requests"), request.String(), fmt.Sprintf("must be equal to %s limit of %s", name, limit.String())))
		case limited && order > 0:
			errs = append(errs, field.Invalid(r.at().Child("requests"), request.String(), fmt.Sprintf("must be less than or equal to %s limit of %s", name, limit.String())))
		}
	}
	if pages && !processors {
		errs = append(errs, field.Forbidden(r.at(), "HugePages require cpu or memory"))
	}
	return errs
}

// amount returns what is wrong with one amount and its name.
func (r requirement) amount(list string, name corev1.ResourceName, amount resource.Quantity) field.ErrorList {
	at := r.at().Child(list).Key(string(name))
	errs := r.refused(name, at)
	if amount.Sign() < 0 {
		errs = append(errs, field.Invalid(at, amount.String(), "must be greater than or equal to 0"))
	}
	if counted.IsWhole(name) && amount.MilliValue()%1000 != 0 {
		errs = append(errs, field.Invalid(at, amount.String(), "must be an integer"))
	}
	if counted.IsHugePages(name) && !wholePages(name, amount) {
		errs = append(errs, field.Invalid(at, amount.String(), fmt.Sprintf("%s is not positive integer multiple of %s", amount.String(), name)))
	}
	return errs
}

// wholePages reports whether an amount of huge pages is so many whole ones
// (pkg/apis/core/helper/helpers.go, IsHugePageResourceValueDivisible).
func wholePages(name corev1.ResourceName, amount resource.Quantity) bool {
	size, err := resource.ParseQuantity(strings.TrimPrefix(string(name), corev1.ResourceHugePagesPrefix))
	return err == nil && size.Sign() > 0 && size.MilliValue()%1000 == 0 && amount.Value()%size.Value() == 0
}

func refusedPodLevelName(name corev1.ResourceName, at *field.Path) field.ErrorList {
	if resourcehelper.IsSupportedPodLevelResource(name) {
		return nil
	}
	known := []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceHugePagesPrefix, corev1.ResourceMemory}
	return field.ErrorList{field.NotSupported(at, name, known)}
}

// inconsistent returns where a pod's own resources are less than those of its
// containers (validatePodResourceConsistency).
func inconsistent(pod *corev1.Pod, at *field.Path) []Reason {
	var out []Reason
	own := pod.Spec.Resources
	if own.Claims != nil {
		out = append(out, invalid(field.Forbidden(at.Child("claims"), "claims may not be set for Resources at pod-level"), ""))
	}
	whose := func(list string, name corev1.ResourceName) []string { return askingFor(pod, list, name) }
	requests := resourcehelper.AggregateContainerRequests(pod, resourcehelper.PodResourcesOptions{})
	for _, name := range sortedKeys(requests) {
		sum := requests[name]
		if amount, ok := own.Requests[name]; ok && sum.Cmp(amount) > 0 {
			reason := invalid(field.Invalid(at.Child("requests").Key(string(name)), amount.String(),
				"must be greater than or equal to aggregate container requests of "+sum.String()), "")
			reason.Containers = whose("requests", name)
			out = append(out, reason)
		}
	}
	limits := resourcehelper.AggregateContainerLimits(pod, resourcehelper.PodResourcesOptions{})
	for _, name := range sortedKeys(limits) {
		sum := limits[name]
		if amount, ok := own.Limits[name]; ok && counted.IsHugePages(name) && sum.Cmp(amount) > 0 {
			reason := invalid(field.Invalid(at.Child("limits").Key(string(name)), amount.String(),
				"must be greater than or equal to aggregate container limits of "+sum.String()), "")
			reason.Containers = whose("limits", name)
			out = append(out, reason)
		}
	}
	for i, c := range pod.Spec.Containers {
		for _, name := range sortedKeys(c.Resources.Limits) {
			limit := c.Resources.Limits[name]
			if most, ok := own.Limits[name]; ok && limit.Cmp(most) > 0 {
				place := at.Child("containers").Index(i).Key(string(name)).Child("limits") // as the server writes it
				out = append(out, invalid(field.Invalid(place, limit.String(), "must be less than or equal to pod limits of "+most.String()), c.Name))
			}
		}
	}
	return out
}

// askingFor returns the containers whose list has a resource.
func askingFor(pod *corev1.Pod, list string, name corev1.ResourceName) []string {
	var out []string
	for _, containers := range [][]corev1.Container{pod.Spec.Containers, pod.Spec.InitContainers} {
		for _, c := range containers {
			amounts := c.Resources.Requests
			if list == "limits" {
				amounts = c.Resources.Limits
			}
			if _, ok := amounts[name]; ok {
				out = append(out, c.Name)
			}
		}
	}
	slices.Sort(out)
	return out
}
