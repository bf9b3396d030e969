// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"bytes"
	stdjson "encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/json"
	"sigs.k8s.io/yaml"

	"github.com/watertight-go/watertight/bulkhead"
)

// An entry is one object of the input and what is known about its text.
type entry struct {
	object bulkhead.Object
	doc    *document
	prefix string   // path of the object in the text, such as "items[3]"; mostly empty
	notes  []notice // fields that the object does not have, or has twice
}

// A notice is a field that strict decoding complains about.
type notice struct {
	duplicate bool
	field     string
}

// decode reads the objects of d. Both results may be non-empty, since each item
// of a List is read for itself.
func (d *document) decode() ([]entry, []error) {
	if len(d.text) > MaxDocument {
		return nil, []error{d.fail("", &LimitError{"bytes in one document", MaxDocument})}
	}
	data, notes, err := d.toJSON()
	if err != nil {
		return nil, []error{err}
	}
	if bytes.Equal(data, []byte("null")) {
		return nil, nil
	}
	if len(data) == 0 || data[0] != '{' {
		return nil, []error{d.fail("", errors.New("want an object with apiVersion and kind"))}
	}
	return d.decodeObject(data, "", notes)
}

// decodeObject reads the object that stands at prefix in the text of d, or the
// items of a List there.
func (d *document) decodeObject(data []byte, prefix string, notes []notice) ([]entry, []error) {
	apiVersion, kind := typeOf(data)
	if apiVersion == "" && kind == "" {
		apiVersion, kind = d.apiVersion, d.kind
	}
	var missing []error
	if apiVersion == "" {
		missing = append(missing, d.fail(join(prefix, "apiVersion"), errors.New("missing or not a string")))
	}
	if kind == "" {
		missing = append(missing, d.fail(join(prefix, "kind"), errors.New("missing or not a string")))
	}
	if len(missing) > 0 {
		return nil, missing
	}
	if strings.HasSuffix(kind, "List") {
		if items, ok := arrayOf(data, "items"); ok {
			return d.decodeItems(data, items, prefix, apiVersion, kind, notes)
		}
	}
	obj, strict, err := d.object(data, apiVersion, kind, prefix)
	if err != nil {
		return nil, []error{err}
	}
	return []entry{{object: obj, doc: d, prefix: prefix, notes: append(notes, strict...)}}, nil
}

func (d *document) decodeItems(data, items []byte, prefix, apiVersion, kind string, notes []notice) (out []entry, errs []error) {
	item := *d
	item.apiVersion, item.kind = "", ""
	item.inherit(apiVersion, kind)
	i := 0
	for span := range elements(items) {
		path := join(prefix, fmt.Sprintf("items[%d]", i))
		var own []notice
		for _, n := range notes {
			if rest, ok := strings.CutPrefix(n.field, fmt.Sprintf("items[%d].", i)); ok {
				own = append(own, notice{n.duplicate, rest})
			}
		}
		if element := items[span[0]:span[1]]; len(element) == 0 || element[0] != '{' {
			errs = append(errs, d.fail(path, errors.New("want an object with apiVersion and kind")))
		} else {
			entries, itemErrs := item.decodeObject(element, path, own)
			out, errs = append(out, entries...), append(errs, itemErrs...)
		}
		i++
	}
	return out, errs
}

// object decodes data into the Go type of its kind.
func (d *document) object(data []byte, apiVersion, kind, prefix string) (bulkhead.Object, []notice, error) {
	obj := newTyped(apiVersion, kind)
	var into any = obj
	if obj == nil {
		u := &unstructured.Unstructured{}
		obj, into = u, &u.Object
	}
	strict, err := json.UnmarshalStrict(data, into)
	if err != nil {
		return nil, nil, d.explain(data, reflect.TypeOf(into), prefix, err)
	}
	obj.GetObjectKind().SetGroupVersionKind(schema.FromAPIVersionAndKind(apiVersion, kind))
	var notes []notice
	for _, e := range strict {
		var at json.FieldError
		if errors.As(e, &at) {
			notes = append(notes, notice{strings.HasPrefix(e.Error(), "duplicate"), at.FieldPath()})
		}
	}
	return obj, notes, nil
}

// toJSON turns the text into JSON, with the values that kubectl sees. The
// notices are fields that the text has twice, which JSON cannot tell any more.
func (d *document) toJSON() ([]byte, []notice, error) {
	if d.isJSON() && stdjson.Valid(d.text) {
		return bytes.TrimSpace(d.text), nil, nil
	}
	text := d.yaml()
	data, err := yaml.YAMLToJSONStrict(text)
	if err == nil {
		return data, nil, nil
	}
	data, err = yaml.YAMLToJSON(text)
	if err != nil {
		return nil, nil, d.syntax(err)
	}
	return data, duplicates(text), nil
}

// typeOf returns apiVersion and kind of a JSON object, each empty if it is
// missing or not a string. Of fields that stand twice the last one counts.
func typeOf(data []byte) (apiVersion, kind string) {
	for key, span := range members(data) {
		value := data[span[0]:span[1]]
		switch key {
		case "apiVersion":
			apiVersion = stringOf(value)
		case "kind":
			kind = stringOf(value)
		}
	}
	return apiVersion, kind
}

func stringOf(value []byte) string {
	var s string
	if stdjson.Unmarshal(value, &s) != nil {
		return ""
	}
	return s
}

// arrayOf returns the array of that name in a JSON object.
func arrayOf(data []byte, name string) (array []byte, ok bool) {
	for key, span := range members(data) {
		if key == name && data[span[0]] == '[' {
			array, ok = data[span[0]:span[1]], true
		}
	}
	return array, ok
}
