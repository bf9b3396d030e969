// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"errors"
	"sync"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/watertight-go/watertight/bulkhead"
)

// A Set is the objects of some manifests and where they stand. Its methods may be
// called at the same time, as long as nobody changes its objects.
type Set struct {
	// Objects stand in the order of the input. Each has the Go type of its kind
	// or, where the kind is not known here, *unstructured.Unstructured.
	Objects []bulkhead.Object

	entries []entry
	index   sync.Once
	byRef   map[bulkhead.Ref]*entry // the first entry of each name
	trees   trees
}

// newSet gathers the results, in order, and joins the errors, those of whole
// files first.
func newSet(errs []error, results []result) (*Set, error) {
	s := &Set{}
	for _, r := range results {
		s.entries = append(s.entries, r.entries...)
		errs = append(errs, r.errs...)
	}
	s.Objects = make([]bulkhead.Object, len(s.entries))
	for i, e := range s.entries {
		s.Objects[i] = e.object
	}
	return s, errors.Join(errs...)
}

// Untyped names the objects whose kind is not known here, in the order of the
// input: custom resources, and kinds in versions that are not stable or no longer
// served. Rules that judge typed objects pass them over.
func (s *Set) Untyped() []bulkhead.Ref {
	var out []bulkhead.Ref
	for _, e := range s.entries {
		if _, ok := e.object.(*unstructured.Unstructured); ok {
			out = append(out, bulkhead.RefTo(e.object))
		}
	}
	return out
}

// Position returns where a field of an object stands. The field is a path as in
// findings, such as "spec.ingress[0].from" or "metadata.labels[app]". If the text
// does not have it, the position is that of the nearest field around it; for the
// empty path it is that of the object. It is not found if the Set does not hold
// the object. Where two objects have one name, it is about the first.
func (s *Set) Position(ref bulkhead.Ref, field string) (Position, bool) {
	s.index.Do(func() {
		s.byRef = make(map[bulkhead.Ref]*entry, len(s.entries))
		for i := range s.entries {
			ref := bulkhead.RefTo(s.entries[i].object)
			if _, ok := s.byRef[ref]; !ok {
				s.byRef[ref] = &s.entries[i]
			}
		}
	})
	e, ok := s.byRef[ref]
	if !ok {
		return Position{}, false
	}
	return s.trees.of(e.doc).locate(join(e.prefix, field)), true
}

// maxTrees is the number of bytes of text whose trees are kept. A tree takes some
// twenty times as much.
const maxTrees = 4 << 20

// trees keeps the trees of the documents asked about last.
type trees struct {
	mu    sync.Mutex
	known map[*document]*tree
	order []*document // the oldest first
	bytes int         // of their texts
}

// of returns the tree of a document.
func (t *trees) of(d *document) *tree {
	t.mu.Lock()
	defer t.mu.Unlock()
	if known, ok := t.known[d]; ok {
		return known
	}
	if t.known == nil {
		t.known = make(map[*document]*tree)
	}
	t.known[d] = d.parse()
	t.order = append(t.order, d)
	t.bytes += len(d.text)
	for len(t.order) > 1 && t.bytes > maxTrees {
		t.bytes -= len(t.order[0].text)
		delete(t.known, t.order[0])
		t.order = t.order[1:]
	}
	return t.known[d]
}
