// SPDX-License-Identifier: Apache-2.0

package schedule_test

import (
	"fmt"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/schedule"
)

// BenchmarkAnswers asks everything of 10,000 workloads on 200 nodes, half of them
// production's, in 250 namespaces a side, with 20 classes and four sorts of pools.
func BenchmarkAnswers(b *testing.B) {
	var docs []string
	var sides schedule.Boundary
	for i := range 20 {
		docs = append(docs, class(fmt.Sprint("class-", i), i*10-100))
	}
	for i := range 200 {
		docs = append(docs, node(fmt.Sprint("node-", i), fmt.Sprintf(", labels: {pool: 'p%d'}", i%4), ""))
	}
	for n := range 250 {
		prod, staging := fmt.Sprint("prod-", n), fmt.Sprint("staging-", n)
		sides.Production, sides.Staging = append(sides.Production, prod), append(sides.Staging, staging)
		docs = append(docs, capQuota(prod, "cpu: 4, memory: 8Gi"), capQuota(staging, "cpu: 4, memory: 8Gi"))
		for w := range 20 {
			name := fmt.Sprint("web-", w)
			resources := fmt.Sprintf("containers: [{name: c, image: i, resources: {limits: {cpu: 1, memory: %dMi}}}]", 100+w)
			docs = append(docs,
				deployment(prod, name, of(fmt.Sprint("class-", 10+w%10)), fmt.Sprintf("nodeSelector: {pool: 'p%d'}", w%2), resources),
				deployment(staging, name, of(fmt.Sprint("class-", w%10)), fmt.Sprintf("nodeSelector: {pool: 'p%d'}", 2+w%2), resources))
		}
	}
	objs := objects(b, docs...)
	b.Run("new", func(b *testing.B) {
		for b.Loop() {
			bulkhead.Must(schedule.New(objs, sides, whole()))
		}
	})
	c := bulkhead.Must(schedule.New(objs, sides, whole()))
	for name, ask := range map[string]func() []schedule.Judgement{
		"ranks": c.Ranks, "claims": c.Claims, "evictions": c.Evictions, "sharing": c.Sharing,
		"capacity": func() []schedule.Judgement { return c.Capacity(append(sides.Production, sides.Staging...)...) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				ask()
			}
		})
	}
}
