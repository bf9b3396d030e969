// SPDX-License-Identifier: Apache-2.0

package manifest_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
)

func TestShapesOfToolsAreReadWithoutLoss(t *testing.T) {
	for file, want := range map[string]struct{ objects, untyped int }{
		"helm-template.yaml":   {8, 0},
		"kustomize-build.yaml": {7, 0},
		"operator-bundle.yaml": {6, 3},
	} {
		t.Run(file, func(t *testing.T) {
			set := readWithoutLoss(t, filepath.Join("testdata", file))
			if len(set.Objects) != want.objects || len(set.Untyped()) != want.untyped {
				t.Errorf("got %d objects, %v of them untyped, want %v", len(set.Objects), set.Untyped(), want)
			}
		})
	}
}

// TestRealApplicationsAreReadWithoutLoss reads the manifests of applications that
// are not part of this project.
func TestRealApplicationsAreReadWithoutLoss(t *testing.T) {
	cases := os.Getenv("WATERTIGHT_CASES")
	if cases == "" {
		t.Skip("WATERTIGHT_CASES names no folder of reference cases")
	}
	applications, err := os.ReadDir(filepath.Join(cases, "real"))
	if err != nil {
		t.Fatal(err)
	}
	for _, application := range applications {
		if application.IsDir() {
			t.Run(application.Name(), func(t *testing.T) {
				set := readWithoutLoss(t, filepath.Join(cases, "real", application.Name()))
				if len(set.Objects) < 20 {
					t.Errorf("got %d objects", len(set.Objects))
				}
			})
		}
	}
}

// readWithoutLoss reads a file or folder and compares each object with what
// another reader makes of the same text.
func readWithoutLoss(t *testing.T, path string) *manifest.Set {
	t.Helper()
	set, err := manifest.ReadFiles(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range set.Findings() {
		if f.Rule != manifest.DuplicateObject { // the cluster-wide parts of two ways to install
			t.Error(f)
		}
	}
	want := readPlainly(t, path)
	if len(want) != len(set.Objects) {
		t.Fatalf("got %d objects, want %d", len(set.Objects), len(want))
	}
	for i, obj := range set.Objects {
		like := reflect.New(reflect.TypeOf(obj).Elem()).Interface()
		if u, ok := like.(*unstructured.Unstructured); ok {
			like = &u.Object
		}
		if err := json.Unmarshal(want[i], like); err != nil {
			t.Fatal(err)
		}
		var got any = obj
		if u, ok := obj.(*unstructured.Unstructured); ok {
			got = &map[string]any{}
			data, err := json.Marshal(u.Object)
			if err != nil || json.Unmarshal(data, got) != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(like, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", bulkhead.RefTo(obj), diff)
		}
		checkRoundTrip(t, obj)
		if text, err := manifest.Marshal(obj); err != nil || text[0] == '{' {
			t.Errorf("%s: got %v and %.20q, want YAML in block style", bulkhead.RefTo(obj), err, text)
		}
	}
	return set
}

// readPlainly returns the JSON of each object under a path: documents divided at
// lines of dashes, turned into JSON as a whole, Lists resolved.
func readPlainly(t *testing.T, root string) []json.RawMessage {
	t.Helper()
	var out []json.RawMessage
	marker := regexp.MustCompile(`(?m)^---$`)
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".yaml") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, document := range marker.Split(string(text), -1) {
			data, err := yaml.YAMLToJSON([]byte(document))
			if err != nil {
				return err
			}
			var list struct {
				Kind  string
				Items []json.RawMessage
			}
			if err := json.Unmarshal(data, &list); err != nil {
				return err
			}
			switch {
			case list.Kind == "":
			case strings.HasSuffix(list.Kind, "List"):
				out = append(out, list.Items...)
			default:
				out = append(out, data)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
