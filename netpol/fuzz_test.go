// SPDX-License-Identifier: Apache-2.0

package netpol_test

import (
	"testing"

	"github.com/watertight-go/watertight/internal/ruletest"
	"github.com/watertight-go/watertight/netpol"
)

func FuzzRules(f *testing.F) { ruletest.Fuzz(f, "testdata", netpol.Rules()) }
