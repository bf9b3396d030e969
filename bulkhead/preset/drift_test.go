// SPDX-License-Identifier: Apache-2.0

package preset_test

import (
	"flag"
	"slices"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/preset"
	"github.com/watertight-go/watertight/identity"
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

// What a cluster adds on its own is no drift, and what somebody adds is, in words that
// say which.
func TestDriftOfAddedFields(t *testing.T) {
	account := identity.Account("staging", "web")
	env := &preset.Environment{Bulkhead: bulkhead.Must(bulkhead.New("staging", account))}
	for name, tt := range map[string]struct {
		secrets []string
		want    string
	}{
		"nothing":                      {nil, ""},
		"the registry of OpenShift":    {[]string{"web-dockercfg-x7k2p"}, ""},
		"that of another account":      {[]string{"db-dockercfg-x7k2p"}, "is 1 item, and was not there when the environment was made"},
		"the registry and another one": {[]string{"web-dockercfg-x7k2p", "prod-registry"}, "is 2 items, and was not there when the environment was made"},
	} {
		t.Run(name, func(t *testing.T) {
			got := account.DeepCopy()
			for _, secret := range tt.secrets {
				got.ImagePullSecrets = append(got.ImagePullSecrets, corev1.LocalObjectReference{Name: secret})
			}
			findings := bulkhead.Check([]bulkhead.Object{got}, env.Drift())
			if tt.want == "" && len(findings) > 0 || tt.want != "" && (len(findings) != 1 || findings[0].Message != tt.want) {
				t.Errorf("found %v, want %q", findings, tt.want)
			}
		})
	}
}
