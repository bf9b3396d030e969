// SPDX-License-Identifier: Apache-2.0

package bulkhead

import (
	"iter"
	"reflect"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// ManagedByLabel and ManagedByValue mark every object that the builders of
// watertight make. The key is one of the recommended labels of the Kubernetes
// documentation ("Recommended Labels").
const (
	ManagedByLabel = "app.kubernetes.io/managed-by"
	ManagedByValue = "watertight"
)

// An Object is a Kubernetes object with metadata. Its method set is that of
// controller-runtime's client.Object, so that values pass freely between the two.
//
// A nil Object, or one that holds a nil pointer, is refused by [New] and passed
// over by [Check] and [Each].
type Object interface {
	metav1.Object
	runtime.Object
}

// Each yields the objects of type T, in order, so that a rule names the type it
// judges and cannot be run over another. An unstructured object is of no other type,
// whatever its kind: manifest.Typed converts those that a dynamic client gives.
func Each[T Object](objs []Object) iter.Seq[T] {
	return func(yield func(T) bool) {
		for _, obj := range objs {
			if t, ok := obj.(T); ok && !isNil(obj) && !yield(t) {
				return
			}
		}
	}
}

// Must returns v, or panics if err is not nil. It is for arguments that are
// constants of the program, as in examples and tests; an argument that comes
// from a file or a user deserves the error.
func Must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// isNil reports whether obj is nil or holds a nil pointer; both reach us from
// slices that callers filled conditionally.
func isNil(obj Object) bool {
	if obj == nil {
		return true
	}
	v := reflect.ValueOf(obj)
	return v.Kind() == reflect.Pointer && v.IsNil()
}
