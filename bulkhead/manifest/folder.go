// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/watertight-go/watertight/bulkhead"
)

// WriteDir writes each object to a file of its own, so that the folder holds
// these objects and what others put there. It returns the paths of the files in
// the order of the objects.
//
// A name tells number, kind, namespace and object: "02-networkpolicy-staging__deny.yaml".
// Kinds are numbered as they first appear, so that kubectl, which applies a
// folder in the order of names, keeps the order of the first 99 kinds, and so that
// one object more renames no other. What is no lower-case letter, digit, "-" or
// "." is written as "_" and two hexadecimal digits, except that kinds are written
// in lower case. A name of more than 255 bytes is cut, and ends in a hash.
//
// The folder is made if it is missing. WriteDir keeps a list of the files that it
// wrote, [WrittenList]. Those that this call does not write are removed, so that
// no object outlives its builder, unless somebody has put another file in the
// place. Files that are not in the list, copies of those that are included, are
// neither replaced nor removed.
//
// Nothing is written or removed if an object has no YAML form ([*WriteError]), if
// two objects have one name ([*bulkhead.DuplicateError]), or if a file that was
// not written by WriteDir is in the way ([*ForeignFileError]); all of these are
// reported at once. Each file is replaced in one step and gets permissions as by
// [WriteFile], but a link is not followed. If the file system fails midway, the
// next call does what is left. Two calls at a time for one folder are not safe.
func WriteDir(dir string, objs ...bulkhead.Object) (paths []string, err error) {
	files, errs := filesOf(dir, objs)
	before, err := readWritten(dir)
	errs = append(errs, err)
	now := make(written, len(files))
	for _, f := range files {
		errs = append(errs, before.refuse(f.path))
		now[filepath.Base(f.path)] = true
		paths = append(paths, f.path)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	// The list comes first: a file that is not in it could never be replaced.
	both := maps.Clone(now)
	maps.Copy(both, before)
	if err := both.save(dir); err != nil {
		return nil, err
	}
	if err := replaceFiles(files); err != nil {
		return nil, err
	}
	left, err := before.removeExcept(dir, now)
	maps.Copy(now, left)
	return paths, errors.Join(err, now.save(dir))
}

// filesOf returns a file for each object, and what is wrong with the objects.
func filesOf(dir string, objs []bulkhead.Object) (files []file, errs []error) {
	numbers := make(map[schema.GroupKind]int)
	taken := make(map[string]bool, len(objs))
	for i, obj := range objs {
		ref := bulkhead.RefTo(obj)
		text, mode, err := marshal(obj)
		if err != nil {
			errs = append(errs, &WriteError{Index: i, Object: ref, Err: err})
			continue
		}
		kind := schema.GroupKind{Group: ref.Group, Kind: ref.Kind}
		if numbers[kind] == 0 {
			numbers[kind] = len(numbers) + 1
		}
		path := filepath.Join(dir, fileName(numbers[kind], ref))
		if taken[path] {
			errs = append(errs, &bulkhead.DuplicateError{Object: ref})
			continue
		}
		taken[path] = true
		files = append(files, file{path, slices.Concat([]byte(WrittenMark+"\n"), text), mode})
	}
	return files, errs
}
