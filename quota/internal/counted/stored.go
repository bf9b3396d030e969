// SPDX-License-Identifier: Apache-2.0

package counted

import (
	"maps"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// Rounded returns a copy of a list with every amount rounded up to a thousandth, as
// the API server stores it (pkg/apis/core/v1/defaults.go, SetDefaults_ResourceList,
// v1.37).
func Rounded(list corev1.ResourceList) corev1.ResourceList {
	if list == nil {
		return nil
	}
	out := make(corev1.ResourceList, len(list))
	for name, amount := range list {
		out[name] = inThousandths(amount)
	}
	return out
}

// inThousandths returns an amount as it is after a request has carried it to the
// server as text: an amount that a program made may count in another way beyond 64
// bits. Every quantity can be read back from its own text.
func inThousandths(amount resource.Quantity) resource.Quantity {
	if parsed, err := resource.ParseQuantity(amount.String()); err == nil {
		amount = parsed
	}
	amount.RoundUp(resource.Milli)
	return amount
}

// StoredLimits returns limits as the API server stores them: for containers, the
// most is also the default, the default also the default request, and otherwise the
// least is (pkg/apis/core/v1/defaults.go, SetDefaults_LimitRangeItem, v1.37).
func StoredLimits(item corev1.LimitRangeItem) corev1.LimitRangeItem {
	out := corev1.LimitRangeItem{
		Type: item.Type,
		Max:  Rounded(item.Max), Min: Rounded(item.Min),
		Default: Rounded(item.Default), DefaultRequest: Rounded(item.DefaultRequest),
		MaxLimitRequestRatio: Rounded(item.MaxLimitRequestRatio),
	}
	if out.Type != corev1.LimitTypeContainer {
		return out
	}
	out.Default = union(out.Default, out.Max)
	out.DefaultRequest = union(union(out.DefaultRequest, out.Default), out.Min)
	return out
}

// union returns list with what only more has.
func union(list, more corev1.ResourceList) corev1.ResourceList {
	out := make(corev1.ResourceList)
	maps.Copy(out, more)
	maps.Copy(out, list)
	return out
}
