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
	"sync"
	"sync/atomic"
)

// Read reads one stream of YAML documents or JSON values, as `helm template`,
// `kustomize build` and `kubectl get -o yaml` print it. The name stands for the
// stream in positions and errors.
//
// The Set holds what could be read and is never nil. The error joins what could
// not: a [*DocumentError] for each document, the error of the reader, or a
// [*LimitError] if the input as a whole is too large; then the Set is empty.
func Read(name string, r io.Reader) (*Set, error) {
	return read([]source{{name: name, open: func() (io.ReadCloser, error) { return io.NopCloser(r), nil }}})
}

// ReadFiles reads files, whatever they are called, and folders: the .yaml, .yml
// and .json files in them and in their subfolders, in lexical order. The Set
// keeps the order of the arguments. The errors are those of [Read], those of the
// file system and a [*NoManifestsError] for a folder without manifests.
func ReadFiles(paths ...string) (*Set, error) {
	disk := folder{
		stat: os.Stat,
		walk: filepath.WalkDir,
		open: func(path string) (io.ReadCloser, error) { return os.Open(path) },
	}
	var sources []source
	for _, path := range paths {
		sources = append(sources, disk.sources(path)...)
	}
	return read(sources)
}

// ReadFS reads files and folders of fsys as [ReadFiles] does; "." is all of it.
func ReadFS(fsys fs.FS, roots ...string) (*Set, error) {
	inside := folder{
		stat: func(path string) (fs.FileInfo, error) { return fs.Stat(fsys, path) },
		walk: func(root string, do fs.WalkDirFunc) error { return fs.WalkDir(fsys, root, do) },
		open: func(path string) (io.ReadCloser, error) { return fsys.Open(path) },
	}
	var sources []source
	for _, root := range roots {
		sources = append(sources, inside.sources(root)...)
	}
	return read(sources)
}

// A reading is one call of Read, ReadFiles or ReadFS.
type reading struct {
	input, documents, memory, values atomic.Int64 // bytes, documents, bytes and values so far

	heavy sync.Mutex // held while a heavy document is decoded
}

// A result is what one document gave.
type result struct {
	entries []entry
	errs    []error
}

// read reads the sources on all processors. The result keeps their order. Only one
// goes over the whole text of a source, to divide it, so that does no more than it
// must: it is what a second processor cannot shorten.
func read(sources []source) (*Set, error) {
	var r reading
	files := make([][]document, len(sources))
	errs := make([]error, len(sources))
	each(len(sources), func(i int) {
		var text []byte
		text, errs[i] = sources[i].load(&r.input)
		split(sources[i].name, text, func(doc document) bool {
			files[i] = append(files[i], doc)
			return r.documents.Add(1) <= MaxDocuments
		})
	})
	docs := r.expand(slices.Concat(files...))
	if err := r.exceeded(); err != nil {
		return &Set{}, err
	}
	results := make([]result, len(docs))
	each(len(docs), func(i int) { results[i] = r.decode(&docs[i]) })
	results = r.rejoin(docs, results)
	if err := r.exceeded(); err != nil {
		return &Set{}, err
	}
	return newSet(errs, results)
}

// expand returns the documents that docs hold, as long as there are not too many.
func (r *reading) expand(docs []document) []document {
	parts := make([][]document, len(docs))
	each(len(docs), func(i int) {
		if others := int(r.documents.Load()) - 1; others < MaxDocuments {
			parts[i] = expand(docs[i], MaxDocuments-others)
			r.documents.Add(int64(len(parts[i]) - 1))
		}
	})
	return slices.Concat(parts...)
}

// exceeded returns the error about a limit of the whole input.
func (r *reading) exceeded() error {
	input := r.input.Load()
	switch {
	case input > MaxInput:
		return &LimitError{"bytes of input", MaxInput}
	case r.documents.Load() > MaxDocuments:
		return &LimitError{"documents", MaxDocuments}
	case r.values.Load() > MaxAllValues:
		return &LimitError{"values in all documents", MaxAllValues}
	}
	if most := max(input*7/5, MaxMemory); input+r.memory.Load() > most {
		return &LimitError{"bytes of memory for input and objects", int(most)}
	}
	return nil
}

// decode decodes one document and accounts for what it takes.
func (r *reading) decode(d *document) (out result) {
	if len(d.text) <= MaxDocument { // a longer one is refused unread
		values := separators(d.text)
		r.values.Add(int64(values))
		if values > heavy {
			r.heavy.Lock()
			defer r.heavy.Unlock()
		}
	}
	if r.exceeded() != nil {
		return out
	}
	out.entries, out.errs = d.decode()
	for _, e := range out.entries {
		r.memory.Add(int64(memoryOf(e.object)))
	}
	r.memory.Add(int64(perError * len(out.errs)))
	return out
}

// rejoin reads a List as a whole where its items did not stand alone, since one
// refers to an anchor in another, or the text was cut inside a quotation. If that
// fails too, the items are what there is.
func (r *reading) rejoin(docs []document, results []result) []result {
	out := make([]result, 0, len(results))
	for i := 0; i < len(docs); {
		end, broken := i+1, isSyntax(results[i].errs)
		for ; end < len(docs) && docs[i].whole != nil && docs[end].whole == docs[i].whole; end++ {
			broken = broken || isSyntax(results[end].errs)
		}
		items := results[i:end]
		if broken && docs[i].whole != nil {
			if joined := r.decode(docs[i].whole); !isSyntax(joined.errs) && !isLimit(joined.errs) {
				items = []result{joined}
			}
		}
		out = append(out, items...)
		i = end
	}
	return out
}

func isSyntax(errs []error) bool {
	var syntax *SyntaxError
	return errors.As(errors.Join(errs...), &syntax)
}

func isLimit(errs []error) bool {
	var limit *LimitError
	return errors.As(errors.Join(errs...), &limit)
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
