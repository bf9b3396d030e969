// SPDX-License-Identifier: Apache-2.0

package admit

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// sameAmounts reports whether two lists have the same amounts, however written.
func sameAmounts(a, b corev1.ResourceList) bool {
	return maps.EqualFunc(a, b, func(x, y resource.Quantity) bool { return x.Cmp(y) == 0 })
}

// written writes a list as the server does in messages of quotas.
func written(list corev1.ResourceList, names []corev1.ResourceName) string {
	parts := make([]string, len(names))
	for i, name := range names {
		amount := list[name]
		parts[i] = string(name) + "=" + amount.String()
	}
	return strings.Join(parts, ",")
}

func one() resource.Quantity { return *resource.NewQuantity(1, resource.DecimalSI) }

// add adds more to list, n times.
func add(list, more corev1.ResourceList, n int64) {
	if n == 0 {
		return
	}
	for name, amount := range more {
		sum, ok := list[name]
		if n != 1 {
			amount = amount.DeepCopy()
			amount.Mul(n)
		}
		if ok {
			sum.Add(amount)
		} else {
			sum = amount.DeepCopy()
		}
		list[name] = sum
	}
}
