// SPDX-License-Identifier: Apache-2.0

package manifest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
)

func TestPositionOfObjectsWithOneName(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		want map[string]string // position of each field
	}{
		"a field that only the second has": {
			text: "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {type: NodePort}\n",
			want: map[string]string{"": "in:1:1", "spec.type": "in:8:8", "metadata.name": "none", "spec.ports": "none"},
		},
		"the same object twice": {
			text: "{apiVersion: v1, kind: Service, metadata: {name: a}}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: a}\n",
			want: map[string]string{"": "in:1:1", "metadata.name": "in:1:44", "spec.type": "in:1:1"},
		},
		"an unknown field that only the second has": {
			text: "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: a}\nbogus: 1\n",
			want: map[string]string{"bogus": "in:8:1"},
		},
		"an unknown field that both have": {
			text: "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nbogus: 1\n---\napiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {}\nbogus: 1\nbogus: 1\n",
			want: map[string]string{"bogus": "none"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			set, err := manifest.Read("in", strings.NewReader(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			got := make(map[string]string)
			for field := range tt.want {
				got[field] = "none"
				if position, ok := set.Position(bulkhead.Ref{Kind: "Service", Name: "a"}, field); ok {
					got[field] = position.String()
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestPositionOfObjectsWhoseNamesTheServerMakes(t *testing.T) {
	const job = "apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: a}\n"
	set, err := manifest.Read("in", strings.NewReader(job+"---\n"+job+"spec: {}\n---\n"+job+"bogus: 1\n"))
	if err != nil {
		t.Fatal(err)
	}
	findings := set.Findings()
	if len(findings) != 1 {
		t.Fatalf("got %v, want one", findings)
	}
	if position, ok := set.Position(findings[0].Object, findings[0].Field); !ok || position.Line != 13 {
		t.Errorf("got %v, want line 13", position)
	}
}

func TestPositionOfAKeyThatIsNoText(t *testing.T) {
	const text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  0x10: a\n  yes: b\n  'no': c\n  1.50: d\n"
	set, err := manifest.Read("in", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for field, line := range map[string]int{"data[16]": 5, "data[true]": 6, "data[no]": 7, "data[1.5]": 8} {
		if position, ok := set.Position(bulkhead.Ref{Kind: "ConfigMap", Name: "a"}, field); !ok || position.Line != line {
			t.Errorf("%s: got %v, want line %d", field, position, line)
		}
	}
}

func TestPositionPrefersTheLongestKey(t *testing.T) {
	const text = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  labels:\n    app.kubernetes.io/name: a\n    app: b\n"
	set, err := manifest.Read("in", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	position, ok := set.Position(bulkhead.Ref{Kind: "Pod", Name: "a"}, "metadata.labels.app.kubernetes.io/name")
	if !ok || position.Line != 6 {
		t.Errorf("got %v, want line 6", position)
	}
}

// TestListsThatAreNotCutAreQuick reads Lists whose items stand in one document,
// and asks for the place of each finding.
func TestListsThatAreNotCutAreQuick(t *testing.T) {
	const n = 3000
	list := func(head, item, separator, tail string, from, step int) string {
		items := make([]string, 0, n)
		for i := from; i < n*step; i += step {
			items = append(items, strings.ReplaceAll(item, "NAME", fmt.Sprintf("c%05d", i)))
		}
		return head + strings.Join(items, separator) + tail
	}
	flow := func(from int) string {
		item := "{apiVersion: v1, kind: ConfigMap, metadata: {name: NAME}, bogus: 1, data: {k: " + strings.Repeat("v", 900) + "}}"
		return list("apiVersion: v1\nkind: List\nitems: [\n", item, ",\n", "]\n", from, 2)
	}
	twice := `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"NAME"},"data":{"a":"b","a":"c"}}`
	wrong := `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"NAME"},"data":{"a":1}}`
	nested, end := `{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"List","items":[`, `]}]}`
	for name, tt := range map[string]struct {
		text             string
		findings, errors int
	}{
		"two in flow style with names in turn": {flow(0) + "---\n" + flow(1), 2 * n, 0},
		"JSON in JSON":                         {list(nested, twice, ",", end, 0, 1), n, 0},
		"mistakes of JSON in JSON":             {list(nested, wrong, ",", end, 0, 1), 0, n},
		"JSON with a key twice":                {list(`{"x":1,"x":2,"apiVersion":"v1","kind":"List","items":[`, twice, ",", "]}", 0, 1), n, 1},
	} {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			set, err := manifest.Read("in", strings.NewReader(tt.text))
			findings, errs := set.Findings(), 0
			if err != nil {
				errs = 1 + strings.Count(err.Error(), "\n")
			}
			if len(findings) != tt.findings || errs != tt.errors {
				t.Errorf("got %d findings and %d errors, want %d and %d", len(findings), errs, tt.findings, tt.errors)
			}
			for _, f := range findings {
				if _, ok := set.Position(f.Object, f.Field); !ok {
					t.Fatalf("%v has no position", f)
				}
			}
			if took := time.Since(began); took > time.Minute {
				t.Errorf("took %v", took)
			}
		})
	}
}
