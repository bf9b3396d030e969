// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"sync"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/watertight-go/watertight/bulkhead"
)

// A Set is the objects of some manifests and where they stand. Methods of one
// Set may be called at the same time as long as nobody changes its objects.
type Set struct {
	// Objects stand in the order of the input. Each has the Go type of its kind
	// or, where the kind is not known here, *unstructured.Unstructured.
	Objects []bulkhead.Object

	entries []entry
	once    sync.Once
	byRef   map[bulkhead.Ref]entry
}

// Untyped names the objects whose kind is not known here, in order of input:
// custom resources, and kinds in versions that are no longer served. Rules that
// judge typed objects pass them over.
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
// findings, such as "spec.ingress[0].from" or "metadata.labels[app]"; if the
// text does not have it, the position is that of the nearest field around it,
// and for the empty path that of the object. It is not found if the Set does not
// hold the object.
func (s *Set) Position(ref bulkhead.Ref, field string) (Position, bool) {
	s.once.Do(func() {
		s.byRef = make(map[bulkhead.Ref]entry, len(s.entries))
		for _, e := range s.entries {
			if ref := bulkhead.RefTo(e.object); s.byRef[ref].object == nil {
				s.byRef[ref] = e
			}
		}
	})
	e, ok := s.byRef[ref]
	if !ok {
		return Position{}, false
	}
	return e.doc.locate(join(e.prefix, field)), true
}
