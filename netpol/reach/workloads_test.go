// SPDX-License-Identifier: Apache-2.0

package reach_test

import (
	"fmt"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/netpol/reach"
)

// List who there is, those without a flow included.
func ExampleCluster_Workloads() {
	c := bulkhead.Must(reach.New([]bulkhead.Object{
		examplePod("staging", "web"), examplePod("staging", "db"), examplePod("prod", "db"), netpol.DefaultDeny("staging"), netpol.DefaultDeny("prod"),
	}, reach.Options{}))
	fmt.Println(c.Workloads())
	// Output:
	// [prod/db staging/db staging/web]
}
