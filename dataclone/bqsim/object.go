// SPDX-License-Identifier: Apache-2.0

package bqsim

import (
	"encoding/json"
	"maps"
	"math"
	"strconv"
)

// object is a JSON object. What lies in one that is stored or answered is never
// changed in place: a change makes new objects along its path, so answers are
// encoded without a lock.
type object = map[string]any

// resource is an object with readers for the fields the simulator judges.
type resource object

func (o resource) str(key string) string { s, _ := o[key].(string); return s }

// sub returns the object below key, nil if there is none.
func (o resource) sub(key string) resource {
	m, _ := o[key].(object)
	return m
}

// list returns the array below key, nil if there is none.
func (o resource) list(key string) []any {
	l, _ := o[key].([]any)
	return l
}

func (o resource) bool(key string) bool { b, _ := o[key].(bool); return b }

// int returns the number below key. The API writes 64 bits as strings and
// reads numbers too.
func (o resource) int(key string) (int64, bool) {
	switch v := o[key].(type) {
	case string:
		n, err := strconv.ParseInt(v, 10, 64)
		return n, err == nil
	case json.Number:
		n, err := strconv.ParseInt(v.String(), 10, 64)
		return n, err == nil
	default:
		return 0, false
	}
}

// merge returns old with the patch applied as the API patches: objects merge,
// null deletes, everything else replaces.
func merge(old, patch object) object {
	out := maps.Clone(old)
	if out == nil {
		out = object{}
	}
	for k, v := range patch {
		switch v := v.(type) {
		case nil:
			delete(out, k)
		case object:
			below, _ := out[k].(object)
			out[k] = merge(below, v)
		default:
			out[k] = v
		}
	}
	return out
}

// int64Text is how the API writes an int64.
func int64Text(n int64) string { return strconv.FormatInt(n, 10) }

// addClamped adds without wrapping around.
func addClamped(a, b int64) int64 {
	if b > 0 && a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}
