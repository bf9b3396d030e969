// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/watertight-go/watertight/bulkhead"
)

// A mutator changes objects at random. Strings, numbers and amounts come from
// pools by the name of their field, so that what it makes is near what a server
// accepts.
type mutator struct{ *rand.Rand }

// A place is a value inside an object that can be set, and the name of the field
// that holds it.
type place struct {
	value reflect.Value
	field string
}

// mutate returns a copy of an object with up to most random changes, as a request
// carries it.
func (m mutator) mutate(obj bulkhead.Object, most int) bulkhead.Object {
	out := obj.DeepCopyObject().(bulkhead.Object)
	for range m.IntN(most + 1) {
		all := places(nil, reflect.ValueOf(out).Elem(), "")
		at := all[m.IntN(len(all))]
		m.change(at.value, at.field)
	}
	return carried(out)
}

// carried returns an object as it is after a request has carried it: JSON leaves
// out lists that are empty.
func carried(obj bulkhead.Object) bulkhead.Object {
	out := reflect.New(reflect.TypeOf(obj).Elem()).Interface().(bulkhead.Object)
	data, err := json.Marshal(obj)
	if err == nil {
		err = json.Unmarshal(data, out)
	}
	if err != nil {
		panic(err) // the types of the API can all be carried
	}
	return out
}

// places lists all places of v, itself included.
func places(list []place, v reflect.Value, name string) []place {
	switch v.Kind() {
	case reflect.Struct:
		if isScalar(v) {
			return append(list, place{v, name})
		}
		for i := range v.NumField() {
			if field, ok := fieldName(v.Type().Field(i), name); ok {
				list = places(list, v.Field(i), field)
			}
		}
		return list
	case reflect.Pointer:
		list = append(list, place{v, name})
		if !v.IsNil() {
			list = places(list, v.Elem(), name)
		}
		return list
	case reflect.Slice:
		list = append(list, place{v, name})
		for i := range v.Len() {
			list = places(list, v.Index(i), name)
		}
		return list
	default:
		return append(list, place{v, name})
	}
}

// isScalar reports whether a struct is one value to the API.
func isScalar(v reflect.Value) bool {
	switch v.Interface().(type) {
	case resource.Quantity, intstr.IntOrString:
		return true
	default:
		return false
	}
}

// fieldName returns the JSON name of a field, or that of the struct where the
// field is inlined. Fields that only a server sets are left alone, and so is the
// object's namespace, which a request repeats in its path.
func fieldName(f reflect.StructField, outer string) (string, bool) {
	name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
	switch name {
	case "":
		if f.Name == "TypeMeta" {
			return "", false
		}
		return outer, strings.Contains(options, "inline") || f.Anonymous
	case "status", "managedFields", "resourceVersion", "selfLink", "creationTimestamp", "deletionTimestamp",
		"deletionGracePeriodSeconds":
		return "", false
	case "namespace":
		return name, outer != "metadata"
	case "uid":
		return name, outer == "ownerReferences"
	default:
		return name, true
	}
}

// change sets v to something else. Lists and maps mostly change by one entry.
func (m mutator) change(v reflect.Value, field string) {
	switch v.Kind() {
	case reflect.Slice:
		m.changeSlice(v, field)
	case reflect.Map:
		m.changeMap(v, field)
	default:
		v.SetZero()
		if v.Kind() != reflect.Pointer || m.IntN(3) > 0 {
			m.fill(v, field, 0)
		}
	}
}

func (m mutator) changeSlice(v reflect.Value, field string) {
	n := v.Len()
	switch choice := m.IntN(5); {
	case choice == 0:
		v.SetZero()
	case choice == 1 && n > 0: // one less
		i := m.IntN(n)
		v.Set(reflect.AppendSlice(v.Slice(0, i), v.Slice(i+1, n)))
	case choice == 2 && n > 0: // one twice
		v.Set(reflect.Append(v, v.Index(m.IntN(n))))
	case choice == 3 && n > 0 && m.IntN(20) == 0: // more than there may be
		for range 25 {
			v.Set(reflect.Append(v, v.Index(0)))
		}
	default:
		entry := reflect.New(v.Type().Elem()).Elem()
		m.fill(entry, field, 0)
		v.Set(reflect.Append(v, entry))
	}
}

func (m mutator) changeMap(v reflect.Value, field string) {
	if m.IntN(5) == 0 {
		v.SetZero()
		return
	}
	if v.IsNil() {
		v.Set(reflect.MakeMap(v.Type()))
	}
	m.entry(v, field)
}

// entry sets one entry of a map: of a key that is there, or of another.
func (m mutator) entry(v reflect.Value, field string) {
	key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
	if keys := v.MapKeys(); len(keys) > 0 && m.IntN(2) == 0 {
		key.Set(keys[m.IntN(len(keys))])
	} else {
		key.SetString(m.text(keysOf(field)))
	}
	m.fill(value, valuesOf(field), 0)
	v.SetMapIndex(key, value)
}

// fill sets v, which is zero, to something random.
func (m mutator) fill(v reflect.Value, field string, depth int) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(m.text(field))
	case reflect.Bool:
		v.SetBool(m.IntN(2) == 0)
	case reflect.Int32, reflect.Int64, reflect.Int:
		v.SetInt(m.number())
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		m.fill(v.Elem(), field, depth)
	case reflect.Slice:
		for range m.IntN(3) {
			entry := reflect.New(v.Type().Elem()).Elem()
			m.fill(entry, field, depth+1)
			v.Set(reflect.Append(v, entry))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range m.IntN(3) {
			m.entry(v, field)
		}
	case reflect.Struct:
		m.fillStruct(v, depth)
	default:
		panic("a field of kind " + v.Kind().String())
	}
}

func (m mutator) fillStruct(v reflect.Value, depth int) {
	switch p := v.Addr().Interface().(type) {
	case *resource.Quantity:
		*p = m.amount()
		return
	case *intstr.IntOrString:
		*p = intstr.FromInt32(int32(m.number()))
		if m.IntN(3) == 0 {
			*p = intstr.FromString(m.text("destinationNamedPort"))
		}
		return
	}
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name, ok := fieldName(f, "")
		if ok && (m.IntN(2) == 0 || depth == 0 && v.NumField() == 1) {
			m.fill(v.Field(i), name, depth+1)
		}
	}
}
