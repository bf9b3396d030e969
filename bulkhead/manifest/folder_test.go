// SPDX-License-Identifier: Apache-2.0

package manifest_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
)

func TestWriteDirHoldsTheseObjectsAndWhatOthersPutThere(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deploy", "staging")
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "staging"}}
	deny := &networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Namespace: "staging", Name: "default-deny"}}
	role := &rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: "watertight:Reader"}}
	objs := []bulkhead.Object{namespace, deny, role, configMap("staging", "old", map[string]string{"k": "\u2028 \x7f 🚢"}), configMap("staging", "a.b", nil)}

	paths, err := manifest.WriteDir(dir, objs...)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"01-namespace-staging.yaml",
		"02-networkpolicy-staging.default-deny.yaml",
		"03-clusterrole-watertight_3a_52eader.yaml",
		"04-configmap-staging.a.b.yaml",
		"04-configmap-staging.old.yaml",
	}
	if diff := cmp.Diff(want, names(t, dir)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	set, err := manifest.ReadFiles(paths...)
	if err != nil || len(set.Objects) != len(objs) {
		t.Fatalf("got %d objects and %v", len(set.Objects), err)
	}
	for i, obj := range set.Objects {
		if applied(t, obj) != applied(t, objs[i]) {
			t.Errorf("%s: got %s, want %s", paths[i], applied(t, obj), applied(t, objs[i]))
		}
	}

	foreign := filepath.Join(dir, "kustomization.yaml")
	if err := os.WriteFile(foreign, []byte("resources: []\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := manifest.WriteDir(dir, namespace, deny, role, configMap("staging", "a.b", nil), configMap("staging", "new", nil)); err != nil {
		t.Fatal(err)
	}
	want[4] = "04-configmap-staging.new.yaml"
	if diff := cmp.Diff(append(want, "kustomization.yaml"), names(t, dir)); diff != "" {
		t.Errorf("files after the second call (-want +got):\n%s", diff)
	}
}

func TestWriteDirWritesNothingWhenItRefuses(t *testing.T) {
	dir := t.TempDir()
	foreign := filepath.Join(dir, "01-configmap-a.b.yaml")
	if err := os.WriteFile(foreign, []byte("by hand\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := manifest.WriteDir(dir, configMap("a", "b", nil), configMap("a", "c", nil), configMap("a", "c", nil), nil)
	var inTheWay *manifest.ForeignFileError
	var twice *bulkhead.DuplicateError
	var refused *manifest.WriteError
	if !errors.As(err, &inTheWay) || inTheWay.Path != foreign || !errors.As(err, &twice) || !errors.As(err, &refused) || refused.Index != 3 {
		t.Errorf("got %v, want three errors at once", err)
	}
	if diff := cmp.Diff([]string{"01-configmap-a.b.yaml"}, names(t, dir)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if text, err := os.ReadFile(foreign); err != nil || string(text) != "by hand\n" {
		t.Errorf("got %q and %v, want the file as it was", text, err)
	}
}
