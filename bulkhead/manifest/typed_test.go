// SPDX-License-Identifier: Apache-2.0

package manifest_test

import (
	"bytes"
	"errors"
	"io"
	"math"
	"os"
	"reflect"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/yaml"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
)

// untypedIn reads manifests as programs do that know no kinds.
func untypedIn(t *testing.T, path string) []bulkhead.Object {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out []bulkhead.Object
	decoder := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(data), 4096)
	for {
		u := &unstructured.Unstructured{}
		if err := decoder.Decode(&u.Object); errors.Is(err, io.EOF) {
			return out
		} else if err != nil {
			t.Fatal(err)
		}
		switch {
		case u.Object == nil:
		case u.IsList():
			_ = u.EachListItem(func(item runtime.Object) error {
				out = append(out, item.(bulkhead.Object))
				return nil
			})
		default:
			out = append(out, u)
		}
	}
}

// What somebody else read becomes what Read makes of the same text.
func TestTypedGivesWhatReadGives(t *testing.T) {
	converted := 0
	for _, path := range []string{"testdata/helm-template.yaml", "testdata/kustomize-build.yaml", "testdata/operator-bundle.yaml"} {
		set, err := manifest.ReadFiles(path)
		if err != nil {
			t.Fatal(err)
		}
		untyped := untypedIn(t, path)
		typed, err := manifest.Typed(untyped)
		if err != nil {
			t.Fatal(err)
		}
		if len(typed) != len(set.Objects) {
			t.Fatalf("%s: %d objects, want %d", path, len(typed), len(set.Objects))
		}
		for i, want := range set.Objects {
			if _, custom := want.(*unstructured.Unstructured); custom {
				if typed[i] != untyped[i] {
					t.Errorf("%s: %v is another object", path, bulkhead.RefTo(want))
				}
				continue
			}
			converted++
			if !reflect.DeepEqual(typed[i], want) {
				t.Errorf("%s: %v differs:\n%#v\nwant\n%#v", path, bulkhead.RefTo(want), typed[i], want)
			}
		}
	}
	if converted == 0 {
		t.Error("nothing was converted")
	}
}

// What does not fit its kind is told with object and field, without the value, and
// hides nothing else.
func TestTypedRefuses(t *testing.T) {
	object := func(kind string, content map[string]any) *unstructured.Unstructured {
		content["apiVersion"], content["kind"] = "v1", kind
		content["metadata"] = map[string]any{"name": "x", "namespace": "shop"}
		return &unstructured.Unstructured{Object: content}
	}
	typed := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "typed"}}
	for name, tt := range map[string]struct {
		obj  bulkhead.Object
		want string
	}{
		"a list where the kind has a mapping": {object("Pod", map[string]any{"spec": []any{"hunter2"}}), "Pod/shop/x: spec: want a mapping, not a list"},
		"a text where it has a number":        {object("Service", map[string]any{"spec": map[string]any{"ports": []any{map[string]any{"port": "hunter2"}}}}), "Service/shop/x: spec.ports[0].port: want an integer of 32 bits, not this string"},
		"a number where it has base64":        {object("Secret", map[string]any{"data": map[string]any{"password": int64(1)}}), "Secret/shop/x: data[password]: want text in base64, not this number"},
		"what JSON cannot hold":               {object("ConfigMap", map[string]any{"data": math.NaN()}), "ConfigMap/shop/x: holds what JSON cannot"},
		"nothing":                             {nil, ""},
		"an unstructured nil":                 {(*unstructured.Unstructured)(nil), ""},
		"an object without content":           {&unstructured.Unstructured{}, ""},
		"a kind that nobody knows":            {object("Widget", map[string]any{"spec": "hunter2"}), ""},
		"a version that is no longer served":  {&unstructured.Unstructured{Object: map[string]any{"apiVersion": "extensions/v1beta1", "kind": "Deployment"}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			in := []bulkhead.Object{typed, tt.obj, object("Node", map[string]any{})}
			out, err := manifest.Typed(in)
			if len(out) != 3 || out[0] != bulkhead.Object(typed) || out[1] != tt.obj {
				t.Fatalf("%v", out)
			}
			if _, ok := out[2].(*corev1.Node); !ok {
				t.Errorf("the object beside it is %T", out[2])
			}
			if _, ok := in[2].(*unstructured.Unstructured); !ok {
				t.Error("the argument was changed")
			}
			var wrong *manifest.DocumentError
			switch {
			case tt.want == "" && err != nil:
				t.Error(err)
			case tt.want != "" && (!errors.As(err, &wrong) || err.Error() != tt.want || strings.Contains(err.Error(), "hunter2")):
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
}
