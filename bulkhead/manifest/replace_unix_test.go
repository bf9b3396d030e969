// SPDX-License-Identifier: Apache-2.0

//go:build unix

package manifest_test

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
)

// TestPermissionsOfWrittenFiles is not parallel with others, since the umask is
// the process's.
func TestPermissionsOfWrittenFiles(t *testing.T) {
	secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: "a", Name: "b"}}
	list := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "example.com/v1", "kind": "Template", "metadata": map[string]any{"name": "a"},
		"objects": []any{map[string]any{"apiVersion": "v1", "kind": "Secret"}},
	}}
	for name, tt := range map[string]struct {
		umask int
		old   os.FileMode // of a file that is there already
		objs  []bulkhead.Object
		want  os.FileMode
	}{
		"a new file":                     {umask: 0o022, objs: []bulkhead.Object{configMap("a", "b", nil)}, want: 0o644},
		"a new file under a strict mask": {umask: 0o077, objs: []bulkhead.Object{configMap("a", "b", nil)}, want: 0o600},
		"an old file under a strict mask": {
			umask: 0o077, old: 0o664, objs: []bulkhead.Object{configMap("a", "b", nil)}, want: 0o664,
		},
		"a new file with a Secret":              {umask: 0, objs: []bulkhead.Object{secret, configMap("a", "b", nil)}, want: 0o600},
		"a new file with a Secret in an object": {umask: 0, objs: []bulkhead.Object{list}, want: 0o600},
		"an old file with a Secret":             {umask: 0o022, old: 0o640, objs: []bulkhead.Object{secret}, want: 0o640},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "out.yaml")
			if tt.old != 0 {
				if err := errors.Join(os.WriteFile(path, nil, 0o600), os.Chmod(path, tt.old)); err != nil {
					t.Fatal(err)
				}
			}
			defer syscall.Umask(syscall.Umask(tt.umask))
			if err := manifest.WriteFile(path, tt.objs...); err != nil {
				t.Fatal(err)
			}
			info, err := os.Stat(path)
			if err != nil || info.Mode().Perm() != tt.want {
				t.Errorf("got %v and %v, want mode %v", info.Mode(), err, tt.want)
			}
			if tt.old != 0 {
				return
			}
			paths, err := manifest.WriteDir(filepath.Join(dir, "dir"), tt.objs...)
			if err != nil {
				t.Fatal(err)
			}
			info, err = os.Stat(paths[0])
			if err != nil || info.Mode().Perm() != tt.want {
				t.Errorf("in a folder: got %v and %v, want mode %v", info.Mode(), err, tt.want)
			}
		})
	}
}

func TestWriteFileWritesThroughLinks(t *testing.T) {
	dir := t.TempDir()
	target := filepath.Join(dir, "elsewhere", "target.yaml")
	link := filepath.Join(dir, "link.yaml")
	if err := errors.Join(
		os.Mkdir(filepath.Dir(target), 0o755), os.WriteFile(target, []byte("old\n"), 0o640),
		os.Symlink(filepath.Join("elsewhere", "target.yaml"), filepath.Join(dir, "second.yaml")), os.Symlink("second.yaml", link),
	); err != nil {
		t.Fatal(err)
	}
	if err := manifest.WriteFile(link, configMap("a", "b", nil)); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode().Type() != fs.ModeSymlink {
		t.Errorf("got %v and %v, want the link", info.Mode(), err)
	}
	info, err := os.Lstat(target)
	text, failed := os.ReadFile(target)
	if err := errors.Join(err, failed); err != nil || info.Mode() != 0o640 || !strings.HasPrefix(string(text), "apiVersion: v1\n") {
		t.Errorf("got %q, %v and %v, want the new text with the old permissions", text, info.Mode(), err)
	}
	for _, in := range []string{dir, filepath.Dir(target)} {
		for _, name := range names(t, in) {
			if strings.HasSuffix(name, ".tmp") {
				t.Errorf("%s is left in %s", name, in)
			}
		}
	}
}

func TestWriteFileReplacesNothingButFiles(t *testing.T) {
	for name, put := range map[string]func(path string) error{
		"a link that points nowhere": func(path string) error { return os.Symlink("nowhere", path) },
		"a link to itself":           func(path string) error { return os.Symlink(filepath.Base(path), path) },
		"a link to a folder":         func(path string) error { return os.Symlink(".", path) },
		"a folder":                   func(path string) error { return os.Mkdir(path, 0o755) },
		"a pipe":                     func(path string) error { return syscall.Mkfifo(path, 0o644) },
		"a link to a device":         func(path string) error { return os.Symlink(os.DevNull, path) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "out.yaml")
			if err := put(path); err != nil {
				t.Fatal(err)
			}
			before, err := os.Lstat(path)
			if err != nil {
				t.Fatal(err)
			}
			var refused *fs.PathError
			if err := manifest.WriteFile(path, configMap("a", "b", nil)); !errors.As(err, &refused) {
				t.Errorf("got %v, want a refusal", err)
			}
			if after, err := os.Lstat(path); err != nil || after.Mode() != before.Mode() || len(names(t, dir)) != 1 {
				t.Errorf("got %v, %v and %v, want the folder as it was", after.Mode(), err, names(t, dir))
			}
		})
	}
}

// TestWriteDirChangesNothingOnAFullDisk runs itself in a process that may write
// no more than a few bytes to a file.
func TestWriteDirChangesNothingOnAFullDisk(t *testing.T) {
	const folder = "WATERTIGHT_TEST_FOLDER"
	if dir := os.Getenv(folder); dir != "" {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 4096, Max: 4096}); err != nil {
			t.Fatal(err)
		}
		_, err := manifest.WriteDir(dir, configMap("a", "b", map[string]string{"k": "new"}), configMap("a", "d", map[string]string{"k": strings.Repeat("x", 8192)}))
		if !errors.Is(err, syscall.EFBIG) {
			t.Errorf("got %v, want that the file is too large", err)
		}
		return
	}
	dir := t.TempDir()
	if _, err := manifest.WriteDir(dir, configMap("a", "b", nil), configMap("a", "c", nil)); err != nil {
		t.Fatal(err)
	}
	before := names(t, dir)
	child := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	child.Env = append(os.Environ(), folder+"="+dir)
	if out, err := child.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if diff := cmp.Diff(before, names(t, dir)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	// If the process had ended among the files, the list would tell whose they are.
	if list, err := os.ReadFile(filepath.Join(dir, manifest.WrittenList)); err != nil || !strings.Contains(string(list), "\n01-configmap-a__d.yaml\n") {
		t.Errorf("got the list %q and %v, want the file in it that was to be written", list, err)
	}
	if text, err := os.ReadFile(filepath.Join(dir, before[1])); err != nil || strings.Contains(string(text), "new") {
		t.Errorf("got %q and %v, want the old text", text, err)
	}
}
