// SPDX-License-Identifier: Apache-2.0

package bulkhead

import (
	"errors"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// A Bulkhead is a namespace, its objects and the cluster-scoped objects that
// hold it.
type Bulkhead struct {
	// Namespace is the name of the namespace that is walled off.
	Namespace string
	// Objects are in apply order: the namespace first, then what limits and
	// separates it, and workloads last, so that nothing runs before its walls stand.
	Objects []Object
}

// New gathers copies of objs into a bulkhead around namespace, in apply order,
// each with apiVersion and kind set.
//
// It returns all mistakes at once, joined: an [*InvalidError] for a namespace or a
// name that the API server would refuse, for a nil object, such as what a builder
// returns beside an error, for one whose kind is not known and for one that JSON
// cannot hold, a [*NamespaceError] for an object of another namespace, and a
// [*DuplicateError] for the second of two objects of one name. errors.As reaches
// the first of each type; the example shows how to walk them all. An object without
// a namespace belongs if its kind is cluster-scoped, or is no kind of Kubernetes
// 1.37 and so may be.
//
// What else the objects say is not judged: a ClusterNetworkPolicy that selects a
// namespace of an impossible name is gathered like any other. That is for rules,
// see [Bulkhead.Check].
func New(namespace string, objs ...Object) (*Bulkhead, error) {
	var errs []error
	invalid := func(object Ref, list field.ErrorList) {
		if len(list) > 0 {
			errs = append(errs, &InvalidError{Object: object, Errs: list})
		}
	}
	whole := validateNamespace(namespace)
	for i, obj := range objs {
		if isNil(obj) {
			whole = append(whole, field.Required(field.NewPath("objects").Index(i), "the object is nil"))
		}
	}
	invalid(Ref{Kind: "Namespace", Name: namespace}, whole)

	var copies []Object
	seen := make(map[Ref]bool, len(objs))
	for _, obj := range objs {
		if isNil(obj) {
			continue
		}
		ref := RefTo(obj)
		copied, err := copyOf(obj)
		list := append(validateKind(obj), validateMeta(ref)...)
		if err != nil {
			list = append(list, field.TypeInvalid(field.NewPath("object"), field.OmitValueType{}, err.Error()))
		}
		invalid(ref, list)
		if !belongs(ref, namespace) {
			errs = append(errs, &NamespaceError{Object: ref, Want: namespace})
		}
		if seen[ref] {
			errs = append(errs, &DuplicateError{Object: ref})
		}
		seen[ref] = true
		copies = append(copies, copied)
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return &Bulkhead{Namespace: namespace, Objects: inApplyOrder(copies)}, nil
}

// Check runs rules over the bulkhead's objects.
func (b *Bulkhead) Check(rules ...Rule) Findings { return Check(b.Objects, rules...) }

// copyOf returns a deep copy of obj that carries apiVersion and kind. The error
// says that an unstructured object holds what JSON cannot: its own DeepCopy would
// panic on that, and even on an int where it wants an int64.
func copyOf(obj Object) (Object, error) {
	if u, ok := obj.(*unstructured.Unstructured); ok {
		content, err := contentOf(u)
		return &unstructured.Unstructured{Object: content}, err
	}
	out := obj.DeepCopyObject().(Object) // DeepCopyObject returns the type it copies
	gvk, _ := gvkOf(obj)                 // an unknown one is reported by validateKind
	out.GetObjectKind().SetGroupVersionKind(gvk)
	return out, nil
}
