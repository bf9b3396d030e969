// SPDX-License-Identifier: Apache-2.0

package manifest_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
)

func configMap(namespace, name string, data map[string]string) *corev1.ConfigMap {
	return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}, Data: data}
}

func TestWriteLeavesOutWhatOnlyTheServerSets(t *testing.T) {
	hard, used := make(corev1.ResourceList), make(corev1.ResourceList)
	hard[corev1.ResourcePods], used[corev1.ResourcePods] = resource.MustParse("10"), resource.MustParse("1")
	quota := &corev1.ResourceQuota{
		ObjectMeta: metav1.ObjectMeta{
			Name: "cap", Namespace: "staging", UID: "1", ResourceVersion: "2", Generation: 3,
			CreationTimestamp: metav1.NewTime(time.Unix(0, 0)),
			ManagedFields:     []metav1.ManagedFieldsEntry{{Manager: "kubectl"}},
			Labels:            map[string]string{"b": "yes", "a": "1"},
		},
		Spec:   corev1.ResourceQuotaSpec{Hard: hard},
		Status: corev1.ResourceQuotaStatus{Used: used},
	}
	var out bytes.Buffer
	if err := manifest.Write(&out, quota, configMap("staging", "empty", nil)); err != nil {
		t.Fatal(err)
	}
	const want = `apiVersion: v1
kind: ResourceQuota
metadata:
  labels:
    a: "1"
    b: "yes"
  name: cap
  namespace: staging
spec:
  hard:
    pods: "10"
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: empty
  namespace: staging
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if quota.Status.Used == nil || quota.UID != "1" {
		t.Error("the object was changed")
	}
}

func TestWriteRefusesNilAndWritesNothing(t *testing.T) {
	var none *corev1.Secret
	path := filepath.Join(t.TempDir(), "out.yaml")
	var out bytes.Buffer
	for name, err := range map[string]error{
		"Write":     manifest.Write(&out, configMap("a", "b", nil), nil, none),
		"WriteFile": manifest.WriteFile(path, configMap("a", "b", nil), nil, none),
	} {
		var refused *manifest.WriteError
		if !errors.As(err, &refused) || refused.Index != 1 || strings.Count(err.Error(), "\n") != 1 {
			t.Errorf("%s: got %v, want two errors, the first of object 1", name, err)
		}
	}
	if _, err := os.Stat(path); out.Len() > 0 || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%d bytes were written, and the file gives %v", out.Len(), err)
	}
}

func TestWriteFileReplacesInOneStep(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out.yaml")
	for i, mode := range []os.FileMode{0o644, 0o600} {
		if err := manifest.WriteFile(path, configMap("a", "b", map[string]string{"i": strings.Repeat("x", i)})); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != mode {
			t.Errorf("got %v and %v, want mode %v", info.Mode(), err, mode)
		}
		if err := os.Chmod(path, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got := names(t, dir); len(got) != 1 {
		t.Errorf("got files %v, want one", got)
	}
	set, err := manifest.ReadFiles(path)
	if err != nil || len(set.Objects) != 1 {
		t.Errorf("got %d objects and %v", len(set.Objects), err)
	}
}

func TestWriteFileLeavesNothingBehindWhenItFails(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out.yaml")
	if err := os.MkdirAll(filepath.Join(path, "occupied"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := manifest.WriteFile(path, configMap("a", "b", nil)); err == nil {
		t.Error("a folder was replaced by a file")
	}
	if got := names(t, dir); len(got) != 1 {
		t.Errorf("got files %v, want only the folder", got)
	}
	if err := manifest.WriteFile(filepath.Join(dir, "missing", "out.yaml"), configMap("a", "b", nil)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want the error of a missing folder", err)
	}
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, entry := range entries {
		out = append(out, entry.Name())
	}
	return out
}

// TestWhatIsWrittenIsReadBackUnchanged draws objects whose texts look like other
// YAML values, markers and comments.
func TestWhatIsWrittenIsReadBackUnchanged(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(
			rapid.SampledFrom([]string{"", "n", "yes", "~", "null", "0x1F", "1_000", "1e3", ".inf", "2026-01-02", "---", "- a", "# a", "a: b", " a", "a ", "\n---\n", "\t", "*a", "&a", "!a", "%a", "'", "\"", "|", "<<", "=", "\u2028---", "\u0085", "\ufeff", "\x7f", "🚢"}),
			rapid.StringOf(rapid.RuneFrom([]rune("ab \n\t:-#'\"{}[],&*!|>%@\\0é"))),
		)
		data := rapid.MapOfN(rapid.StringMatching(`[a-zA-Z0-9._-]{1,8}`), text, 0, 4)
		port := rapid.OneOf(
			rapid.Map(rapid.Int32Range(1, 65535), intstr.FromInt32),
			rapid.Map(rapid.SampledFrom([]string{"http", "n", "e"}), intstr.FromString),
		).Draw(t, "port")
		want := []bulkhead.Object{
			&corev1.ConfigMap{
				TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"},
				ObjectMeta: metav1.ObjectMeta{Name: "a", Labels: data.Draw(t, "labels"), Annotations: data.Draw(t, "annotations")},
				Data:       data.Draw(t, "data"),
				BinaryData: map[string][]byte{"b": rapid.SliceOfN(rapid.Byte(), 1, 9).Draw(t, "binary")},
			},
			&networkingv1.NetworkPolicy{
				TypeMeta:   metav1.TypeMeta{APIVersion: "networking.k8s.io/v1", Kind: "NetworkPolicy"},
				ObjectMeta: metav1.ObjectMeta{Name: "n", Namespace: "yes"},
				Spec: networkingv1.NetworkPolicySpec{
					PodSelector: metav1.LabelSelector{MatchLabels: data.Draw(t, "selector")},
					Ingress:     []networkingv1.NetworkPolicyIngressRule{{}, {Ports: []networkingv1.NetworkPolicyPort{{Port: &port}}}},
				},
			},
		}
		var out bytes.Buffer
		if err := manifest.Write(&out, want...); err != nil {
			t.Fatal(err)
		}
		set, err := manifest.Read("out", bytes.NewReader(out.Bytes()))
		if err != nil {
			t.Fatalf("%v\n%s", err, out.Bytes())
		}
		if diff := cmp.Diff(want, set.Objects, equateEmpty()); diff != "" {
			t.Errorf("(-want +got):\n%s\n%s", diff, out.Bytes())
		}
		var again bytes.Buffer
		if err := manifest.Write(&again, set.Objects...); err != nil || again.String() != out.String() {
			t.Errorf("written again: %v\n%s\nbut at first\n%s", err, again.Bytes(), out.Bytes())
		}
	})
}

func TestKeysAreAlwaysInTheOrderOfTheirBytes(t *testing.T) {
	data := make(map[string]string)
	for _, key := range []string{"3", "09", "0G4z", "O", "7X", "16vu", "1QM-I", "a10", "a2", "A"} {
		data[key] = "x"
	}
	const want = `apiVersion: v1
data:
  "09": x
  0G4z: x
  16vu: x
  1QM-I: x
  "3": x
  7X: x
  A: x
  O: x
  a10: x
  a2: x
`
	for range 500 {
		text, err := manifest.Marshal(configMap("a", "b", data))
		if err != nil {
			t.Fatal(err)
		}
		if got := string(text[:len(want)]); got != want {
			t.Fatalf("got\n%s", got)
		}
	}
}

func TestTextIsNeitherFoldedNorEscaped(t *testing.T) {
	long := strings.TrimSpace(strings.Repeat("a long line ", 20))
	text, err := manifest.Marshal(configMap("a", "b", map[string]string{
		"k": long, "script": "#!/bin/sh\n\tset -e\n  echo " + long + "\n", strings.Repeat("k", 200): "x",
	}))
	if err != nil {
		t.Fatal(err)
	}
	want := "  k: " + long + "\n  ? " + strings.Repeat("k", 200) + "\n  : x\n  script: |\n    #!/bin/sh\n    \tset -e\n      echo " + long + "\n"
	if !strings.Contains(string(text), want) {
		t.Errorf("got\n%s", text)
	}
}

// TestShortTextsAreWrittenAsYAML tries all texts of up to four characters that
// mean something in YAML: none needs the form of JSON.
func TestShortTextsAreWrittenAsYAML(t *testing.T) {
	texts := []string{""}
	for i := 0; len(texts[i]) < 4; i++ {
		for _, c := range "a \t\n#-:'" {
			texts = append(texts, texts[i]+string(c))
		}
	}
	for _, text := range texts {
		got, err := manifest.Marshal(configMap("a", "b", map[string]string{"k": text}))
		if err != nil || !bytes.HasPrefix(got, []byte("apiVersion: v1\n")) {
			t.Errorf("%q: got %v and\n%s", text, err, got)
		}
	}
}

// equateEmpty takes a map without keys for none: YAML has no need to tell them apart.
func equateEmpty() cmp.Option {
	return cmp.FilterValues(
		func(a, b map[string]string) bool { return len(a) == 0 && len(b) == 0 },
		cmp.Comparer(func(_, _ map[string]string) bool { return true }),
	)
}
