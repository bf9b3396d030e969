// SPDX-License-Identifier: Apache-2.0

package manifest_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
)

func TestReadReadsTheItemsOfLists(t *testing.T) {
	for name, tt := range map[string]reading{
		"as kubectl get prints it": {
			text:    "apiVersion: v1\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata:\n    name: a\n- apiVersion: v1\n  kind: Secret\n  metadata:\n    name: b\nkind: List\nmetadata:\n  resourceVersion: \"\"\n",
			objects: []string{"Secret/a in:3:3", "Secret/b in:7:3"},
		},
		"with indented items, comments and blank lines": {
			text:    "kind: List\napiVersion: v1\nitems: # two\n\n  # first\n  - kind: Secret\n    apiVersion: v1\n    metadata: {name: a}\n# second\n  -\n    kind: Secret\n    apiVersion: v1\n    metadata: {name: b}\n",
			objects: []string{"Secret/a in:6:5", "Secret/b in:11:5"},
		},
		"of one kind, whose items do not name it": {
			text:    "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicyList\nitems:\n- metadata: {name: a}\n- kind: NetworkPolicy\n  apiVersion: networking.k8s.io/v1\n  metadata: {name: b}\n",
			objects: []string{"NetworkPolicy/a in:4:3", "NetworkPolicy/b in:5:3"},
		},
		"of custom resources": {
			text:    "apiVersion: example.com/v1\nkind: ThingList\nitems:\n- {apiVersion: example.com/v1, kind: Thing, metadata: {name: a}}\n- {apiVersion: example.com/v1, kind: Thing, metadata: {name: b}}\n",
			objects: []string{"Thing/a in:4:3", "Thing/b in:5:3"},
		},
		"in flow style": {
			text:    "{kind: List, apiVersion: v1, items: [\n  {kind: Secret, apiVersion: v1, metadata: {name: a}}, {kind: Secret, apiVersion: v1, metadata: {name: b}}]}\n",
			objects: []string{"Secret/a in:2:3", "Secret/b in:2:56"},
		},
		"in JSON": {
			text:    "{\n  \"kind\": \"SecretList\",\n  \"apiVersion\": \"v1\",\n  \"items\": [\n    {\"metadata\": {\"name\": \"a\"}},\n    {\"metadata\": {\"name\": \"b\"}}\n  ]\n}\n",
			objects: []string{"Secret/a in:5:5", "Secret/b in:6:5"},
		},
		"in a List": {
			text:    "kind: List\napiVersion: v1\nitems:\n- kind: List\n  apiVersion: v1\n  items:\n  - kind: Secret\n    apiVersion: v1\n    metadata: {name: a}\n",
			objects: []string{"Secret/a in:7:5"},
		},
		"without items":               {text: "kind: List\napiVersion: v1\nitems: []\n"},
		"whose items are null":        {text: "kind: SecretList\napiVersion: v1\nitems:\n"},
		"without a field items":       {text: "kind: List\napiVersion: v1\n"},
		"whose items are a text":      {text: "kind: List\napiVersion: v1\nitems: none\n", errs: []string{"in:3: document 1: items: want a list"}},
		"with a null in block style":  {text: "kind: List\napiVersion: v1\nitems:\n- null\n", errs: []string{"in:4: document 1: want a mapping with apiVersion and kind"}},
		"with nothing behind a dash":  {text: "kind: List\napiVersion: v1\nitems:\n-\n", errs: []string{"in:4: document 1: want a mapping with apiVersion and kind"}},
		"with a null in flow style":   {text: "kind: List\napiVersion: v1\nitems:\n [null]\n", errs: []string{"in:4: document 1: items[0]: want a mapping with apiVersion and kind"}},
		"with a null in JSON":         {text: `{"kind":"List","apiVersion":"v1","items":[null]}`, errs: []string{"in:1: document 1: want a mapping with apiVersion and kind"}},
		"an object that has items":    {text: "kind: AllowList\napiVersion: example.com/v1\nmetadata: {name: a}\nitems:\n- {cidr: 10.0.0.0/8}\n", objects: []string{"AllowList/a in:1:1"}},
		"a List of another group":     {text: "kind: List\napiVersion: example.com/v1\nmetadata: {name: a}\nitems: [{kind: b}]\n", objects: []string{"List/a in:1:1"}},
		"of a kind without a Go type": {text: "kind: FlowSchemaList\napiVersion: flowcontrol.apiserver.k8s.io/v1\nitems:\n- metadata: {name: a}\n", objects: []string{"FlowSchema/a in:4:3"}},
		"a kind that only ends so":    {text: "kind: AllowList\napiVersion: example.com/v1\nmetadata: {name: a}\n", objects: []string{"AllowList/a in:1:1"}},
		"a block scalar of dashes":    {text: "kind: List\napiVersion: v1\nitems:\n- kind: Secret\n  apiVersion: v1\n  metadata: {name: a}\n  stringData:\n    k: |\n      items:\n      - a\n     \n", objects: []string{"Secret/a in:4:3"}},
		"with a broken item":          {text: "kind: List\napiVersion: v1\nitems:\n- kind: Secret\n  apiVersion: v1\n  metadata: {name: a}\n- a: b: c\n- kind: Secret\n  apiVersion: v1\n  metadata: {name: b}\n", objects: []string{"Secret/a in:4:3", "Secret/b in:8:3"}, errs: []string{"in:7: document 1: mapping values are not allowed in this context"}},
		"with an item that is no map": {text: "kind: List\napiVersion: v1\nitems:\n- kind: Secret\n  apiVersion: v1\n  metadata: {name: a}\n- text\n", objects: []string{"Secret/a in:4:3"}, errs: []string{"in:7: document 1: want a mapping with apiVersion and kind"}},
		"with an item without a kind": {text: "kind: List\napiVersion: v1\nitems:\n- metadata: {name: a}\n", errs: []string{"in:4: document 1: want a mapping with apiVersion and kind"}},
		"with items twice":            {text: "kind: List\napiVersion: v1\nitems:\n- kind: Secret\n  apiVersion: v1\n  metadata: {name: a}\nitems:\n- kind: Secret\n  apiVersion: v1\n  metadata: {name: b}\n", objects: []string{"Secret/b in:8:3"}, errs: []string{"in:7: document 1: items: a field of the List stands twice; what only the first one has is not read"}},
		"in JSON with items twice":    {text: `{"kind":"SecretList","apiVersion":"v1","items":[{"metadata":{"name":"a"}}],"items":[{"metadata":{"name":"b"}}]}`, objects: []string{"Secret/b in:1:85"}, errs: []string{"in:1: document 1: items: a field of the List stands twice; what only the first one has is not read"}},
		"in JSON without a comma":     {text: `{"kind":"SecretList","apiVersion":"v1","items":[{"metadata":{"name":"a"}} {"metadata":{"name":"b"}}]}`, errs: []string{"in:1: document 1: did not find expected ',' or ']'"}},
		"with an anchor across items": {text: "kind: List\napiVersion: v1\nitems:\n- &a\n  kind: Secret\n  apiVersion: v1\n  metadata: {name: a}\n- <<: *a\n  metadata: {name: b}\n", objects: []string{"Secret/a in:4:3", "Secret/b in:8:3"}},
		"with a field that stands left of its item": {
			text: "kind: List\napiVersion: v1\nitems:\n-   kind: Secret\n    apiVersion: v1\n  metadata: {name: a}\n",
			errs: []string{"in:6: document 1: text after the object, which other readers pass over"},
		},
		"with a dash behind a line separator of Unicode": {
			text:    "kind: List\napiVersion: v1\nitems:\n- kind: Secret\n  apiVersion: v1\n  metadata: {name: a}\n  v: x\u2028- kind: Secret\u2028  apiVersion: v1\n",
			objects: []string{"Secret/a in:4:3", "Secret/ in:7:3"},
		},
		"with a quotation across what looks like items": {
			text:    "kind: List\napiVersion: v1\nitems:\n- kind: Secret\n  apiVersion: v1\n  metadata: {name: a}\n  stringData: {k: \"one\n- two\"}\n- kind: Secret\n  apiVersion: v1\n  metadata: {name: b}\n",
			objects: []string{"Secret/a in:4:3", "Secret/b in:9:3"},
		},
	} {
		t.Run(name, tt.check)
	}
}

