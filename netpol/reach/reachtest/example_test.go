// SPDX-License-Identifier: Apache-2.0

package reachtest_test

import (
	"fmt"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/netpol/reach"
	"github.com/watertight-go/watertight/netpol/reach/reachtest"
)

// printer stands for the *testing.T of a test.
type printer struct{}

func (printer) Helper() {}

func (printer) Errorf(format string, args ...any) { fmt.Printf(format+"\n", args...) }

// A test that fails names each flow and what decides about it.
func ExampleNoFlow() {
	var t printer
	c := bulkhead.Must(reach.New([]bulkhead.Object{
		pod("staging", "web"), pod("prod", "db"), netpol.DefaultDeny("staging"), netpol.AllowWithin("staging"),
	}, reach.Options{}))
	reachtest.NoFlow(t, c, []string{"staging"}, []string{"prod"}) // passes
	reachtest.NoFlow(t, c, []string{"prod"}, []string{"staging"}) // passes: staging lets nobody in
	c.Remove(bulkhead.RefTo(netpol.DefaultDeny("staging")), bulkhead.RefTo(netpol.AllowWithin("staging")))
	reachtest.NoFlow(t, c, []string{"staging"}, []string{"prod"})
	// Output:
	// staging/web to prod/db: all
	//   Egress allowed: no policy restricts the egress of staging/web
	//   Ingress allowed: no policy restricts the ingress of prod/db
}
