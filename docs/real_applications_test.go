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
	for name, path := range map[string]string{ // what is applied together
		"kube-prometheus":    "kube-prometheus",
		"argo-cd":            "argo-cd/install.yaml",
		"argo-cd-namespaced": "argo-cd/namespace-install.yaml",
		"online-boutique":    "online-boutique",
	} {
		t.Run(name, func(t *testing.T) {
			holdFindings(t, name, filepath.Join(cases, "real", path))
		})
	}
}

// TestTrueShapes does the same for the project's own files in the shapes that
// tools print.
func TestTrueShapes(t *testing.T) {
	for _, name := range []string{"helm-template", "kustomize-build", "operator-bundle"} {
		t.Run(name, func(t *testing.T) {
			holdFindings(t, name, "../bulkhead/manifest/testdata/"+name+".yaml")
		})
	}
}

// holdFindings compares the findings in a path with testdata/NAME.txt.
func holdFindings(t *testing.T, name, path string) {
	t.Helper()
	set, err := manifest.ReadFiles(path)
	if err != nil {
		t.Fatal(err)
	}
	rules := set.Rules()
	for _, s := range sections() {
		if s.name != "bulkhead/manifest" { // those know the text by the set
			rules = append(rules, s.rules...)
		}
	}
	var got strings.Builder
	for _, f := range bulkhead.Check(set.Objects, rules...) {
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
}
