// SPDX-License-Identifier: Apache-2.0

package admit_test

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"golang.org/x/tools/txtar"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/quota/admit"
)

// Each file of testdata/cases is a cluster, and requests to its server with their
// answers, which a kube-apiserver 1.37.2 gave; internal/conformance asks one again.
// An answer is a verdict, then for a refusal its stage and a part of its message, and
// for an admitted object what it is charged.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/cases/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(string(archive.Comment), ".\n"), func(t *testing.T) {
			objs := make(map[string][]bulkhead.Object)
			var want string
			for _, f := range archive.Files {
				if f.Name == "want" {
					want = string(f.Data)
					continue
				}
				objs[strings.TrimSuffix(f.Name, ".yaml")] = read(t, f.Name, f.Data)
			}
			cluster := bulkhead.Must(admit.New(objs["cluster"], admit.Options{}))
			asked := 1
			for line := range strings.Lines(want) {
				name, answer, _ := strings.Cut(strings.TrimSpace(line), ": ")
				asked++
				expect(t, name, ask(t, cluster, name, objs[name]), answer)
			}
			if asked != len(objs) {
				t.Errorf("%d of %d files are asked about", asked, len(objs))
			}
		})
	}
}

func read(t *testing.T, name string, data []byte) []bulkhead.Object {
	t.Helper()
	set, err := manifest.Read(name, bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return set.Objects
}

// ask makes the request that a name begins with.
func ask(t *testing.T, cluster *admit.Cluster, name string, objs []bulkhead.Object) admit.Result {
	t.Helper()
	switch verb, _, _ := strings.Cut(name, "-"); {
	case verb == "create" && len(objs) == 1:
		return cluster.Object(objs[0])
	case verb == "update" && len(objs) == 2:
		return cluster.Update(objs[0], objs[1])
	case verb == "resize" && len(objs) == 2:
		return cluster.Resize(objs[0].(*corev1.Pod), objs[1].(*corev1.Pod))
	default:
		t.Fatalf("%s: no request with %d objects", name, len(objs))
		return admit.Result{}
	}
}

func expect(t *testing.T, name string, got admit.Result, want string) {
	t.Helper()
	verdict, rest, _ := strings.Cut(want, " ")
	if got.Verdict.String() != verdict {
		t.Errorf("%s: %v %s %q %v, want %s", name, got.Verdict, got.Stage, got.Message, got.Missing, want)
		return
	}
	switch got.Verdict {
	case admit.Refused:
		stage, message, _ := strings.Cut(rest, " ")
		if string(got.Stage) != stage || !strings.Contains(got.Message, message) {
			t.Errorf("%s: refused by %s: %q, want %s", name, got.Stage, got.Message, want)
		}
	case admit.Undetermined:
		if len(got.Missing) == 0 {
			t.Errorf("%s: undetermined, and nothing is missing", name)
		}
	case admit.Admitted:
		charged := got.Charged()
		for part := range strings.FieldsSeq(rest) {
			key, amount, _ := strings.Cut(part, "=")
			charge := charged[corev1.ResourceName(key)]
			if charge.Cmp(resource.MustParse(amount)) != 0 {
				t.Errorf("%s: charged %s of %s, want %s", name, charge.String(), key, amount)
			}
		}
	}
}
