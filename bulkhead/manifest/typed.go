// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	kjson "sigs.k8s.io/json"

	"github.com/watertight-go/watertight/bulkhead"
)

// Typed returns the objects with each unstructured one of a kind that is known here
// as its own Go type, as [Read] would have made it. Rules judge Go types and pass over
// unstructured objects, so this is for what comes from a dynamic client, or from YAML
// that somebody else read. Custom resources stay unstructured, and nothing is changed
// in place; what is not converted is the same object.
//
// The error joins a [*DocumentError] for each field that does not fit its kind, without
// its value. Such an object stays unstructured.
func Typed(objs []bulkhead.Object) ([]bulkhead.Object, error) {
	out := slices.Clone(objs)
	var errs []error
	for i, obj := range objs {
		u, ok := obj.(*unstructured.Unstructured)
		if !ok || u == nil {
			continue
		}
		into := newTyped(u.GetAPIVersion(), u.GetKind())
		if into == nil {
			continue
		}
		if wrong := decodeContent(u, into); wrong != nil {
			errs = append(errs, wrong...)
			continue
		}
		out[i] = into
	}
	return out, errors.Join(errs...)
}

// decodeContent fills in a typed object from an unstructured one.
func decodeContent(u *unstructured.Unstructured, into bulkhead.Object) []error {
	ref := bulkhead.RefTo(u)
	data, err := json.Marshal(u.Object)
	if err != nil {
		return []error{&DocumentError{Object: ref, Err: errors.New("holds what JSON cannot")}}
	}
	if kjson.UnmarshalCaseSensitivePreserveInts(data, into) == nil {
		return nil
	}
	found := mismatches(reflect.TypeOf(into), data, "")
	if len(found) == 0 {
		found = []mismatch{{"", errors.New("does not fit its kind")}}
	}
	var errs []error
	for _, m := range found[:min(len(found), maxReports)] {
		errs = append(errs, &DocumentError{Object: ref, Field: m.field, Err: m.err})
	}
	return errs
}
