// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"encoding"
	stdjson "encoding/json"
	"fmt"
	"reflect"
	"strconv"

	"sigs.k8s.io/json"
)

// A mismatch is a field whose value does not fit.
type mismatch struct {
	field string
	err   error
}

// mismatches lists the fields of the JSON text that do not fit the type, by
// decoding each value on its own, and stops at [maxReports]. It never quotes a value.
func mismatches(t reflect.Type, data []byte, path string) []mismatch {
	t = pointedTo(t)
	if string(data) == "null" {
		return nil
	}
	var out []mismatch
	switch isMap := data[0] == '{'; {
	case decodesItself(t):
	case isMap && (t.Kind() == reflect.Struct || t.Kind() == reflect.Map):
		for m := range members(data) {
			if len(out) >= maxReports {
				break
			}
			if child, at := memberOf(t, m.name, path); child != nil {
				out = append(out, mismatches(child, data[m.start:m.end], at)...)
			}
		}
		return out
	case data[0] == '[' && t.Kind() == reflect.Slice:
		i := 0
		for start, end := range elements(data) {
			if len(out) >= maxReports {
				break
			}
			at := path + "[" + strconv.Itoa(i) + "]"
			out = append(out, mismatches(t.Elem(), data[start:end], at)...)
			i++
		}
		return out
	}
	if json.UnmarshalCaseSensitivePreserveInts(data, reflect.New(t).Interface()) != nil {
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
			return "text in base64"
		}
		return "a list"
	case reflect.Map:
		return "a mapping"
	default:
		if decodesItself(t) {
			return "the form of " + t.Name()
		}
		return "a mapping"
	}
}

func nameOfValue(data []byte) string {
	switch data[0] {
	case '"':
		return "this string"
	case '{':
		return "a mapping"
	case '[':
		return "a list"
	case 't', 'f':
		return "true or false (what YAML reads y, n, yes, no, on and off as, unless quoted)"
	default:
		return "this number"
	}
}
