// SPDX-License-Identifier: Apache-2.0

package preset_test

import (
	"flag"
	"slices"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/preset"
	"github.com/watertight-go/watertight/internal/ruletest"
	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/quota"
)

var _ = flag.Bool("update", false, "rewrite golden files and what the fixtures want")

// small is an environment that a fixture can show whole.
func small() *preset.Environment {
	return &preset.Environment{Bulkhead: bulkhead.Must(bulkhead.New("staging",
		bulkhead.Must(quota.Namespace("staging", quota.Restricted)), netpol.DefaultDeny("staging")))}
}

func TestRules(t *testing.T) { ruletest.Run(t, "testdata", []bulkhead.Rule{small().Drift()}) }

// What is gone is reported even where the Namespace, on which it is reported
// otherwise, is gone too.
func TestDriftWithoutTheNamespace(t *testing.T) {
	findings := bulkhead.Check(nil, small().Drift())
	var gone []bulkhead.Ref
	for _, f := range findings {
		gone = append(gone, f.Object)
	}
	want := []bulkhead.Ref{
		{Kind: "Namespace", Name: "staging"},
		{Group: "networking.k8s.io", Kind: "NetworkPolicy", Namespace: "staging", Name: "default-deny"},
	}
	if !slices.Equal(gone, want) {
		t.Errorf("found %v, want %v", gone, want)
	}
}
