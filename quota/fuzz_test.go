// SPDX-License-Identifier: Apache-2.0

package quota_test

import (
	"testing"

	"github.com/watertight-go/watertight/internal/ruletest"
	"github.com/watertight-go/watertight/quota"
)

func FuzzRules(f *testing.F) { ruletest.Fuzz(f, "testdata", quota.Rules()) }
