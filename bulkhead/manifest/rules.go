// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// IDs of the rules of this package.
const (
	// UnknownField is a field that the object's kind does not have.
	UnknownField = "manifest/unknown-field"
	// UnknownKind is a kind that a group of Kubernetes does not have, or a version
	// that is not served.
	UnknownKind = "manifest/unknown-kind"
	// DuplicateField is a field that stands twice in one mapping.
	DuplicateField = "manifest/duplicate-field"
	// DuplicateObject is one name for two different objects.
	DuplicateObject = "manifest/duplicate-object"
)

// docs holds a page per rule, named like the rule.
//
//go:embed rules/*.md
var docs embed.FS

// Rules returns the rules of the package, for lists and documentation.
// UnknownField and DuplicateField are about text, so here they find nothing:
// [Set.Rules] returns those that know the text of a Set.
func Rules() []bulkhead.Rule { return new(Set).Rules() }

// Rules returns the rules of the package for the objects of this Set. They can
// run together with the rules of other packages over its Objects.
func (s *Set) Rules() []bulkhead.Rule {
	return []bulkhead.Rule{
		rule(UnknownField, s.unknownField),
		rule(UnknownKind, unknownKind),
		rule(DuplicateField, s.duplicateField),
		rule(DuplicateObject, s.duplicateObject),
	}
}

// Findings runs the rules of the package over the Set.
func (s *Set) Findings() bulkhead.Findings { return bulkhead.Check(s.Objects, s.Rules()...) }

// rule joins a check with its page in rules/.
func rule(id string, run func(*bulkhead.Pass)) bulkhead.Rule {
	page, err := docs.ReadFile("rules/" + strings.TrimPrefix(id, "manifest/") + ".md")
	if err != nil {
		page = nil // the tests refuse a rule without a page
	}
	return bulkhead.Rule{ID: id, Doc: string(page), Severity: bulkhead.Error, Run: run}
}

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

func (s *Set) duplicateObject(p *bulkhead.Pass) {
	first := make(map[bulkhead.Ref]bulkhead.Object, len(p.Objects))
	var differ []bulkhead.Object // the second of each name
	known := make(map[bulkhead.Ref]bool)
	for _, obj := range p.Objects {
		ref := bulkhead.RefTo(obj)
		if ref.Name == "" || known[ref] {
			continue // generateName makes a new object each time
		}
		if one, ok := first[ref]; !ok {
			first[ref] = obj
		} else if !same(one, obj) {
			known[ref] = true
			differ = append(differ, obj)
		}
	}
	places := s.places(differ[:min(len(differ), maxReports)])
	for _, obj := range differ {
		p.Reportf(obj, nil, "rename or remove one of the two",
			"another object of this name differs%s; applying both keeps only the last", places[bulkhead.RefTo(obj)])
	}
}

// maxPlaces is how many places of one name a message lists.
const maxPlaces = 5

// places says where the objects of each name begin, if the set has read them.
// It goes through the entries once, since finding a place costs as much as
// reading the document; the trees of documents that follow each other are kept.
func (s *Set) places(objs []bulkhead.Object) map[bulkhead.Ref]string {
	found := make(map[bulkhead.Ref][]string, len(objs))
	more := make(map[bulkhead.Ref]int)
	for _, obj := range objs {
		found[bulkhead.RefTo(obj)] = nil
	}
	for _, e := range s.entries {
		ref := bulkhead.RefTo(e.object)
		switch places, asked := found[ref]; {
		case !asked:
		case len(places) == maxPlaces:
			more[ref]++
		default:
			at, _ := s.locate(&e, "")
			found[ref] = append(places, at.String())
		}
	}
	out := make(map[bulkhead.Ref]string, len(found))
	for ref, places := range found {
		switch {
		case more[ref] > 0:
			out[ref] = fmt.Sprintf(" (%s and %d more)", strings.Join(places, ", "), more[ref])
		case len(places) > 0:
			out[ref] = fmt.Sprintf(" (%s)", strings.Join(places, ", "))
		}
	}
	return out
}

// same reports whether two objects are written alike.
func same(a, b bulkhead.Object) bool {
	textA, errA := json.Marshal(a)
	textB, errB := json.Marshal(b)
	return errA == nil && errB == nil && string(textA) == string(textB)
}
