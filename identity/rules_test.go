// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"flag"
	"testing"

	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/internal/ruletest"
)

var _ = flag.Bool("update", false, "rewrite what the fixtures want")

func TestRules(t *testing.T) { ruletest.Run(t, "testdata", identity.Rules()) }
