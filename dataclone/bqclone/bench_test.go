// SPDX-License-Identifier: Apache-2.0

package bqclone_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/watertight-go/watertight/dataclone"
	"github.com/watertight-go/watertight/dataclone/bqclone"
	"github.com/watertight-go/watertight/dataclone/bqsim"
)

func many(b *testing.B, tables int) *world {
	names := make([]string, tables)
	for i := range names {
		names[i] = fmt.Sprintf("t%05d", i)
	}
	return newWorld(b, bqsim.Options{}, names...)
}

// heap is what lives, in MB.
func heap() float64 {
	runtime.GC()
	return live()
}

func live() float64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / 1e6
}

// BenchmarkReadAndPlan10000 reads 10,000 tables, each by its own tables.get over HTTP,
// without their row access policies, and plans their clones. The simulator that answers
// has the same processors. Of plan-ms nothing is spent on reading.
func BenchmarkReadAndPlan10000(b *testing.B) {
	w := many(b, 10_000)
	c := w.client(bqclone.Options{SkipRowPolicies: true})
	before := heap()
	b.ReportAllocs()
	var planning time.Duration
	var p *dataclone.Plan
	for b.Loop() {
		since := len(w.sim.Calls())
		catalog, err := c.Read(b.Context(), sales, staging)
		w.must(err)
		read := time.Now()
		p = dataclone.PlanDataset(catalog, request(), dataclone.Mapping{From: sales, To: staging})
		planning += time.Since(read)
		if got := w.calls(since)["tables.get"]; len(p.Steps) != 10_001 || got != 10_000 {
			b.Fatalf("%d steps of %d calls of tables.get", len(p.Steps), got)
		}
	}
	b.ReportMetric(float64(planning.Milliseconds())/float64(b.N), "plan-ms/op")
	b.ReportMetric(heap()-before, "plan-MB") // the simulator's list of calls included
	runtime.KeepAlive(p)
}

// BenchmarkRun clones tables: three calls a table, over HTTP. Of its metrics, plan-MB is
// the heap before the first run, which holds the plan and the simulator with all tables;
// peak-MB is the highest heap seen during runs, garbage and what the simulator keeps of
// all clones, jobs and calls included.
func BenchmarkRun(b *testing.B) {
	for _, tables := range []int{1_000, 10_000} {
		b.Run(fmt.Sprint(tables), func(b *testing.B) {
			w := many(b, tables)
			p := w.plan(request())
			c := w.client(bqclone.Options{})
			b.ReportAllocs()
			planned := heap()
			peak := planned
			var ran time.Duration
			b.ResetTimer()
			for i := range b.N {
				p.Environment = fmt.Sprintf("staging-%d", i)
				began := time.Now()
				done := 0
				for e, err := range c.Run(b.Context(), p, p.Hash()) {
					if w.must(err); e.State == bqclone.Done {
						done++
					}
					if done%500 == 0 {
						peak = max(peak, live())
					}
				}
				if done != tables+1 {
					b.Fatalf("%d steps done", done)
				}
				ran += time.Since(began)
				b.StopTimer()
				for _, err := range c.Undo(b.Context(), p) {
					w.must(err)
				}
				b.StartTimer()
			}
			b.ReportMetric(float64(tables*b.N)/ran.Seconds(), "clones/s")
			b.ReportMetric(planned, "plan-MB")
			b.ReportMetric(peak, "peak-MB")
		})
	}
}
