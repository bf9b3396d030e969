// SPDX-License-Identifier: Apache-2.0

package manifest_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/util/yaml"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
)

// FuzzRead holds that no text makes the reader panic, that every error has a
// type, that every position is inside the text, and that what was read can be
// written and read again without a change.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: 'n', a: b}\n",
		"\xef\xbb\xbf---\r\n# comment\r\nkind: Secret\r\napiVersion: v1\r\nstringData: {p: |-\r\n  ---\r\n }\r\n...\r\n",
		"%YAML 1.2\n---\nkind: A\napiVersion: b/v1\nspec: &s {a: [1, *s]}\n",
		"kind: List\napiVersion: v1\nitems:\n- kind: Pod\n  apiVersion: v1\n  spec: {containers: [{}]}\n-\n  kind: Service\n  apiVersion: v1\nmetadata: {}\n",
		`{"kind":"PodList","apiVersion":"v1","items":[{"metadata":{"name":"a"}},{"spec":5}]}{"kind":"x"}`,
		"kind: NetworkPolicyList\napiVersion: networking.k8s.io/v1\nitems: [{metadata: {name: a}, spec: {podSelector: {}, ingres: []}}]\n",
		"base: &b {name: x}\nkind: Pod\napiVersion: v1\nmetadata:\n  <<: *b\n  namespace: y\n",
		"kind: Pod\napiVersion: v1\nmetadata: {name: yes, creationTimestamp: x}\n--- # next\n? a\n: b\n",
		`{"kind":"A","apiVersion":"b/v1"}` + "\n# c\n{kind: B, apiVersion: b/v1}\n---\n kind: C\n apiVersion: b/v1\nspec: {}\n",
		"kind: List\napiVersion: v1\nitems:\n-   kind: A\n    apiVersion: b/v1\n  spec: {}\n- kind: B\n  apiVersion: b/v1\n  v: a\u0085- kind: C\n",
		"\xff\xfek\x00:\x00 \x00v\x00\n\x00",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		set, err := manifest.Read("fuzz", bytes.NewReader(text))
		wantTyped(t, err)
		lines := 1 + bytes.Count(text, []byte("\n")) + bytes.Count(text, []byte("\r"))
		for _, finding := range set.Findings() {
			position, ok := set.Position(finding.Object, finding.Field)
			if !ok && count(set, finding.Object) > 1 {
				continue // which of them is meant cannot be told
			}
			if !ok || position.Line < 1 || position.Line > lines || position.Column < 1 {
				t.Errorf("%v stands at %v, of %d lines", finding, position, lines)
			}
		}
		for _, obj := range set.Objects {
			checkRoundTrip(t, obj)
		}
		if err == nil {
			checkNothingDropped(t, text, set)
		}
	})
}

// checkNothingDropped compares what was read without an error with what the reader
// of Kubernetes finds, as far as that reads on.
func checkNothingDropped(t *testing.T, text []byte, set *manifest.Set) {
	t.Helper()
	if bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) {
		return // it knows no UTF-16
	}
	objects := 0
	documents := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(text), 4096)
	for {
		var object map[string]any
		if err := documents.Decode(&object); err != nil {
			break
		}
		objects += countLeast(object)
	}
	if len(set.Objects) < objects {
		t.Errorf("got %d objects, want at least %d", len(set.Objects), objects)
	}
}

// countLeast returns how many objects a value stands for, at the least: a list of one
// kind may be empty or, if the kind is not known, be an object.
func countLeast(object map[string]any) (n int) {
	kind, _ := object["kind"].(string)
	items, _ := object["items"].([]any)
	switch {
	case object == nil:
		return 0
	case kind == "List" && object["apiVersion"] == "v1":
		for _, item := range items {
			item, _ := item.(map[string]any)
			n += countLeast(item)
		}
		return n
	case strings.HasSuffix(kind, "List"):
		return min(len(items), 1)
	default:
		return 1
	}
}

// count returns how many objects have a name.
func count(set *manifest.Set, ref bulkhead.Ref) (n int) {
	for _, obj := range set.Objects {
		if bulkhead.RefTo(obj) == ref {
			n++
		}
	}
	return n
}

// checkRoundTrip writes an object, reads it and compares the two.
func checkRoundTrip(t *testing.T, obj bulkhead.Object) {
	t.Helper()
	var text bytes.Buffer
	if err := manifest.Write(&text, obj); err != nil {
		t.Fatalf("%s: %v", bulkhead.RefTo(obj), err)
	}
	again, err := manifest.Read("again", bytes.NewReader(text.Bytes()))
	if err != nil || len(again.Objects) != 1 {
		t.Fatalf("%s: got %d objects and %v from\n%s", bulkhead.RefTo(obj), len(again.Objects), err, text.Bytes())
	}
	if got, want := applied(t, again.Objects[0]), applied(t, obj); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// applied returns the JSON that would be applied to a cluster.
func applied(t *testing.T, obj bulkhead.Object) string {
	t.Helper()
	content, err := bulkhead.Unstructured(obj)
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(content.Object)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
