// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"encoding/json"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// IDs of the rules of this package.
const (
	// UnknownField is a field that the object's kind does not have.
	UnknownField = "manifest/unknown-field"
	// DuplicateField is a field that stands twice in one mapping.
	DuplicateField = "manifest/duplicate-field"
	// DuplicateObject is one name for two different objects.
	DuplicateObject = "manifest/duplicate-object"
)

// Rules returns the rules of the package, for lists and documentation.
// UnknownField and DuplicateField are about text, so here they find nothing:
// [Set.Rules] returns those that know the text of a Set.
func Rules() []bulkhead.Rule { return new(Set).Rules() }

// Rules returns the rules of the package for the objects of this Set. They can
// run together with the rules of other packages over its Objects.
func (s *Set) Rules() []bulkhead.Rule {
	return []bulkhead.Rule{
		{ID: UnknownField, Doc: unknownFieldDoc, Run: s.unknownField},
		{ID: DuplicateField, Doc: duplicateFieldDoc, Run: s.duplicateField},
		{ID: DuplicateObject, Doc: duplicateObjectDoc, Run: duplicateObject},
	}
}

// Findings runs the rules of the package over the Set.
func (s *Set) Findings() bulkhead.Findings { return bulkhead.Check(s.Objects, s.Rules()...) }

const unknownFieldDoc = `A field that the kind does not have

kubectl refuses the object, since it validates strictly by default; a client
that does not, drops the field, and what it was meant to do does not happen. A
misspelt ` + "`podSelector`" + ` selects every pod.

Correct the spelling or the indentation, or remove the field. Source: Kubernetes
documentation, "Kubernetes API Concepts", field validation.
`

const duplicateFieldDoc = `A field that stands twice

Only the last one counts. What the first one said, such as the peers of a second
` + "`ingress`" + `, is lost without a word.

Merge the two. Source: Kubernetes documentation, "Kubernetes API Concepts",
field validation.
`

const duplicateObjectDoc = `Two different objects with one name

Applying both keeps only the last. Which one that is depends on the order of the
files, and checks that look at both see what the cluster never will.

Rename or remove one of them.
`

func (s *Set) unknownField(p *bulkhead.Pass) {
	s.eachNotice(false, func(obj bulkhead.Object, at *field.Path) {
		p.Reportf(obj, at, "correct or remove the field", "the kind has no such field")
	})
}

func (s *Set) duplicateField(p *bulkhead.Pass) {
	s.eachNotice(true, func(obj bulkhead.Object, at *field.Path) {
		p.Reportf(obj, at, "merge the two", "the field stands twice; only the last one counts")
	})
}

func (s *Set) eachNotice(duplicate bool, report func(bulkhead.Object, *field.Path)) {
	for _, e := range s.entries {
		for _, n := range e.notes {
			if n.duplicate == duplicate {
				report(e.object, field.NewPath(n.field))
			}
		}
	}
}

func duplicateObject(p *bulkhead.Pass) {
	seen := make(map[bulkhead.Ref]bulkhead.Object, len(p.Objects))
	for _, obj := range p.Objects {
		ref := bulkhead.RefTo(obj)
		if ref.Name == "" {
			continue // generateName makes a new object each time
		}
		if first, ok := seen[ref]; !ok {
			seen[ref] = obj
		} else if !same(first, obj) {
			p.Reportf(obj, nil, "rename or remove one of the two", "another object of this name differs; applying both keeps only the last")
		}
	}
}

// same reports whether two objects are written alike.
func same(a, b bulkhead.Object) bool {
	textA, errA := json.Marshal(a)
	textB, errB := json.Marshal(b)
	return errA == nil && errB == nil && string(textA) == string(textB)
}
