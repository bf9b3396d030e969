// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/watertight-go/watertight/bulkhead"
)

// WrittenMark is the first line of each file that [WriteDir] writes. Files with
// this line are replaced and removed by a later call; others are never touched.
const WrittenMark = "# Written by watertight; the next run replaces this file."

// A ForeignFileError says that a file which [WriteDir] did not write has the name
// of one that it would write.
type ForeignFileError struct {
	Path string
}

// Error names the file.
func (e *ForeignFileError) Error() string {
	return e.Path + ": not written here, so not replaced; rename or remove it"
}

// WriteDir writes each object to a file of its own, so that the folder holds
// these objects and what others put there. It returns the paths of the files in
// the order of the objects.
//
// A name tells number, kind, namespace and object: "02-networkpolicy-staging.deny.yaml".
// Kinds are numbered as they first appear, so that kubectl, which applies a
// folder in the order of names, keeps the order of kinds, and so that one object
// more renames no other. What a file name cannot hold is written as "_" and two
// hexadecimal digits.
//
// The folder is made if it is missing. Files of an earlier call that this one does
// not write are removed, so that no object outlives its builder. Nothing is
// written or removed if an object has no YAML form ([*WriteError]), if two objects
// have one name ([*bulkhead.DuplicateError]), or if a file that was not written
// by WriteDir is in the way ([*ForeignFileError]); all of these are reported at
// once. Each file is replaced in one step, as by [WriteFile].
func WriteDir(dir string, objs ...bulkhead.Object) (paths []string, err error) {
	texts := make(map[string][]byte, len(objs))
	numbers := make(map[schema.GroupKind]int)
	seen := make(map[bulkhead.Ref]bool, len(objs))
	var errs []error
	for i, obj := range objs {
		ref := bulkhead.RefTo(obj)
		text, err := Marshal(obj)
		switch {
		case err != nil:
			errs = append(errs, &WriteError{Index: i, Object: ref, Err: err})
			continue
		case seen[ref]:
			errs = append(errs, &bulkhead.DuplicateError{Object: ref})
			continue
		}
		seen[ref] = true
		kind := schema.GroupKind{Group: ref.Group, Kind: ref.Kind}
		if numbers[kind] == 0 {
			numbers[kind] = len(numbers) + 1
		}
		path := filepath.Join(dir, fileName(numbers[kind], ref))
		if exists, ours := inspect(path); exists && !ours {
			errs = append(errs, &ForeignFileError{path})
		}
		paths = append(paths, path)
		texts[path] = slices.Concat([]byte(WrittenMark+"\n"), text)
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	for _, path := range paths {
		if err := replaceFile(path, texts[path]); err != nil {
			return nil, err
		}
	}
	return paths, removeStale(dir, texts)
}

// fileName returns the name of the file of an object.
func fileName(number int, ref bulkhead.Ref) string {
	name := ref.Name
	if ref.Namespace != "" {
		name = ref.Namespace + "." + name
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%02d-%s-", number, strings.ToLower(ref.Kind))
	for _, c := range []byte(name) {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '.' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "_%02x", c)
		}
	}
	b.WriteString(".yaml")
	return b.String()
}

// inspect reports whether there is a file and whether WriteDir has written it.
func inspect(path string) (exists, ours bool) {
	file, err := os.Open(path)
	if err != nil {
		return !errors.Is(err, os.ErrNotExist), false
	}
	defer file.Close() //nolint:errcheck // nothing was written
	mark := []byte(WrittenMark + "\n")
	head := make([]byte, len(mark))
	n, _ := file.Read(head) // a file that cannot be read is not ours
	return true, bytes.Equal(head[:n], mark)
}

// removeStale removes the files of the folder that WriteDir wrote before and did
// not write now.
func removeStale(dir string, written map[string][]byte) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var errs []error
	for _, entry := range entries {
		path := filepath.Join(dir, entry.Name())
		if _, keep := written[path]; keep || !entry.Type().IsRegular() || filepath.Ext(path) != ".yaml" {
			continue
		}
		if _, ours := inspect(path); ours {
			errs = append(errs, os.Remove(path))
		}
	}
	return errors.Join(errs...)
}
