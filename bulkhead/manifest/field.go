// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"reflect"
	"slices"
	"strings"
)

// join puts a field name, or an index in brackets, behind a path.
func join(path, name string) string {
	if path == "" || name == "" || name[0] == '[' {
		return path + name
	}
	return path + "." + name
}

// memberOf returns the type of a member of a struct or map and its path, where
// keys of maps stand in brackets. The type is nil if it is not known: that of a
// field which the struct does not have, and of anything in a type that is nil.
func memberOf(t reflect.Type, key, path string) (member reflect.Type, at string) {
	if t = pointedTo(t); t == nil {
		return nil, join(path, key)
	}
	switch t.Kind() {
	case reflect.Map:
		return t.Elem(), path + "[" + key + "]"
	case reflect.Struct:
		return fieldOf(t, key), join(path, key)
	default:
		return nil, join(path, key)
	}
}

// elementOf returns the type of the elements of a slice, or nil.
func elementOf(t reflect.Type) reflect.Type {
	if t = pointedTo(t); t == nil || t.Kind() != reflect.Slice {
		return nil
	}
	return t.Elem()
}

// fieldOf returns the type of the field of a struct with that JSON name, or nil.
func fieldOf(t reflect.Type, key string) reflect.Type {
	for f := range t.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "", slices.Contains(strings.Split(options, ","), "inline"):
			if found := fieldOf(pointedTo(f.Type), key); found != nil {
				return found
			}
		case name == key:
			return f.Type
		}
	}
	return nil
}

// pointedTo returns the type that a pointer points to, and other types as they are.
func pointedTo(t reflect.Type) reflect.Type {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

// nextIndex cuts a leading "[3]" or "[key]" off a path.
func nextIndex(path string) (index, rest string, ok bool) {
	inner, ok := strings.CutPrefix(path, "[")
	if !ok {
		return "", path, false
	}
	index, rest, ok = strings.Cut(inner, "]")
	return index, strings.TrimPrefix(rest, "."), ok
}

// nextName cuts a leading name off a path, or the name in brackets. Names may
// hold dots, so that several may fit; the longest is meant.
func nextName(path, name string) (rest string, ok bool) {
	if index, rest, ok := nextIndex(path); ok {
		return rest, index == name
	}
	rest, ok = strings.CutPrefix(path, name)
	switch {
	case !ok || name == "":
		return "", false
	case rest == "" || rest[0] == '[':
		return rest, true
	default:
		return strings.CutPrefix(rest, ".")
	}
}
