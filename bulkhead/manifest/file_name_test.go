// SPDX-License-Identifier: Apache-2.0

package manifest_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
)

func unknown(kind, namespace, name string) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "example.com/v1", "kind": kind, "metadata": map[string]any{"name": name, "namespace": namespace},
	}}
}

func TestNoTwoObjectsShareAFileAndNoneLeavesTheFolder(t *testing.T) {
	long := strings.Repeat("a", 240)
	for name, tt := range map[string]struct {
		objs []bulkhead.Object
		want []string
	}{
		"a kind that climbs": {
			objs: []bulkhead.Object{unknown("x/../../out", "b", "a")},
			want: []string{"01-x_2f.._2f.._2fout-b__a.yaml"},
		},
		"a namespace and a name that climb": {
			objs: []bulkhead.Object{unknown("X", "/../../b", "/../../a\x00")},
			want: []string{"01-x-_2f.._2f.._2fb___2f.._2f.._2fa_00.yaml"},
		},
		"a name with a dot, and a namespace": {
			objs: []bulkhead.Object{configMap("", "staging.deny", nil), configMap("staging", "deny", nil)},
			want: []string{"01-configmap-staging.deny.yaml", "01-configmap-staging__deny.yaml"},
		},
		"names that hold the separator": {
			objs: []bulkhead.Object{configMap("", "a__b", nil), configMap("a", "b", nil), configMap("a_", "b", nil), configMap("a", "_b", nil), configMap("", "a_b", nil), configMap("", "a_5fb", nil)},
			want: []string{
				"01-configmap-a_5f5fb.yaml", "01-configmap-a_5f_5fb.yaml", "01-configmap-a_5f__b.yaml",
				"01-configmap-a_5fb.yaml", "01-configmap-a___5fb.yaml", "01-configmap-a__b.yaml",
			},
		},
		"kinds and names that differ in case": {
			objs: []bulkhead.Object{unknown("Ship", "b", "a"), unknown("SHIP", "b", "a"), unknown("Ship", "b", "A")},
			want: []string{"01-ship-b___41.yaml", "01-ship-b__a.yaml", "02-ship-b__a.yaml"},
		},
		"names too long for a file": {
			objs: []bulkhead.Object{configMap("staging", long+"b", nil), configMap("staging", long+"c", nil)},
			want: []string{
				"01-configmap-staging__" + long[:162] + "__0904d29d67a760951ebcca2c039c4a43ca49e5c03c3782b511ebe4a373503ebc.yaml",
				"01-configmap-staging__" + long[:162] + "__a1065bb3296231f57e53fec2a42a1fb37952937dddcd47d889ae7e16514e9fa5.yaml",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			parent := t.TempDir()
			dir := filepath.Join(parent, "dir")
			paths, err := manifest.WriteDir(dir, tt.objs...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(append([]string{".watertight"}, tt.want...), names(t, dir)); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
			if got := names(t, parent); len(got) != 1 {
				t.Errorf("beside the folder: %v", got)
			}
			set, err := manifest.ReadFiles(paths...)
			if err != nil || len(set.Objects) != len(tt.objs) {
				t.Errorf("got %d objects and %v", len(set.Objects), err)
			}
		})
	}
}
