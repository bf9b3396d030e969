// SPDX-License-Identifier: Apache-2.0

package secrets_test

import (
	"flag"
	"testing"

	"github.com/watertight-go/watertight/identity/secrets"
	"github.com/watertight-go/watertight/internal/ruletest"
)

var _ = flag.Bool("update", false, "rewrite what the fixtures want")

func TestRules(t *testing.T) { ruletest.Run(t, "testdata", secrets.Rules()) }

func FuzzRules(f *testing.F) { ruletest.Fuzz(f, "testdata", secrets.Rules()) }
