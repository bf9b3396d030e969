// SPDX-License-Identifier: Apache-2.0

package bulkheadtest

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
)

// Golden fails the test unless the objects, written as YAML by [manifest.Write]
// in the order given, are the text of the file. Lines of the file may end in CRLF.
// The path is relative to the folder of the test, as always in Go.
//
// The failure names every field that differs, with the line of the file where it
// stands. To accept what is there now, run the tests of the package with
//
//	go test -update
//
// which writes the file, and the folder it is in, and does not fail. The file is
// replaced in one step; one that need not change is not touched.
//
// The flag -update is the test package's own, so that it may serve other files
// too. Golden looks it up when it is called, and without it writes nothing. A test
// package that has none declares it in one line:
//
//	var _ = flag.Bool("update", false, "rewrite golden files")
func Golden(t TB, path string, objs ...bulkhead.Object) {
	t.Helper()
	if len(objs) == 0 {
		t.Errorf("%s: no objects to compare it with", path)
		return
	}
	var got bytes.Buffer
	if err := manifest.Write(&got, objs...); err != nil {
		t.Errorf("%s: %v", path, err)
		return
	}
	text, err := os.ReadFile(path)
	want := bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	switch {
	case err == nil && bytes.Equal(want, got.Bytes()):
	case updating():
		err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), manifest.WriteFile(path, objs...))
		if err != nil {
			t.Errorf("%s: %v", path, err)
		}
	case errors.Is(err, fs.ErrNotExist):
		t.Errorf("%s: there is no such file; %s writes it", path, updateCommand())
	case err != nil:
		t.Errorf("%v", err)
	default:
		t.Errorf("%s differs; %s accepts what is there now:%s", path, updateCommand(), explain(path, want, got.Bytes(), objs))
	}
}

// explain says where objects differ from those of a golden file, a line each.
func explain(path string, want, got []byte, objs []bulkhead.Object) string {
	set, err := manifest.Read(path, bytes.NewReader(want))
	if err != nil {
		return fmt.Sprintf("\n  %v", err)
	}
	agreed := map[bulkhead.Ref]bulkhead.Object{}
	for _, obj := range set.Objects {
		agreed[bulkhead.RefTo(obj)] = obj
	}
	var b strings.Builder
	tell := func(ds []difference) {
		for _, d := range ds {
			at := path
			if position, ok := set.Position(d.object, d.field); ok {
				at = position.String()
			}
			fmt.Fprintf(&b, "\n  %s: %s", at, d)
		}
	}
	present := map[bulkhead.Ref]bool{}
	for _, obj := range objs {
		ref := bulkhead.RefTo(obj)
		present[ref] = true
		tell(differences(agreed[ref], obj))
	}
	for _, obj := range set.Objects {
		if !present[bulkhead.RefTo(obj)] {
			tell(differences(obj, nil))
		}
	}
	if b.Len() == 0 {
		return fmt.Sprintf("\n  %s:%d: the objects are the same, the text differs from here on", path, firstDifference(want, got))
	}
	return b.String()
}

// firstDifference returns the number of the first line in which two texts differ.
func firstDifference(want, got []byte) int {
	line := 1
	for i := range min(len(want), len(got)) {
		if want[i] != got[i] {
			break
		}
		if want[i] == '\n' {
			line++
		}
	}
	return line
}
