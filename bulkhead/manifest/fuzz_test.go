// SPDX-License-Identifier: Apache-2.0

package manifest_test

import (
	"bytes"
	"encoding/json"
	"testing"

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
			if !ok || position.Line < 1 || position.Line > lines || position.Column < 1 {
				t.Errorf("%v stands at %v, of %d lines", finding, position, lines)
			}
		}
		for _, obj := range set.Objects {
			checkRoundTrip(t, obj)
		}
	})
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
