// SPDX-License-Identifier: Apache-2.0

package quota

import (
	"cmp"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/quota/internal/counted"
)

// Limits returns a LimitRange as the API server stores it: for containers the most
// becomes the default where there is none, and the default the default request.
// Amounts are cores and bytes.
//
// No item, a negative amount, which the API server takes, and what it would refuse
// are errors: all of them, in one [*bulkhead.InvalidError].
func Limits(namespace, name string, items ...corev1.LimitRangeItem) (*corev1.LimitRange, error) {
	limits := &corev1.LimitRange{
		TypeMeta:   metav1.TypeMeta{APIVersion: corev1.SchemeGroupVersion.String(), Kind: "LimitRange"},
		ObjectMeta: newMeta(namespace, name),
	}
	at := field.NewPath("spec", "limits")
	var errs field.ErrorList
	if name == "" {
		errs = append(errs, field.Required(field.NewPath("metadata", "name"), "no name"))
	}
	if len(items) == 0 {
		errs = append(errs, field.Required(at, "no item limits nothing"))
	}
	for i, item := range items {
		limits.Spec.Limits = append(limits.Spec.Limits, counted.StoredLimits(item))
		at := at.Index(i)
		for list, amounts := range map[string]corev1.ResourceList{
			"max": item.Max, "min": item.Min, "default": item.Default, "defaultRequest": item.DefaultRequest,
		} {
			errs = append(errs, negative(amounts, at.Child(list))...)
		}
	}
	errs = append(errs, invalidLimits(limits)...)
	slices.SortStableFunc(errs, func(a, b *field.Error) int { return cmp.Compare(a.Field, b.Field) })
	return built(limits, errs)
}

func negative(list corev1.ResourceList, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	for _, name := range slices.Sorted(maps.Keys(list)) {
		if amount := list[name]; amount.Sign() < 0 {
			errs = append(errs, field.Invalid(at.Key(string(name)), amount.String(), "must not be negative"))
		}
	}
	return errs
}