func TestAListMayBeLongerThanADocument(t *testing.T) {
	var yaml, json strings.Builder
	yaml.WriteString("apiVersion: v1\nitems:\n")
	json.WriteString(`{"apiVersion":"v1","kind":"List","items":[`)
	padding := strings.Repeat("x", 1<<20)
	const n = manifest.MaxDocument>>20 + 2
	for i := range n {
		fmt.Fprintf(&yaml, "- {apiVersion: v1, kind: ConfigMap, metadata: {name: c%d}, data: {p: %s}}\n", i, padding)
		fmt.Fprintf(&json, "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"c%d\"},\"data\":{\"p\":\"%s\"}},\n", i, padding)
	}
	yaml.WriteString("kind: List\n")
	for name, text := range map[string]string{"yaml": yaml.String(), "json": strings.TrimSuffix(json.String(), ",\n") + "]}"} {
		set, err := manifest.Read(name, strings.NewReader(text))
		if err != nil || len(set.Objects) != n {
			t.Fatalf("%s: got %d objects and %v, want %d", name, len(set.Objects), err, n)
		}
		last := bulkhead.Ref{Kind: "ConfigMap", Name: fmt.Sprintf("c%d", n-1)}
		want := map[string]int{"yaml": n + 2, "json": n}[name]
		if position, ok := set.Position(last, "data[p]"); !ok || position.Line != want {
			t.Errorf("%s: got %v, want line %d", name, position, want)
		}
	}
}

func TestABrokenItemOfALongListCostsOnlyItself(t *testing.T) {
	var text strings.Builder
	text.WriteString("apiVersion: v1\nkind: List\nitems:\n- a: b: c\n")
	const n = manifest.MaxDocument>>20 + 1
	for i := range n {
		fmt.Fprintf(&text, "- {apiVersion: v1, kind: ConfigMap, metadata: {name: c%d}, data: {p: %s}}\n", i, strings.Repeat("x", 1<<20))
	}
	set, err := manifest.Read("in", strings.NewReader(text.String()))
	_, limit := errors.AsType[*manifest.LimitError](err)
	_, syntax := errors.AsType[*manifest.SyntaxError](err)
	if len(set.Objects) != n || limit || !syntax {
		t.Errorf("got %d objects and %v, want %d and a syntax error", len(set.Objects), err, n)
	}
}
