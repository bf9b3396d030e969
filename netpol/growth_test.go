// SPDX-License-Identifier: Apache-2.0

package netpol_test

import (
	"runtime"
	"testing"
	"time"

	"github.com/watertight-go/watertight/bulkhead"
)

// patience is how long rules may take on a set. Two parts of policies are compared
// without an allocation, and nothing counts how often, so that only time tells where
// each is compared with each. It is no measure of the rules, which the benchmarks
// are: they take a hundredth of it on an idle machine.
const patience = 5 * time.Minute

// holdGrowth runs rules on a set of so many parts and on half of it, and counts what
// they allocate. Where they keep or build something for each pair of parts, twice as
// many parts take four times as much.
func holdGrowth(t *testing.T, parts int, rules []bulkhead.Rule, set func(parts int) []bulkhead.Object) {
	t.Helper()
	if testing.Short() {
		t.Skip("large sets take long")
	}
	half, whole := set(parts/2), set(parts)
	begin := time.Now()
	halfCount, halfBytes := allocated(half, rules)
	count, bytes := allocated(whole, rules)
	if took := time.Since(begin); took > patience {
		t.Errorf("took %s", took)
	}
	if count > 3*halfCount {
		t.Errorf("%d allocations for %d parts, and %d for half as many", count, parts, halfCount)
	}
	if bytes > 3*halfBytes {
		t.Errorf("%d bytes allocated for %d parts, and %d for half as many", bytes, parts, halfBytes)
	}
}

func allocated(objs []bulkhead.Object, rules []bulkhead.Rule) (count, bytes uint64) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	bulkhead.Check(objs, rules...)
	runtime.ReadMemStats(&after)
	return after.Mallocs - before.Mallocs, after.TotalAlloc - before.TotalAlloc
}
