// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"encoding"
	stdjson "encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"

	"github.com/watertight-go/watertight/bulkhead"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// fail makes the error about one field of d, or about all of d.
func (d *document) fail(field string, err error) *DocumentError {
	out := &DocumentError{File: d.file, Document: d.number, Line: d.line, Field: field, Err: err}
	if field != "" {
		out.Line = d.locate(field).Line
	}
	return out
}

// explain says which fields of data do not fit the Go type. The decoder's own
// errors give no list indices and quote values, which may be secret, so the
// fields are found again by decoding each on its own.
func (d *document) explain(data []byte, t reflect.Type, prefix string, cause error) error {
	var errs []error
	for _, m := range mismatches(t, data, prefix) {
		e := d.fail(m.field, m.err)
		e.Object = refOf(data)
		errs = append(errs, e)
	}
	if len(errs) == 0 {
		var mismatch *stdjson.UnmarshalTypeError
		err := errors.New("does not fit its kind")
		if errors.As(cause, &mismatch) {
			err = fmt.Errorf("a value does not fit its field, which is a %s", mismatch.Type)
		}
		e := d.fail(prefix, err)
		e.Object = refOf(data)
		errs = append(errs, e)
	}
	return errors.Join(errs...)
}

// A mismatch is a field whose value does not fit.
type mismatch struct {
	field string
	err   error
}

// mismatches lists the fields of the JSON text that do not fit the type.
func mismatches(t reflect.Type, data []byte, path string) []mismatch {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if len(data) == 0 || string(data) == "null" {
		return nil
	}
	var out []mismatch
	switch {
	case decodesItself(t):
	case t.Kind() == reflect.Struct && data[0] == '{', t.Kind() == reflect.Map && data[0] == '{':
		for key, span := range members(data) {
			if child, at, ok := childOf(t, key, path); ok {
				out = append(out, mismatches(child, data[span[0]:span[1]], at)...)
			}
		}
		return out
	case t.Kind() == reflect.Slice && data[0] == '[':
		i := 0
		for span := range elements(data) {
			out = append(out, mismatches(t.Elem(), data[span[0]:span[1]], path+"["+strconv.Itoa(i)+"]")...)
			i++
		}
		return out
	}
	if stdjson.Unmarshal(data, reflect.New(t).Interface()) != nil {
		out = append(out, mismatch{path, fmt.Errorf("want %s, not %s", nameOfType(t), nameOfValue(data))})
	}
	return out
}

// decodesItself reports whether a type has its own idea of its JSON form.
func decodesItself(t reflect.Type) bool {
	pointer := reflect.PointerTo(t)
	return pointer.Implements(reflect.TypeFor[stdjson.Unmarshaler]()) ||
		pointer.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

func nameOfType(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return fmt.Sprintf("an integer of %d bits", t.Bits())
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "base64"
		}
		return "a list"
	case reflect.Map:
		return "a map"
	default:
		return "a " + t.Name()
	}
}

func nameOfValue(data []byte) string {
	switch data[0] {
	case '"':
		return "this string"
	case '{':
		return "a map"
	case '[':
		return "a list"
	case 't', 'f':
		return "true or false (YAML reads yes, no, on, off, y and n as these; quote them)"
	default:
		return "this number"
	}
}

// refOf names the object that the JSON text describes, as far as it can be told.
func refOf(data []byte) bulkhead.Ref {
	apiVersion, kind := typeOf(data)
	ref := bulkhead.Ref{Group: schema.FromAPIVersionAndKind(apiVersion, kind).Group, Kind: kind}
	for key, span := range members(data) {
		if key != "metadata" {
			continue
		}
		metadata := data[span[0]:span[1]]
		for key, span := range members(metadata) {
			switch key {
			case "name":
				ref.Name = stringOf(metadata[span[0]:span[1]])
			case "namespace":
				ref.Namespace = stringOf(metadata[span[0]:span[1]])
			}
		}
	}
	return ref
}

// childOf returns the type of a member of a struct or map and its path. It is
// not found if the struct has no such field.
func childOf(t reflect.Type, key, path string) (child reflect.Type, at string, ok bool) {
	if t.Kind() == reflect.Map {
		return t.Elem(), path + "[" + key + "]", true
	}
	if field, ok := fieldOf(t, key); ok {
		return field, join(path, key), true
	}
	return nil, "", false
}

// fieldOf returns the type of the field of a struct with that JSON name.
func fieldOf(t reflect.Type, key string) (reflect.Type, bool) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, options := cutTag(f.Tag.Get("json"))
		if f.Anonymous && name == "" || slices.Contains(options, "inline") {
			embedded := f.Type
			for embedded.Kind() == reflect.Pointer {
				embedded = embedded.Elem()
			}
			if found, ok := fieldOf(embedded, key); ok {
				return found, true
			}
		} else if name == key {
			return f.Type, true
		}
	}
	return nil, false
}
