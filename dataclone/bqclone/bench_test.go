// SPDX-License-Identifier: Apache-2.0

package bqclone_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/watertight-go/watertight/dataclone"
	"github.com/watertight-go/watertight/dataclone/bqclone"
	"github.com/watertight-go/watertight/dataclone/bqsim"
)

func many(b *testing.B) *world {
	names := make([]string, 10_000)
	for i := range names {
		names[i] = fmt.Sprintf("t%05d", i)
	}
	return newWorld(b, bqsim.Options{}, names...)
}

// BenchmarkReadAndPlan10000 reads 10,000 tables and plans their clones; the simulator
// has the same processors.
func BenchmarkReadAndPlan10000(b *testing.B) {
	w := many(b)
	c := w.client(bqclone.Options{SkipRowPolicies: true})
	b.ReportAllocs()
	for b.Loop() {
		catalog, err := c.Read(b.Context(), sales, staging)
		w.must(err)
		if p := dataclone.PlanDataset(catalog, request(), dataclone.Mapping{From: sales, To: staging}); len(p.Steps) != 10_001 {
			b.Fatalf("%d steps", len(p.Steps))
		}
	}
}

// BenchmarkRun10000 clones 10,000 tables.
func BenchmarkRun10000(b *testing.B) {
	w := many(b)
	p := w.plan(request())
	c := w.client(bqclone.Options{})
	b.ReportAllocs()
	for i := range b.N {
		p.Environment = fmt.Sprintf("staging-%d", i)
		began := time.Now()
		if states, err := w.run(c, p); err != nil || states[bqclone.Done] != 10_001 {
			b.Fatalf("%v, %v", states, err)
		}
		b.ReportMetric(10_000/time.Since(began).Seconds(), "clones/s")
		b.StopTimer()
		for _, err := range c.Undo(b.Context(), p) {
			if err != nil {
				b.Fatal(err)
			}
		}
		b.StartTimer()
	}
}
