// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"reflect"

	"github.com/watertight-go/watertight/bulkhead"
)

// What the runtime adds, about (Go 1.26): to each value on the heap until its
// size is one that it hands out, and to each map for its head.
const (
	perValue = 8
	perMap   = 48
)

// perError is about what a DocumentError takes.
const perError = 512

// perObject is about what a Set keeps for each object besides it.
const perObject = 256

// memoryOf returns about how many bytes an object takes in memory.
func memoryOf(obj bulkhead.Object) int {
	return perObject + held(reflect.ValueOf(obj))
}

// held returns how many bytes a value holds beyond those of itself.
func held(v reflect.Value) int {
	total := 0
	switch v.Kind() {
	case reflect.String:
		if v.Len() > 0 {
			total = v.Len() + perValue
		}
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			total = int(v.Elem().Type().Size()) + perValue + held(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() { //nolint:modernize // Fields describes each field, which costs more than the field
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
		// Maps grow by doubling from eight slots, each with a byte of its own.
		slots := 8
		for slots*7/8 < v.Len() {
			slots *= 2
		}
		total = perMap + slots*int(v.Type().Key().Size()+v.Type().Elem().Size()+1)
		for iter := v.MapRange(); iter.Next(); {
			total += held(iter.Key()) + held(iter.Value())
		}
	default: // numbers hold nothing
	}
	return total
}
