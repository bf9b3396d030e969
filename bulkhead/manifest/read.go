// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Read reads one stream of YAML documents or JSON values, as `helm template`,
// `kustomize build` and `kubectl get -o yaml` print it. The name stands for the
// stream in positions and errors.
//
// The Set holds what could be read, and the error joins what could not: a
// [*DocumentError] for each document, a [*LimitError], an error of the reader.
// Both may be of use; the Set is never nil.
func Read(name string, r io.Reader) (*Set, error) {
	text, err := io.ReadAll(io.LimitReader(r, MaxInput+1))
	return read([]file{{name: name, text: text, err: err}})
}

// ReadFiles reads files, whatever they are called, and folders: all .yaml, .yml
// and .json files in them and in their subfolders, sorted by path. The Set keeps
// the order of the arguments. The errors are those of [Read], of the file system
// and a [*NoManifestsError] for a folder without manifests.
func ReadFiles(paths ...string) (*Set, error) {
	var files []file
	for _, path := range paths {
		files = append(files, filesUnder(path, func(path string) (fs.FileInfo, error) { return os.Stat(path) },
			func(root string, walk fs.WalkDirFunc) error { return filepath.WalkDir(root, walk) })...)
	}
	each(len(files), func(i int) {
		if f := &files[i]; f.err == nil {
			f.text, f.err = os.ReadFile(f.name)
		}
	})
	return read(files)
}

// ReadFS reads files and folders of fsys as [ReadFiles] does; "." is all of it.
func ReadFS(fsys fs.FS, roots ...string) (*Set, error) {
	var files []file
	for _, root := range roots {
		files = append(files, filesUnder(root, func(path string) (fs.FileInfo, error) { return fs.Stat(fsys, path) },
			func(root string, walk fs.WalkDirFunc) error { return fs.WalkDir(fsys, root, walk) })...)
	}
	for i := range files {
		if f := &files[i]; f.err == nil {
			f.text, f.err = fs.ReadFile(fsys, f.name)
		}
	}
	return read(files)
}

// A file is one stream of the input.
type file struct {
	name string
	text []byte
	err  error
	docs []document
}

// filesUnder returns the files under a path, without their text.
func filesUnder(root string, stat func(string) (fs.FileInfo, error), walk func(string, fs.WalkDirFunc) error) []file {
	info, err := stat(root)
	if err != nil {
		return []file{{name: root, err: err}}
	}
	if !info.IsDir() {
		return []file{{name: root}}
	}
	var out []file
	err = walk(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			out = append(out, file{name: path, err: err})
			return nil
		}
		if entry.IsDir() || !slices.Contains([]string{".yaml", ".yml", ".json"}, strings.ToLower(filepath.Ext(path))) {
			return nil
		}
		if info, err := stat(path); err != nil {
			out = append(out, file{name: path, err: err})
		} else if info.Mode().IsRegular() {
			out = append(out, file{name: path})
		}
		return nil
	})
	if err == nil && len(out) == 0 {
		err = &NoManifestsError{root}
	}
	if err != nil {
		out = append(out, file{name: root, err: err})
	}
	return out
}

// read decodes the files, on all processors, and keeps their order.
func read(files []file) (*Set, error) {
	each(len(files), func(i int) {
		f := &files[i]
		for _, doc := range split(f.name, f.text) {
			f.docs = append(f.docs, expand(doc)...)
		}
	})
	var docs []*document
	for i := range files {
		for j := range files[i].docs {
			docs = append(docs, &files[i].docs[j])
		}
	}
	type result struct {
		entries []entry
		errs    []error
	}
	results := make([]result, len(docs))
	each(len(docs), func(i int) { results[i].entries, results[i].errs = docs[i].decode() })

	set := &Set{}
	var errs []error
	for _, f := range files {
		if f.err != nil {
			errs = append(errs, f.err)
		}
	}
	for _, r := range results {
		set.entries = append(set.entries, r.entries...)
		errs = append(errs, r.errs...)
	}
	for _, e := range set.entries {
		set.Objects = append(set.Objects, e.object)
	}
	return set, errors.Join(errs...)
}

// each calls do for 0 to n-1, on all processors.
func each(n int, do func(int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	wg.Wait()
}
