// SPDX-License-Identifier: Apache-2.0

package guard_test

import (
	"testing"

	"github.com/watertight-go/watertight/bulkhead/guard"
	"github.com/watertight-go/watertight/internal/ruletest"
)

func TestRules(t *testing.T) { ruletest.Run(t, "testdata", guard.Rules()) }
