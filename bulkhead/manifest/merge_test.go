// SPDX-License-Identifier: Apache-2.0

package manifest_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/bulkhead/manifest"
)

func TestMergeSeesAllParts(t *testing.T) {
	read := func(name, text string) *manifest.Set {
		set, err := manifest.Read(name, strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return set
	}
	first := read("a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")
	second := read("b.yaml", "# the same name\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {k: v}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: b}\nspek: {}\n")
	merged := manifest.Merge(first, nil, second)

	if len(merged.Objects) != 3 || len(first.Objects) != 1 || len(second.Objects) != 2 {
		t.Fatalf("%d, %d and %d objects, want 3, 1 and 2", len(merged.Objects), len(first.Objects), len(second.Objects))
	}
	var got []string
	for _, f := range merged.Findings() {
		got = append(got, f.Rule+" "+f.Object.String())
	}
	want := []string{manifest.DuplicateObject + " ConfigMap/a", manifest.UnknownField + " Pod/b"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	unknown := merged.Findings()[1]
	if at, ok := merged.Position(unknown.Object, unknown.Field); !ok || at.String() != "b.yaml:10:1" {
		t.Errorf("the misspelt field stands at %s, want b.yaml:10:1", at)
	}
}

func TestMergeOfNothingIsEmpty(t *testing.T) {
	if merged := manifest.Merge(); len(merged.Objects) != 0 || len(merged.Findings()) != 0 {
		t.Errorf("%v", merged.Objects)
	}
}
