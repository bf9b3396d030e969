// SPDX-License-Identifier: Apache-2.0

package netpol_test

import (
	"flag"
	"testing"

	_ "github.com/watertight-go/watertight/bulkhead/bulkheadtest" // registers -update
	"github.com/watertight-go/watertight/internal/ruletest"
	"github.com/watertight-go/watertight/netpol"
)

func TestRules(t *testing.T) {
	update := flag.Lookup("update").Value.String() == "true" // rewrite what the fixtures want
	ruletest.Run(t, "testdata", update, netpol.Rules())
}
