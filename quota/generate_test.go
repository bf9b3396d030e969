// SPDX-License-Identifier: Apache-2.0

package quota_test

import (
	"k8s.io/apimachinery/pkg/api/resource"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/quota"
)

// Generators of arguments that every builder accepts.

func names() *rapid.Generator[string] { return rapid.StringMatching(`[a-z]([-a-z0-9]{0,20}[a-z0-9])?`) }

func cores(from, to int64) *rapid.Generator[resource.Quantity] {
	return rapid.Custom(func(t *rapid.T) resource.Quantity {
		return *resource.NewMilliQuantity(rapid.Int64Range(from, to).Draw(t, "thousandths of a core"), resource.DecimalSI)
	})
}

func bytesOf(from, to int64) *rapid.Generator[resource.Quantity] {
	return rapid.Custom(func(t *rapid.T) resource.Quantity {
		format := rapid.SampledFrom([]resource.Format{resource.BinarySI, resource.DecimalSI, resource.DecimalExponent}).Draw(t, "format")
		return *resource.NewQuantity(rapid.Int64Range(from, to).Draw(t, "bytes"), format)
	})
}

// computes draws an amount between two others.
func computes(t *rapid.T, label string, from, to quota.Compute) quota.Compute {
	return quota.Compute{
		CPU:    cores(from.CPU.MilliValue(), to.CPU.MilliValue()).Draw(t, label+" cores"),
		Memory: bytesOf(from.Memory.Value(), to.Memory.Value()).Draw(t, label+" memory"),
	}
}

func budgets() *rapid.Generator[quota.Budget] {
	return rapid.Custom(func(t *rapid.T) quota.Budget {
		least := quota.Compute{CPU: resource.MustParse("1m"), Memory: resource.MustParse("1Mi")}
		most := quota.Compute{CPU: resource.MustParse("1M"), Memory: resource.MustParse("1Ei")}
		var b quota.Budget
		b.DefaultRequest = computes(t, "default request", least, most)
		b.Default = computes(t, "default", b.DefaultRequest, most)
		b.Pod = computes(t, "pod", b.Default, most)
		b.Limits = computes(t, "limits", b.Pod, most)
		b.Requests = computes(t, "requests", b.DefaultRequest, b.Limits)
		b.Pods = rapid.Int64Range(1, 150_000).Draw(t, "pods")
		if rapid.Bool().Draw(t, "claims") {
			b.Claims = rapid.Int64Range(1, 150_000).Draw(t, "claims")
			b.Storage = bytesOf(1, 1<<60).Draw(t, "storage")
		}
		return b
	})
}
