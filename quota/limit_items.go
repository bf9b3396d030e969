// SPDX-License-Identifier: Apache-2.0

package quota

import (
	"iter"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/quota/internal/counted"
)

// A limitItem is one item of a LimitRange, as the API server stores it.
type limitItem struct {
	corev1.LimitRangeItem
	written corev1.LimitRangeItem // as the manifest has it
	object  *corev1.LimitRange
	path    *field.Path
}

// items yields the items of one type of some LimitRanges.
func items(limits []*corev1.LimitRange, kind corev1.LimitType) iter.Seq[limitItem] {
	return func(yield func(limitItem) bool) {
		for _, object := range limits {
			for i, item := range object.Spec.Limits {
				if item.Type != kind {
					continue
				}
				if !yield(limitItem{counted.StoredLimits(item), item, object, field.NewPath("spec", "limits").Index(i)}) {
					return
				}
			}
		}
	}
}

// refusesZero reports whether some item refuses a container whose limit of a
// resource is zero: its least is more, or its ratio asks for a limit above nothing.
func refusesZero(limits []*corev1.LimitRange, name corev1.ResourceName) bool {
	for item := range items(limits, corev1.LimitTypeContainer) {
		if isPositive(item.Min, name) || has(item.MaxLimitRequestRatio, name) {
			return true
		}
	}
	return false
}

// fillsIn reports whether some item gives a container an amount that it does not
// name, or refuses a pod without it. Request says which amount is asked for.
func fillsIn(limits []*corev1.LimitRange, name corev1.ResourceName, request bool) bool {
	for item := range items(limits, corev1.LimitTypeContainer) {
		if has(item.Default, name) || request && has(item.DefaultRequest, name) {
			return true
		}
	}
	return false
}

// boundsPods reports whether some item refuses a pod without a limit of a resource.
func boundsPods(limits []*corev1.LimitRange, name corev1.ResourceName) bool {
	for item := range items(limits, corev1.LimitTypePod) {
		if has(item.Max, name) {
			return true
		}
	}
	return false
}

func isPositive(list corev1.ResourceList, name corev1.ResourceName) bool {
	amount := amountOf(list, name)
	return amount != nil && amount.Sign() > 0
}

func isZero(list corev1.ResourceList, name corev1.ResourceName) bool {
	amount, ok := list[name]
	return ok && amount.Cmp(resource.Quantity{}) == 0
}
