// SPDX-License-Identifier: Apache-2.0

package quota_test

import (
	"flag"
	"testing"

	"github.com/watertight-go/watertight/internal/ruletest"
	"github.com/watertight-go/watertight/quota"
)

var _ = flag.Bool("update", false, "rewrite what the fixtures want")

func TestRules(t *testing.T) { ruletest.Run(t, "testdata", quota.Rules()) }
