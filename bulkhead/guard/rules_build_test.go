// SPDX-License-Identifier: Apache-2.0

package guard_test

import (
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/bulkheadtest"
	"github.com/watertight-go/watertight/bulkhead/guard"
)

// What the package builds passes every rule of the package.
func TestBuildersPassTheRules(t *testing.T) {
	bulkheadtest.NoFindings(t, bulkhead.Check(every().Objects(), guard.Rules()...))
}
