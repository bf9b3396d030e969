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
	names   names
	trees   trees
}

// newSet gathers the results, in order, and joins the errors, those of whole
// files first.
func newSet(errs []error, results []result) (*Set, error) {
	s := &Set{entries: make([]entry, 0, len(results))}
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
// the object.
//
// Where several objects that differ have one name, the empty path gives the first
// of them, and a field the one that has it, if only one does. Otherwise which one
// is meant cannot be told, and the position is not found.
func (s *Set) Position(ref bulkhead.Ref, field string) (Position, bool) {
	s.index.Do(func() { s.names = indexOf(s.entries) })
	entries := s.names.entries[ref]
	switch noted := s.names.noted[fieldOfRef{ref, field}]; {
	case len(entries) == 0:
		return Position{}, false
	case len(entries) == 1 || field == "":
		at, _ := s.locate(entries[0], field)
		return at, true
	case len(noted) == 1:
		at, _ := s.locate(noted[0], field)
		return at, true
	case len(noted) > 1 || len(entries) > maxReports:
		return Position{}, false
	}
	var found []Position
	for _, e := range entries {
		if at, exact := s.locate(e, field); exact {
			found = append(found, at)
		}
	}
	if len(found) != 1 {
		return Position{}, false
	}
	return found[0], true
}

// locate returns where a field of an entry stands.
func (s *Set) locate(e *entry, field string) (at Position, exact bool) {
	return s.trees.of(e.doc).locate(join(e.prefix, field))
}

// maxNodes is the number of nodes up to which trees are kept: some hundred
// megabytes at most, and above what two documents can hold (MaxValues).
const maxNodes = 1 << 20

// trees keeps the trees of the documents asked about last.
type trees struct {
	mu    sync.Mutex
	known map[*document]*tree
	order []*document // the oldest first
	nodes int
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
	parsed := d.parse()
	t.known[d] = parsed
	t.order = append(t.order, d)
	t.nodes += parsed.size
	for len(t.order) > 1 && t.nodes > maxNodes {
		t.nodes -= t.known[t.order[0]].size
		delete(t.known, t.order[0])
		t.order = t.order[1:]
	}
	return parsed
}
