// SPDX-License-Identifier: Apache-2.0

package netpol_test

import (
	"bytes"
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/netpol"
)

// fixtures calls f with what all rules find in each file of each fixture.
func fixtures(t *testing.T, f func(t *testing.T, file string, findings bulkhead.Findings)) {
	t.Helper()
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no fixtures", err)
	}
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range archive.Files {
			if file.Name == "want" {
				continue
			}
			set, err := manifest.Read(file.Name, bytes.NewReader(file.Data))
			if err != nil {
				t.Fatal(err)
			}
			f(t, path+" "+file.Name, bulkhead.Check(set.Objects, netpol.Rules()...))
		}
	}
}

// Of what kube-apiserver refuses no other rule speaks: one mistake is one finding.
func TestInvalidStandsAlone(t *testing.T) {
	fixtures(t, func(t *testing.T, file string, findings bulkhead.Findings) {
		for _, f := range findings {
			if f.Rule != netpol.Invalid || f.Field == "" {
				continue
			}
			for _, other := range findings {
				if other.Rule != netpol.Invalid && other.Object == f.Object && other.Field == f.Field {
					t.Errorf("%s: %s\n\tand %s", file, f, other)
				}
			}
		}
	})
}
