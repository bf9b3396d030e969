// SPDX-License-Identifier: Apache-2.0

package reachtest_test

import (
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/bulkheadtest"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/netpol/reach"
	"github.com/watertight-go/watertight/netpol/reach/reachtest"
)

// Nothing in staging opens a connection to production, on any port, and production's
// web can still use its database.
func TestStagingIsBlind(t *testing.T) {
	set, err := manifest.ReadFiles("testdata/cluster")
	if err != nil {
		t.Fatal(err)
	}
	c, err := reach.New(set.Objects, reach.Options{Profile: reach.Calico})
	if err != nil {
		t.Fatal(err)
	}
	bulkheadtest.NoFindings(t, c.Findings().Of(bulkhead.Error))
	reachtest.NoFlow(t, c, []string{"staging"}, []string{"prod"})
	reachtest.Allowed(t, c, reach.Pod("prod/web"), reach.Pod("prod/db"), reach.TCP(5432))
	reachtest.Denied(t, c, reach.Pod("prod/db"), reach.Pod("prod/web"), reach.TCP(8080))
}
