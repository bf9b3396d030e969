// SPDX-License-Identifier: Apache-2.0

package bulkhead

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// An InvalidError lists every argument that a builder refused for one object.
// errors.As reaches it, and through it the first [*field.Error]; Errs lists all. Of
// several InvalidErrors that [New] has joined, errors.As reaches the first.
type InvalidError struct {
	Object Ref
	Errs   field.ErrorList
}

// Error names the object and lists all mistakes.
func (e *InvalidError) Error() string {
	mistakes := make([]string, len(e.Errs))
	for i, err := range e.Errs {
		mistakes[i] = err.Error()
	}
	object := e.Object.String()
	if e.Object.Namespace == "" && e.Object.Name == "" { // a question, such as a Boundary
		object = strings.TrimSuffix(object, "/")
	}
	return object + ": " + strings.Join(mistakes, "; ")
}

// Unwrap gives the individual *field.Error values.
func (e *InvalidError) Unwrap() []error {
	out := make([]error, len(e.Errs))
	for i, err := range e.Errs {
		out[i] = err
	}
	return out
}

// A DuplicateError says that two different objects have one name.
type DuplicateError struct {
	Object Ref
}

// Error names the object.
func (e *DuplicateError) Error() string {
	return fmt.Sprintf("%s: two objects of this name; applying both keeps only the last", e.Object)
}

// A NamespaceError says that an object does not belong to the namespace that a
// [Bulkhead] walls off.
type NamespaceError struct {
	Object Ref
	Want   string // the bulkhead's namespace
}

// Error names the object, its namespace and the one it should be in.
func (e *NamespaceError) Error() string {
	if e.Object.Namespace == "" {
		return fmt.Sprintf("%s: not in namespace %q", e.Object, e.Want)
	}
	return fmt.Sprintf("%s: in namespace %q, not in %q", e.Object, e.Object.Namespace, e.Want)
}
