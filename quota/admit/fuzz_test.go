// SPDX-License-Identifier: Apache-2.0

package admit_test

import (
	"bytes"
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/quota/admit"
)

// Whatever a manifest holds, there is an answer to each of its objects, with a reason
// for what is not admitted.
func FuzzManifest(f *testing.F) {
	files, err := filepath.Glob("testdata/cases/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		var all []byte
		for _, part := range archive.Files {
			if part.Name != "want" {
				all = append(append(all, part.Data...), "---\n"...)
			}
		}
		f.Add(all)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		set, err := manifest.Read("in.yaml", bytes.NewReader(data))
		if set == nil {
			t.Skip(err)
		}
		for _, whole := range []bool{false, true} {
			options := admit.Options{Whole: whole}
			cluster, err := admit.New(set.Objects, options)
			if err != nil {
				t.Fatal(err)
			}
			for _, obj := range set.Objects {
				r := cluster.Object(obj)
				if r.Verdict == admit.Refused && (r.Message == "" || len(r.Reasons) == 0) || r.Verdict == admit.Undetermined && len(r.Missing) == 0 {
					t.Errorf("%T: %+v", obj, r)
				}
				cluster.Update(obj, obj)
			}
			report, err := admit.Fit(set.Objects, options)
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range report.Namespaces {
				if n.Verdict == admit.Unknown && len(n.Missing) == 0 || n.Verdict > admit.Unknown && n.Verdict < admit.FitsPeak && len(n.Deciding) == 0 {
					t.Errorf("%+v", n)
				}
			}
		}
	})
}
