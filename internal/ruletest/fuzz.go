// SPDX-License-Identifier: Apache-2.0

package ruletest

import (
	"bytes"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
)

// Fuzz holds that rules judge whatever can be read: they do not panic, change no
// object, find the same whatever the order of the objects, and blame a field that
// has a place in the text. The corpus is the manifests of the fixtures in dir, and
// what the package has below testdata/fuzz.
func Fuzz(f *testing.F, dir string, rules []bulkhead.Rule) {
	for _, name := range fixtureNames(f, dir) {
		archive, err := txtar.ParseFile(filepath.Join(dir, name+".txtar"))
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			if file.Name != "want" {
				f.Add(file.Data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		set, _ := manifest.Read("fuzz", bytes.NewReader(text)) // what can be read is judged all the same
		if len(set.Objects) == 0 {
			return
		}
		before := copies(set.Objects)
		found := bulkhead.Check(set.Objects, rules...)
		if diff := cmp.Diff(before, set.Objects); diff != "" {
			t.Errorf("the rules changed the objects (-before +after):\n%s", diff)
		}
		slices.Reverse(set.Objects)
		if diff := cmp.Diff(found, bulkhead.Check(set.Objects, rules...)); diff != "" {
			t.Errorf("findings depend on the order of the objects (-as read +reversed):\n%s", diff)
		}
		for _, finding := range found {
			if _, ok := set.Position(finding.Object, finding.Field); !ok && named(set.Objects, finding.Object) < 2 {
				t.Errorf("%v stands nowhere in the text", finding)
			}
		}
	})
}

func copies(objs []bulkhead.Object) []bulkhead.Object {
	var out []bulkhead.Object
	for _, obj := range objs {
		out = append(out, obj.DeepCopyObject().(bulkhead.Object))
	}
	return out
}

// named counts the objects of a name: of two of the same the position cannot be told.
func named(objs []bulkhead.Object, ref bulkhead.Ref) int {
	n := 0
	for _, obj := range objs {
		if bulkhead.RefTo(obj) == ref {
			n++
		}
	}
	return n
}
