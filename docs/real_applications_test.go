// SPDX-License-Identifier: Apache-2.0

package docs_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/netpol"
)

// TestRealApplications holds what the rules find in the manifests of real
// applications against testdata: each line there is a finding that
// real-applications.md defends, so that a false alarm is noticed when it appears.
// The manifests lie in the folder of reference cases; without it there is
// nothing to read.
func TestRealApplications(t *testing.T) {
	cases := os.Getenv("WATERTIGHT_CASES")
	if cases == "" {
		t.Skip("WATERTIGHT_CASES names no folder of reference cases")
	}
	tests := map[string][]string{ // what is applied together
		"kube-prometheus":    {"kube-prometheus"},
		"argo-cd":            {"argo-cd/install.yaml"},
		"argo-cd-namespaced": {"argo-cd/namespace-install.yaml"},
		"online-boutique":    {"online-boutique"},
	}
	for name, paths := range tests {
		t.Run(name, func(t *testing.T) {
			for i := range paths {
				paths[i] = filepath.Join(cases, "real", paths[i])
			}
			set, err := manifest.ReadFiles(paths...)
			if err != nil {
				t.Fatal(err)
			}
			var got strings.Builder
			for _, f := range bulkhead.Check(set.Objects, append(set.Rules(), netpol.Rules()...)...) {
				if _, ok := set.Position(f.Object, f.Field); !ok {
					t.Errorf("%s: no position", f)
				}
				fmt.Fprintln(&got, strings.TrimSpace(fmt.Sprintf("%s %s %s", f.Rule, f.Object, f.Field)))
			}
			golden := filepath.Join("testdata", name+".txt")
			if *update {
				if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Errorf("findings (-want +got); defend them in real-applications.md, then run go test ./docs -update:\n%s", diff)
			}
		})
	}
}
