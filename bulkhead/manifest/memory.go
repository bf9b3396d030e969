// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"reflect"

	"github.com/watertight-go/watertight/bulkhead"
)

// memoryOf returns about how many bytes an object takes in memory.
func memoryOf(obj bulkhead.Object) int {
	v := reflect.ValueOf(obj).Elem()
	return int(v.Type().Size()) + held(v)
}

// held returns how many bytes a value holds beyond those of itself.
func held(v reflect.Value) int {
	total := 0
	switch v.Kind() {
	case reflect.String:
		total = v.Len()
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			total = int(v.Elem().Type().Size()) + held(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			total += held(v.Field(i))
		}
	case reflect.Slice:
		total = v.Cap() * int(v.Type().Elem().Size())
		if v.Type().Elem().Kind() != reflect.Uint8 {
			for i := range v.Len() {
				total += held(v.Index(i))
			}
		}
	case reflect.Map:
		if v.IsNil() {
			break
		}
		// A map of the runtime keeps a byte for each slot, and at worst every
		// second slot is free.
		slot := int(v.Type().Key().Size()+v.Type().Elem().Size()) + 1
		total = 48 + 2*slot*v.Len()
		for iter := v.MapRange(); iter.Next(); {
			total += held(iter.Key()) + held(iter.Value())
		}
	}
	return total
}
