// SPDX-License-Identifier: Apache-2.0

package manifest_test

import (
	"flag"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/internal/ruletest"
)

var _ = flag.Bool("update", false, "rewrite what the fixtures want")

func TestRules(t *testing.T) { ruletest.Run(t, "testdata", manifest.Rules()) }

func TestFindings(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		want []string // object, field, rule and position
	}{
		"a misspelt field": {
			text: "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec:\n  podSelector: {}\n  ingres: []\n",
			want: []string{"NetworkPolicy/a spec.ingres manifest/unknown-field in:6:3"},
		},
		"misspelt fields in lists": {
			text: "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: a\n  - name: b\n    img: c\n    securityContext: {priviledged: true}\n",
			want: []string{
				"Pod/a spec.containers[1].img manifest/unknown-field in:8:5",
				"Pod/a spec.containers[1].securityContext.priviledged manifest/unknown-field in:9:23",
			},
		},
		"a field in other letters": {
			text: "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nSpec: {}\n",
			want: []string{"Pod/a Spec manifest/unknown-field in:4:1"},
		},
		"fields that stand twice": {
			text: "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  labels:\n    a.b/c: v\n    a.b/c: w\ndata:\n  k: a\n  k: b\n",
			want: []string{
				"ConfigMap/a data[k] manifest/duplicate-field in:10:3",
				"ConfigMap/a metadata.labels[a.b/c] manifest/duplicate-field in:7:5",
			},
		},
		"a field that stands twice in JSON": {
			text: `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","labels":{"x":"1","x":"2"}}}`,
			want: []string{"Pod/a metadata.labels[x] manifest/duplicate-field in:1:74"},
		},
		"a field that stands twice in a custom resource": {
			text: "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\nspec:\n- a: 1\n- b: 1\n  b: 2\n",
			want: []string{"Thing/a spec[1].b manifest/duplicate-field in:7:3"},
		},
		"a field that stands twice in an item": {
			text: "{kind: List, apiVersion: v1, items: [{kind: Pod, apiVersion: v1, metadata: {name: a}}, {kind: Pod, apiVersion: v1, kind: Pod, metadata: {name: b}}]}",
			want: []string{"Pod/b kind manifest/duplicate-field in:1:116"},
		},
		"a merged mapping with a field of its own": {
			text: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\nx-base: &b {k: a}\ndata:\n  <<: *b\n  k: b\n",
			want: []string{"ConfigMap/a x-base manifest/unknown-field in:4:1"},
		},
		"two objects of one name": {
			text: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {k: v}\n",
			want: []string{"ConfigMap/a  manifest/duplicate-object in:1:1"},
		},
		"one object twice":                         {text: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\nmetadata: {name: a}\napiVersion: v1\nkind: ConfigMap\n"},
		"two objects whose names the server makes": {text: "apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: a}\n---\napiVersion: batch/v1\nkind: Job\nmetadata: {generateName: b}\n"},
		"anything in a custom resource":            {text: "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\nanything: {goes: [1, 2.5, x]}\n"},
	} {
		t.Run(name, func(t *testing.T) {
			set, err := manifest.Read("in", strings.NewReader(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range set.Findings() {
				position, _ := set.Position(f.Object, f.Field)
				got = append(got, strings.Join([]string{f.Object.String(), f.Field, f.Rule, position.String()}, " "))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// TestManyObjectsOfOneNameGiveOneShortFinding would take some fifteen seconds and
// a gigabyte if each object were compared or listed with all the others.
func TestManyObjectsOfOneNameGiveOneShortFinding(t *testing.T) {
	var text strings.Builder
	for i := range 8000 {
		fmt.Fprintf(&text, "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {k: v%d}\n", i)
	}
	for i := range 8000 {
		fmt.Fprintf(&text, "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b%d}\ndata: {k: v%d}\n", i%4000, i)
	}
	set, err := manifest.Read("in", strings.NewReader(text.String()))
	if err != nil {
		t.Fatal(err)
	}
	got := set.Findings()
	if len(got) != 4001 {
		t.Fatalf("got %d findings, want one for each name", len(got))
	}
	if want := "(in:2:1, in:7:1, in:12:1, in:17:1, in:22:1 and 7995 more)"; !strings.Contains(got[0].Message, want) {
		t.Errorf("got %q, want the places %s", got[0].Message, want)
	}
	if want := "(in:40002:1, in:60002:1)"; !strings.Contains(got[1].Message, want) {
		t.Errorf("got %q, want the places %s", got[1].Message, want)
	}
	if strings.Contains(got[4000].Message, "in:") {
		t.Errorf("got %q, want no places after those of the first hundred names", got[4000].Message)
	}
}

func TestRulesAreDocumented(t *testing.T) {
	var ids []string
	for _, rule := range manifest.Rules() {
		ids = append(ids, rule.ID)
		title, rest, _ := strings.Cut(rule.Doc, "\n\n")
		if title == "" || strings.Contains(title, "\n") || rest == "" || rule.Run == nil {
			t.Errorf("%s: want a title, a text and a Run function", rule.ID)
		}
		if rule.Severity != bulkhead.Error {
			t.Errorf("%s: got severity %v", rule.ID, rule.Severity)
		}
	}
	if diff := cmp.Diff([]string{manifest.UnknownField, manifest.UnknownKind, manifest.DuplicateField, manifest.DuplicateObject}, ids); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
}

func TestUntypedListsWhatHasNoType(t *testing.T) {
	set, err := manifest.Read("in", strings.NewReader(`{apiVersion: v1, kind: Pod, metadata: {name: a}}
---
{apiVersion: extensions/v1beta1, kind: NetworkPolicy, metadata: {name: b}}
---
{apiVersion: example.com/v1, kind: Pod, metadata: {name: c, namespace: d}}
`))
	if err != nil {
		t.Fatal(err)
	}
	want := []bulkhead.Ref{
		{Group: "extensions", Kind: "NetworkPolicy", Name: "b"},
		{Group: "example.com", Kind: "Pod", Namespace: "d", Name: "c"},
	}
	if diff := cmp.Diff(want, set.Untyped()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
