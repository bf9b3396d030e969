// SPDX-License-Identifier: Apache-2.0

package schedule_test

import (
	"fmt"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/quota/schedule"
)

// Production names no class, and staging has one of a modest value.
func Example() {
	set := bulkhead.Must(manifest.Read("shop.yaml", strings.NewReader(`
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: {name: staging}
value: 100
---
apiVersion: v1
kind: Pod
metadata: {name: shop, namespace: staging}
spec: {priorityClassName: staging, containers: [{name: shop, image: example.com/shop}]}
---
apiVersion: v1
kind: Pod
metadata: {name: shop, namespace: prod}
spec: {containers: [{name: shop, image: example.com/shop}]}
`)))
	cluster := bulkhead.Must(schedule.New(set.Objects,
		schedule.Boundary{Production: []string{"prod"}, Staging: []string{"staging"}},
		schedule.Options{Whole: true}))
	for _, j := range cluster.Ranks() {
		if j.Verdict != bulkhead.Sealed && j.Statement == schedule.Outranks {
			fmt.Println(j)
		}
	}
	// Output:
	// Breached: outranks: Pod/prod/shop spec.priorityClassName: it names no class, which is the value 0, and of Pod/staging/shop, which evicts it, its class staging has the value 100
}
