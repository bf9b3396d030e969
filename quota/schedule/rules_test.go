// SPDX-License-Identifier: Apache-2.0

package schedule_test

import (
	"flag"
	"testing"

	"github.com/watertight-go/watertight/internal/ruletest"
	"github.com/watertight-go/watertight/quota/schedule"
)

var _ = flag.Bool("update", false, "rewrite what the fixtures want")

func TestRules(t *testing.T) { ruletest.Run(t, "testdata", schedule.Rules()) }

func FuzzRules(f *testing.F) { ruletest.Fuzz(f, "testdata", schedule.Rules()) }
