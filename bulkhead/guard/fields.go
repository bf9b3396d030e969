// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"reflect"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/watertight-go/watertight/internal/celtext"
)

// A place is where a path ends in the fields of an object.
type place struct {
	// missing is the step that leads nowhere, after so many others, and beside are the
	// fields there are instead; there is none if the path leads somewhere.
	missing string
	after   int
	beside  []string
	// list says that the path goes through the elements of a list.
	list bool
}

// walk follows a path through the fields of a type, as JSON names them. It stops
// content where the type does not tell what is below.
func walk(t reflect.Type, path celtext.Path) place {
	var out place
	for i, step := range path {
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		switch {
		case isOpaque(t):
			return out
		case t.Kind() == reflect.Map:
			t = t.Elem()
		case t.Kind() == reflect.Slice:
			if step != celtext.Element {
				return place{missing: step, after: i, list: true}
			}
			out.list, t = true, t.Elem()
		case t.Kind() == reflect.Struct && step == celtext.Element:
			return out // a field whose name is worked out
		case t.Kind() == reflect.Struct:
			next := fieldOf(t, step)
			if next == nil {
				return place{missing: step, after: i, beside: fieldNames(t), list: out.list}
			}
			t = next
		default:
			return place{missing: step, after: i, list: out.list}
		}
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	out.list = out.list || t.Kind() == reflect.Slice
	return out
}

// fieldOf returns the type of a field, or nil.
func fieldOf(t reflect.Type, name string) reflect.Type {
	for f := range t.Fields() {
		if isInline(f) {
			if next := fieldOf(f.Type, name); next != nil {
				return next
			}
		} else if jsonName(f) == name {
			return f.Type
		}
	}
	return nil
}

// fieldNames returns the names of all fields, in order.
func fieldNames(t reflect.Type) []string {
	var names []string
	for f := range t.Fields() {
		if isInline(f) {
			names = append(names, fieldNames(f.Type)...)
		} else {
			names = append(names, jsonName(f))
		}
	}
	slices.Sort(names)
	return names
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// isInline reports whether the fields of a field are written beside it.
func isInline(f reflect.StructField) bool { return f.Anonymous && jsonName(f) == "" }

// isOpaque reports whether a type is written in JSON by a method of its own, or holds
// what its fields do not tell.
func isOpaque(t reflect.Type) bool {
	switch t {
	case reflect.TypeFor[resource.Quantity](), reflect.TypeFor[metav1.Time](), reflect.TypeFor[metav1.MicroTime](),
		reflect.TypeFor[intstr.IntOrString](), reflect.TypeFor[runtime.RawExtension](), reflect.TypeFor[metav1.FieldsV1](),
		reflect.TypeFor[metav1.Duration]():
		return true
	default:
		return t.Kind() == reflect.Interface || t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8
	}
}
