// SPDX-License-Identifier: Apache-2.0

package bulkheadtest_test

import (
	"flag"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/bulkheadtest"
)

// The flag is the test package's own. That it may be declared here shows that the
// package under test registers none: flag.Bool panics on a name that is taken.
var _ = flag.Bool("update", false, "rewrite golden files")

func namespace(name string) *corev1.Namespace {
	return &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}}
}

const (
	stagingText = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: staging\n"
	prodText    = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: prod\n"
)

// withFlags gives a test command-line flags of its own.
func withFlags(t *testing.T) *flag.FlagSet {
	t.Helper()
	before := flag.CommandLine
	t.Cleanup(func() { flag.CommandLine = before })
	flag.CommandLine = flag.NewFlagSet(t.Name(), flag.ContinueOnError)
	return flag.CommandLine
}

// withUpdate runs a test as if -update were given.
func withUpdate(t *testing.T) { withFlags(t).Bool("update", true, "") }

func write(t *testing.T, text string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "golden.yaml")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestGoldenCompares(t *testing.T) {
	labelled := namespace("staging")
	labelled.Labels = map[string]string{"tier": "low"}
	tests := map[string]struct {
		text string
		objs []bulkhead.Object
		want []string
	}{
		"the same text":           {stagingText, []bulkhead.Object{namespace("staging")}, nil},
		"two objects, in order":   {stagingText + "---\n" + prodText, []bulkhead.Object{namespace("staging"), namespace("prod")}, nil},
		"lines that end in CRLF":  {strings.ReplaceAll(stagingText, "\n", "\r\n"), []bulkhead.Object{namespace("staging")}, nil},
		"what only a server sets": {stagingText, []bulkhead.Object{&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "staging", UID: "1"}}}, nil},
		"a field more":            {stagingText, []bulkhead.Object{labelled}, []string{"golden.yaml:3:1: Namespace/staging metadata.labels: want nothing, got {\"tier\":\"low\"}", "go test -update"}},
		"a label's value": {
			stagingText + "  labels:\n    a.b/c: d\n",
			[]bulkhead.Object{&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "staging", Labels: map[string]string{"a.b/c": "e"}}}},
			[]string{`golden.yaml:6:5: Namespace/staging metadata.labels[a.b/c]: want "d", got "e"`},
		},
		"another object":           {stagingText, []bulkhead.Object{namespace("prod")}, []string{"golden.yaml: Namespace/prod: want nothing, got the object", "golden.yaml:1:1: Namespace/staging: want the object, got nothing"}},
		"an object more":           {stagingText, []bulkhead.Object{namespace("staging"), namespace("prod")}, []string{"golden.yaml: Namespace/prod: want nothing, got the object"}},
		"an object gone":           {stagingText + "---\n" + prodText, []bulkhead.Object{namespace("staging")}, []string{"golden.yaml:6:1: Namespace/prod: want the object, got nothing"}},
		"another order":            {stagingText + "---\n" + prodText, []bulkhead.Object{namespace("prod"), namespace("staging")}, []string{"golden.yaml:4: the objects are the same, the text differs"}},
		"a comment":                {stagingText + "# edited by hand\n", []bulkhead.Object{namespace("staging")}, []string{"golden.yaml:5: the objects are the same"}},
		"a comment before the end": {"# edited by hand\n" + stagingText, []bulkhead.Object{namespace("staging")}, []string{"golden.yaml:1: the objects are the same"}},
		"no newline at the end":    {strings.TrimSuffix(stagingText, "\n"), []bulkhead.Object{namespace("staging")}, []string{"golden.yaml:4: the objects are the same"}},
		"a CR within a line":       {strings.Replace(stagingText, "v1", "v\r1", 1), []bulkhead.Object{namespace("staging")}, []string{"golden.yaml"}},
		"an empty file":            {"", []bulkhead.Object{namespace("staging")}, []string{"golden.yaml: Namespace/staging: want nothing, got the object"}},
		"a file that is no YAML":   {"a: [", []bulkhead.Object{namespace("staging")}, []string{"golden.yaml:1", "go test -update"}},
		"no objects":               {"", nil, []string{"no objects"}},
		"a nil object":             {stagingText, []bulkhead.Object{namespace("staging"), nil}, []string{"golden.yaml", "nil"}},
		"an object of no kind":     {stagingText, []bulkhead.Object{&unstructured.Unstructured{}}, []string{"golden.yaml", "kind"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			path := write(t, tt.text)
			var r recorder
			bulkheadtest.Golden(&r, path, tt.objs...)
			r.wantFailure(t, tt.want...)
			if got, err := os.ReadFile(path); err != nil || string(got) != tt.text {
				t.Errorf("without -update the file became %q, %v", got, err)
			}
		})
	}
}

func TestGoldenWithoutFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none.yaml")
	var r recorder
	bulkheadtest.Golden(&r, path, namespace("staging"))
	r.wantFailure(t, path, "no such file", "go test -update writes it")
	if _, err := os.Stat(path); err == nil {
		t.Error("the file was written without -update")
	}
}

// Advice to pass a flag that nobody declared would end in a usage error.
func TestGoldenSaysHowToDeclareTheFlag(t *testing.T) {
	withFlags(t)
	const declaration = `var _ = flag.Bool("update", false, "rewrite golden files")`
	for name, path := range map[string]string{
		"a file that is missing": filepath.Join(t.TempDir(), "none.yaml"),
		"a file that differs":    write(t, prodText),
	} {
		t.Run(name, func(t *testing.T) {
			var r recorder
			bulkheadtest.Golden(&r, path, namespace("staging"))
			r.wantFailure(t, "go test -update", declaration)
		})
	}
}

