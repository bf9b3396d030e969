// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/json"

	"github.com/watertight-go/watertight/bulkhead"
)

// An entry is one object of the input and what is known about its text.
type entry struct {
	object bulkhead.Object
	doc    *document
	prefix string   // path of the object in the text, such as "items[3]"; mostly empty
	notes  []notice // fields that the kind does not have, or that stand twice
}

// A notice is a field that strict decoding complains about.
type notice struct {
	duplicate bool
	field     string
}

// A decoding reads the objects of one document.
type decoding struct {
	doc *document
	// twice says that a field stands twice in the text, which data cannot tell.
	twice   bool
	entries []entry
	errs    []error
	tree    *tree // of the text; made when a place is needed
}

// decode reads the objects of d. Both results may be non-empty, since each item
// of a List is read for itself.
func (d *document) decode() ([]entry, []error) {
	run := decoding{doc: d}
	data, twice, err := d.toJSON()
	switch {
	case err != nil:
		return nil, []error{err}
	case string(data) == "null" && d.whole == nil:
		return nil, nil // as kubectl does; an item of a List must be an object
	case data[0] != '{':
		return nil, []error{d.fail("", d.firstContent(), errNotObject())}
	}
	run.twice = twice
	run.read(data, "", d.apiVersion, d.kind, 0)
	return run.entries, run.errs
}

func errNotObject() error { return errors.New("want a mapping with apiVersion and kind") }

// read reads the object that stands at path, or the items of a List there. The
// apiVersion and kind are those of an object that names neither.
func (r *decoding) read(data []byte, path, apiVersion, kind string, lists int) {
	if v, k, ok := typeOf(data); ok {
		apiVersion, kind = v, k
	}
	switch {
	case apiVersion == "" && kind == "":
		r.fail(bulkhead.Ref{}, path, errNotObject())
		return
	case apiVersion == "":
		r.fail(refOf(data), join(path, "apiVersion"), errors.New("missing, or not a string"))
		return
	case kind == "":
		r.fail(refOf(data), join(path, "kind"), errors.New("missing, or not a string"))
		return
	case !isVersion(apiVersion):
		r.fail(refOf(data), join(path, "apiVersion"), errors.New("want a version, or a group and a version with a slash between"))
		return
	}
	if strings.HasSuffix(kind, "List") {
		items := valueOf(data, "items")
		if isList(apiVersion, kind) || nameTheirKind(items) {
			r.readItems(data, items, path, apiVersion, kind, lists+1)
			return
		}
	}
	r.readObject(data, path, apiVersion, kind)
}

// isVersion reports whether a text is an API version, such as "v1" or "apps/v1".
func isVersion(apiVersion string) bool {
	gv, err := schema.ParseGroupVersion(apiVersion)
	return err == nil && gv.Version != "" && gv.String() == apiVersion
}

// readItems reads the items of the List of that kind that stands at path. No items
// are none, as the API server says it.
func (r *decoding) readItems(data, items []byte, path, apiVersion, kind string, lists int) {
	if lists > MaxLists {
		r.fail(bulkhead.Ref{}, path, &LimitError{"Lists one in another", MaxLists})
		return
	}
	key, again := repeatedKey(data)
	if !again && r.twice {
		key, again = r.place().repeats(path)
	}
	if again {
		r.fail(bulkhead.Ref{}, join(path, key), errors.New("a field of the List stands twice; what only the first one has is not read"))
	}
	if len(items) > 0 && items[0] != '[' && string(items) != "null" {
		r.fail(bulkhead.Ref{}, join(path, "items"), errors.New("want a list"))
	}
	apiVersion, kind = kindOfItems(apiVersion, kind)
	i := 0
	for start, end := range elements(items) {
		at := fmt.Sprintf("%s[%d]", join(path, "items"), i)
		if item := items[start:end]; item[0] == '{' {
			r.read(item, at, apiVersion, kind, lists)
		} else {
			r.fail(bulkhead.Ref{}, at, errNotObject())
		}
		i++
	}
}

// readObject decodes data into the Go type of its kind.
func (r *decoding) readObject(data []byte, path, apiVersion, kind string) {
	obj := newTyped(apiVersion, kind)
	var into any = obj
	if obj == nil {
		u := &unstructured.Unstructured{}
		obj, into = u, &u.Object
	}
	strict, err := json.UnmarshalStrict(data, into)
	t := typeToJudge(into)
	if err == nil && t != reflect.TypeOf(into) {
		err = metadataError(data)
	}
	if err != nil {
		r.explain(data, t, path)
		return
	}
	obj.GetObjectKind().SetGroupVersionKind(schema.FromAPIVersionAndKind(apiVersion, kind))
	e := entry{object: obj, doc: r.doc, prefix: path}
	twice := r.twice
	for _, err := range strict {
		var at json.FieldError
		switch {
		case strings.HasPrefix(err.Error(), "duplicate"):
			twice = true
		case errors.As(err, &at):
			e.notes = append(e.notes, notice{field: at.FieldPath()})
		}
	}
	if twice {
		e.notes = append(e.notes, r.place().duplicates(path, t)...)
	}
	r.entries = append(r.entries, e)
}

// explain says which fields of data do not fit the type. The decoder's own
// errors give no indices and quote values, so the fields are found again.
func (r *decoding) explain(data []byte, t reflect.Type, path string) {
	ref := refOf(data)
	found := mismatches(t, data, "")
	if len(found) == 0 {
		found = []mismatch{{"", errors.New("does not fit its kind")}}
	}
	for _, m := range found[:min(len(found), maxReports)] {
		r.fail(ref, join(path, m.field), m.err)
	}
}

// fail adds an error about the field at a path.
func (r *decoding) fail(ref bulkhead.Ref, path string, err error) {
	line := r.doc.firstContent()
	if path != "" {
		line = r.place().lineOf(path)
	}
	e := r.doc.fail(path, line, err)
	e.Object = ref
	r.errs = append(r.errs, e)
}

// place returns the tree of the text, which knows where each field stands.
func (r *decoding) place() *tree {
	if r.tree == nil {
		r.tree = r.doc.parse()
	}
	return r.tree
}

// fail makes the error about one field of d, or about all of it.
func (d *document) fail(field string, line int, err error) *DocumentError {
	return &DocumentError{File: d.file, Document: d.number, Line: line, Field: field, Err: err}
}

// metadataError says whether the metadata of an object is of another form. Of an
// unstructured object the decoder takes anything there.
func metadataError(data []byte) error {
	for m := range members(data) {
		if m.name == "metadata" {
			var metadata metav1.ObjectMeta
			if err := json.UnmarshalCaseSensitivePreserveInts(data[m.start:m.end], &metadata); err != nil {
				return err
			}
		}
	}
	return nil
}

// typeToJudge returns the type that a value must fit: for custom resources, what
// is known of every object.
func typeToJudge(into any) reflect.Type {
	if _, custom := into.(*map[string]any); custom {
		return reflect.TypeFor[anyObject]()
	}
	return reflect.TypeOf(into)
}
