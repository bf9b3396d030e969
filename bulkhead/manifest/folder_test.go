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
		".watertight",
		"01-namespace-staging.yaml",
		"02-networkpolicy-staging__default-deny.yaml",
		"03-clusterrole-watertight_3a_52eader.yaml",
		"04-configmap-staging__a.b.yaml",
		"04-configmap-staging__old.yaml",
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
	want[5] = "04-configmap-staging__new.yaml"
	if diff := cmp.Diff(append(want, "kustomization.yaml"), names(t, dir)); diff != "" {
		t.Errorf("files after the second call (-want +got):\n%s", diff)
	}
}

func TestWriteDirWritesNothingWhenItRefuses(t *testing.T) {
	dir := t.TempDir()
	foreign := filepath.Join(dir, "01-configmap-a__b.yaml")
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
	if diff := cmp.Diff([]string{"01-configmap-a__b.yaml"}, names(t, dir)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if text, err := os.ReadFile(foreign); err != nil || string(text) != "by hand\n" {
		t.Errorf("got %q and %v, want the file as it was", text, err)
	}
}

func TestWriteDirRemovesOnlyWhatItWrote(t *testing.T) {
	for name, tt := range map[string]struct {
		meddle func(dir string) error // with what the first call wrote, the ConfigMap a/b
		want   []string               // what is left when the second call writes nothing
	}{
		"nobody meddled": {meddle: func(string) error { return nil }},
		"a copy": {
			meddle: func(dir string) error {
				return os.Link(filepath.Join(dir, "01-configmap-a__b.yaml"), filepath.Join(dir, "copy.yaml"))
			},
			want: []string{"copy.yaml"},
		},
		"a copy that is named like ours": {
			meddle: func(dir string) error {
				return os.Rename(filepath.Join(dir, "01-configmap-a__b.yaml"), filepath.Join(dir, "01-configmap-a__c.yaml"))
			},
			want: []string{"01-configmap-a__c.yaml"},
		},
		"another file in the place": {
			meddle: func(dir string) error {
				return os.WriteFile(filepath.Join(dir, "01-configmap-a__b.yaml"), []byte("by hand\n"), 0o644)
			},
			want: []string{"01-configmap-a__b.yaml"},
		},
		"a link in the place": {
			meddle: func(dir string) error {
				path := filepath.Join(dir, "01-configmap-a__b.yaml")
				return errors.Join(os.Rename(path, filepath.Join(dir, "moved.yaml")), os.Symlink("moved.yaml", path))
			},
			want: []string{"01-configmap-a__b.yaml", "moved.yaml"},
		},
		"a folder in the place": {
			meddle: func(dir string) error {
				path := filepath.Join(dir, "01-configmap-a__b.yaml")
				return errors.Join(os.Remove(path), os.Mkdir(path, 0o755))
			},
			want: []string{"01-configmap-a__b.yaml"},
		},
		"a list that names a file of another folder": {
			meddle: func(dir string) error {
				outside := filepath.Join(filepath.Dir(dir), "outside.yaml")
				return errors.Join(
					os.WriteFile(outside, []byte(manifest.WrittenMark+"\n"), 0o644),
					os.WriteFile(filepath.Join(dir, manifest.WrittenList), []byte(manifest.WrittenMark+"\n../outside.yaml\n01-configmap-a__b.yaml\n"), 0o644),
				)
			},
		},
		"a list with the ends of lines of Windows": {
			meddle: func(dir string) error {
				return os.WriteFile(filepath.Join(dir, manifest.WrittenList), []byte(manifest.WrittenMark+"\r\n01-configmap-a__b.yaml\r\n"), 0o644)
			},
		},
		"a list that is gone": {
			meddle: func(dir string) error { return os.Remove(filepath.Join(dir, manifest.WrittenList)) },
			want:   []string{"01-configmap-a__b.yaml"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			parent := t.TempDir()
			dir := filepath.Join(parent, "dir")
			if _, err := manifest.WriteDir(dir, configMap("a", "b", nil)); err != nil {
				t.Fatal(err)
			}
			if err := tt.meddle(dir); err != nil {
				t.Fatal(err)
			}
			beside := names(t, parent)
			if _, err := manifest.WriteDir(dir); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(append([]string{".watertight"}, tt.want...), names(t, dir)); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(beside, names(t, parent)); diff != "" {
				t.Errorf("files beside the folder (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWriteDirReplacesOnlyWhatItWrote(t *testing.T) {
	for name, tt := range map[string]struct {
		inTheWay string
		put      func(path string) error
	}{
		"a copy with the mark": {
			"01-configmap-a__c.yaml",
			func(path string) error { return os.WriteFile(path, []byte(manifest.WrittenMark+"\n"), 0o644) },
		},
		"a link to a file that it wrote": {
			"01-configmap-a__c.yaml",
			func(path string) error { return os.Symlink("01-configmap-a__b.yaml", path) },
		},
		"an empty file": {"01-configmap-a__c.yaml", func(path string) error { return os.WriteFile(path, nil, 0o644) }},
		"a folder":      {"01-configmap-a__c.yaml", func(path string) error { return os.Mkdir(path, 0o755) }},
		"a list by hand": {
			manifest.WrittenList,
			func(path string) error { return os.WriteFile(path, []byte("01-configmap-a__b.yaml\n"), 0o644) },
		},
		"a link to a list": {
			manifest.WrittenList,
			func(path string) error { return errors.Join(os.Rename(path, path+"2"), os.Symlink(path+"2", path)) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if _, err := manifest.WriteDir(dir, configMap("a", "b", nil)); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, tt.inTheWay)
			if err := tt.put(path); err != nil {
				t.Fatal(err)
			}
			before := names(t, dir)
			_, err := manifest.WriteDir(dir, configMap("a", "c", nil))
			var foreign *manifest.ForeignFileError
			if !errors.As(err, &foreign) || foreign.Path != path {
				t.Errorf("got %v, want that %s is in the way", err, path)
			}
			if diff := cmp.Diff(before, names(t, dir)); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWriteDirFinishesWhatACallLeft(t *testing.T) {
	dir := t.TempDir()
	if _, err := manifest.WriteDir(dir, configMap("a", "old", nil)); err != nil {
		t.Fatal(err)
	}
	// As a call leaves it that ends after the list and the first of two files.
	list := manifest.WrittenMark + "\n01-configmap-a__b.yaml\n01-configmap-a__c.yaml\n01-configmap-a__old.yaml\n"
	for name, text := range map[string]string{manifest.WrittenList: list, "01-configmap-a__b.yaml": manifest.WrittenMark + "\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := manifest.WriteDir(dir, configMap("a", "b", nil), configMap("a", "c", nil)); err != nil {
		t.Fatal(err)
	}
	want := []string{".watertight", "01-configmap-a__b.yaml", "01-configmap-a__c.yaml"}
	if diff := cmp.Diff(want, names(t, dir)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	wantList := manifest.WrittenMark + "\n01-configmap-a__b.yaml\n01-configmap-a__c.yaml\n"
	if got, err := os.ReadFile(filepath.Join(dir, manifest.WrittenList)); err != nil || string(got) != wantList {
		t.Errorf("got the list %q and %v, want %q", got, err, wantList)
	}
}
