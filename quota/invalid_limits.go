// SPDX-License-Identifier: Apache-2.0

package quota

import (
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/internal/created"
	"github.com/watertight-go/watertight/quota/internal/counted"
)

// invalidLimits returns what kube-apiserver 1.37 would refuse in a new LimitRange,
// under the same fields (pkg/apis/core/validation, ValidateLimitRange).
func invalidLimits(limits *corev1.LimitRange) field.ErrorList {
	var errs field.ErrorList
	seen := make(map[corev1.LimitType]bool)
	for i, item := range limits.Spec.Limits {
		at := field.NewPath("spec", "limits").Index(i)
		errs = append(errs, invalidLimitType(item.Type, at.Child("type"))...)
		if seen[item.Type] {
			errs = append(errs, field.Duplicate(at.Child("type"), item.Type))
		}
		seen[item.Type] = true
		errs = append(errs, invalidItem(counted.StoredLimits(item), at)...)
	}
	meta := limits.ObjectMeta
	if meta.Name == "" && meta.GenerateName == "" {
		meta.Name = "generated" // as the server does (pkg/registry/core/limitrange/strategy.go)
	}
	return created.Refused(meta, created.Namespaced, apivalidation.NameIsDNSSubdomain, errs)
}

func invalidLimitType(kind corev1.LimitType, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	for _, msg := range validation.IsQualifiedName(string(kind)) {
		errs = append(errs, field.Invalid(at, kind, msg))
	}
	if len(errs) > 0 || strings.Contains(string(kind), "/") {
		return errs
	}
	switch kind {
	case corev1.LimitTypePod, corev1.LimitTypeContainer, corev1.LimitTypePersistentVolumeClaim:
		return nil
	default:
		return field.ErrorList{field.Invalid(at, kind, "must be Container, Pod or PersistentVolumeClaim, or have a domain")}
	}
}

func invalidItem(item corev1.LimitRangeItem, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	lists := map[string]corev1.ResourceList{
		"max": item.Max, "min": item.Min, "maxLimitRequestRatio": item.MaxLimitRequestRatio,
	}
	defaults := map[string]corev1.ResourceList{"default": item.Default, "defaultRequest": item.DefaultRequest}
	if item.Type == corev1.LimitTypePod {
		for _, name := range slices.Sorted(maps.Keys(defaults)) {
			if len(defaults[name]) > 0 {
				errs = append(errs, field.Forbidden(at.Child(name), "pods have no defaults, containers do"))
			}
		}
		item.Default, item.DefaultRequest = nil, nil // and not judged any further
	} else {
		maps.Copy(lists, defaults)
	}
	names := make(map[corev1.ResourceName]bool)
	for _, list := range slices.Sorted(maps.Keys(lists)) {
		for _, name := range slices.Sorted(maps.Keys(lists[list])) {
			names[name] = true
			errs = append(errs, invalidLimitName(item.Type, name, at.Child(list).Key(string(name)))...)
		}
	}
	if item.Type == corev1.LimitTypePersistentVolumeClaim && !has(item.Min, corev1.ResourceStorage) && !has(item.Max, corev1.ResourceStorage) {
		errs = append(errs, field.Required(at.Child("limits"), "claims need a least or a most of storage"))
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		errs = append(errs, invalidAmounts(item, name, at)...)
	}
	return errs
}

func has(list corev1.ResourceList, name corev1.ResourceName) bool {
	_, ok := list[name]
	return ok
}

func invalidLimitName(kind corev1.LimitType, name corev1.ResourceName, at *field.Path) field.ErrorList {
	if kind == corev1.LimitTypePod || kind == corev1.LimitTypeContainer {
		return counted.RefusedContainerName(name, at)
	}
	return counted.RefusedResourceName(name, at)
}

// invalidAmounts compares the amounts of one resource: the least, the default
// request, the default limit and the most must not fall.
//
// The pointers are compared in the server's order, each with the others: a quantity
// that was compared with one beyond 64 bits counts in another way from then on, and
// the ratio shows it.
func invalidAmounts(item corev1.LimitRangeItem, name corev1.ResourceName, at *field.Path) field.ErrorList {
	key := func(list string) *field.Path { return at.Child(list).Key(string(name)) }
	least, most := amountOf(item.Min, name), amountOf(item.Max, name)
	request, limit := amountOf(item.DefaultRequest, name), amountOf(item.Default, name)
	ratio := amountOf(item.MaxLimitRequestRatio, name)
	var errs field.ErrorList
	ordered := func(low, high *resource.Quantity, at *field.Path, words string) {
		if low != nil && high != nil && low.Cmp(*high) > 0 {
			errs = append(errs, field.Invalid(at, low.String(), words+", "+high.String()))
		}
	}
	ordered(least, most, key("min"), "the least is above the most")
	ordered(least, request, key("defaultRequest"), "the least is above the default request")
	ordered(request, most, key("defaultRequest"), "the default request is above the most")
	ordered(request, limit, key("defaultRequest"), "the default request is above the default limit")
	ordered(least, limit, key("default"), "the least is above the default limit")
	ordered(limit, most, key("default"), "the default limit is above the most")

	if ratio != nil && ratio.Cmp(*resource.NewQuantity(1, resource.DecimalSI)) < 0 {
		errs = append(errs, field.Invalid(key("maxLimitRequestRatio"), ratio.String(), "a limit is never below its request"))
	}
	if ratio != nil && least != nil && most != nil && ratioOutOfReach(ratio, least, most) {
		errs = append(errs, field.Invalid(key("maxLimitRequestRatio"), ratio.String(), "the most divided by the least is below it"))
	}
	if limit != nil && request != nil && !overcommits(name) && limit.Cmp(*request) != 0 {
		errs = append(errs, field.Invalid(key("defaultRequest"), request.String(), "must be the default limit, "+limit.String()+": the resource cannot be overcommitted"))
	}
	return errs
}

// amountOf returns a copy of an amount, or nil.
func amountOf(list corev1.ResourceList, name corev1.ResourceName) *resource.Quantity {
	amount, ok := list[name]
	if !ok {
		return nil
	}
	amount = amount.DeepCopy()
	return &amount
}

// overcommits reports whether the limits of a resource may exceed its requests.
func overcommits(name corev1.ResourceName) bool {
	return counted.IsNative(name) && !strings.HasPrefix(string(name), counted.HugePagesPrefix)
}

// ratioOutOfReach reports whether a ratio is larger than that of most to least. It
// counts in thousandths where all three fit and else in whole units, in floating
// point, since that is what the server does.
func ratioOutOfReach(ratio, least, most *resource.Quantity) bool {
	want, a, b := float64(ratio.Value()), most.Value(), least.Value()
	if ratio.Value() < resource.MaxMilliValue && a < resource.MaxMilliValue && b < resource.MaxMilliValue {
		want, a, b = float64(ratio.MilliValue())/1000, most.MilliValue(), least.MilliValue()
	}
	return want > float64(a)/float64(b)
}