func TestGoldenOfAFolder(t *testing.T) {
	var r recorder
	bulkheadtest.Golden(&r, t.TempDir(), namespace("staging"))
	r.wantFailure(t, "directory")
	if strings.Contains(r.failures[0], "update") {
		t.Errorf("advice that does not help: %s", r.failures[0])
	}
}

func TestGoldenUpdates(t *testing.T) {
	withUpdate(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "new", "folder", "golden.yaml")
	for _, objs := range [][]bulkhead.Object{
		{namespace("staging"), namespace("prod")}, // writes
		{namespace("staging")},                    // rewrites
	} {
		var r recorder
		bulkheadtest.Golden(&r, path, objs...)
		r.wantFailure(t)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != stagingText {
		t.Errorf("got %q, %v", got, err)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("temporary files stay behind: %v, %v", entries, err)
	}
}

// A file whose lines end in CRLF only because of how it was checked out, or that
// is as it should be, stays as it is.
func TestGoldenUpdateLeavesEqualFiles(t *testing.T) {
	withUpdate(t)
	path := write(t, strings.ReplaceAll(stagingText, "\n", "\r\n"))
	old := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	if err := os.Chtimes(path, old, old); err != nil {
		t.Fatal(err)
	}
	var r recorder
	bulkheadtest.Golden(&r, path, namespace("staging"))
	r.wantFailure(t)
	if info, err := os.Stat(path); err != nil || !info.ModTime().Equal(old) {
		t.Errorf("the file was written: %v, %v", info, err)
	}
}

func TestGoldenUpdateRefuses(t *testing.T) {
	withUpdate(t)
	t.Run("no objects, and keeps the file", func(t *testing.T) {
		path := write(t, stagingText)
		var r recorder
		bulkheadtest.Golden(&r, path)
		r.wantFailure(t, "no objects")
		if got, err := os.ReadFile(path); err != nil || string(got) != stagingText {
			t.Errorf("the file became %q, %v", got, err)
		}
	})
	t.Run("an object that has no YAML form, and keeps the file", func(t *testing.T) {
		path := write(t, stagingText)
		var r recorder
		bulkheadtest.Golden(&r, path, namespace("prod"), nil)
		r.wantFailure(t, "nil")
		if got, err := os.ReadFile(path); err != nil || string(got) != stagingText {
			t.Errorf("the file became %q, %v", got, err)
		}
	})
	t.Run("a folder that cannot be made", func(t *testing.T) {
		path := filepath.Join(write(t, "a file"), "golden.yaml")
		var r recorder
		bulkheadtest.Golden(&r, path, namespace("prod"))
		r.wantFailure(t, path)
	})
	t.Run("a folder in place of the file", func(t *testing.T) {
		path := t.TempDir()
		var r recorder
		bulkheadtest.Golden(&r, path, namespace("prod"))
		r.wantFailure(t, path)
	})
}

// The flag may be somebody else's: of another type, off, or not there.
func TestGoldenReadsWhateverFlagIsThere(t *testing.T) {
	tests := map[string]struct {
		register func(*flag.FlagSet)
		writes   bool
	}{
		"no flag":                      {func(*flag.FlagSet) {}, false},
		"a flag that is off":           {func(fs *flag.FlagSet) { fs.Bool("update", false, "") }, false},
		"a flag that is on":            {func(fs *flag.FlagSet) { fs.Bool("update", true, "") }, true},
		"a flag of text that says yes": {func(fs *flag.FlagSet) { fs.String("update", "1", "") }, true},
		"a flag of text that does not": {func(fs *flag.FlagSet) { fs.String("update", "snapshots", "") }, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			tt.register(withFlags(t))
			path := filepath.Join(t.TempDir(), "golden.yaml")
			bulkheadtest.Golden(&recorder{}, path, namespace("staging"))
			if _, err := os.Stat(path); (err == nil) != tt.writes {
				t.Errorf("the file: %v", err)
			}
		})
	}
}

// The flag works as users give it, on the command line of a test binary: this
// test runs its own binary, twice.
func TestGoldenOnTheCommandLine(t *testing.T) {
	const variable = "BULKHEADTEST_GOLDEN"
	if path := os.Getenv(variable); path != "" {
		bulkheadtest.Golden(t, path, namespace("staging"))
		return
	}
	path := filepath.Join(t.TempDir(), "golden.yaml")
	run := func(args ...string) (string, error) {
		cmd := exec.Command(os.Args[0], append([]string{"-test.run=^TestGoldenOnTheCommandLine$"}, args...)...)
		cmd.Env = append(os.Environ(), variable+"="+path)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	out, err := run()
	if err == nil || !strings.Contains(out, "golden_test.go:") || !strings.Contains(out, "no such file") {
		t.Errorf("without the flag and the file: %v\n%s", err, out)
	}
	if out, err := run("-update"); err != nil {
		t.Errorf("with the flag: %v\n%s", err, out)
	}
	if out, err := run(); err != nil {
		t.Errorf("once there is a file: %v\n%s", err, out)
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != fs.FileMode(0o644) {
		t.Errorf("got %v, %v", info, err)
	}
}
