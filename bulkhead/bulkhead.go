// SPDX-License-Identifier: Apache-2.0

package bulkhead

import (
	"cmp"
	"errors"
	"slices"

	"k8s.io/apimachinery/pkg/api/validate/content"
	"k8s.io/apimachinery/pkg/util/validation"
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
// It returns all mistakes at once, each reachable by errors.As: an
// [*InvalidError] for a namespace or a name that the API server would refuse and
// for a nil object, a [*NamespaceError] for an object of another namespace, and
// a [*DuplicateError] for the second of two objects of one name.
func New(namespace string, objs ...Object) (*Bulkhead, error) {
	var errs []error
	if list := validateNamespace(namespace); len(list) > 0 {
		errs = append(errs, &InvalidError{Object: Ref{Kind: "Namespace", Name: namespace}, Errs: list})
	}
	b := &Bulkhead{Namespace: namespace}
	seen := make(map[Ref]bool, len(objs))
	for i, obj := range objs {
		if isNil(obj) {
			nth := field.NewPath("objects").Index(i)
			errs = append(errs, &InvalidError{Errs: field.ErrorList{field.Required(nth, "the object is nil")}})
			continue
		}
		ref := RefTo(obj)
		if list := validateMeta(ref); len(list) > 0 {
			errs = append(errs, &InvalidError{Object: ref, Errs: list})
		}
		if !belongs(ref, namespace) {
			errs = append(errs, &NamespaceError{Object: ref, Want: namespace})
		}
		if seen[ref] {
			errs = append(errs, &DuplicateError{Object: ref})
		}
		seen[ref] = true
		b.Objects = append(b.Objects, copyOf(obj))
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	slices.SortStableFunc(b.Objects, func(x, y Object) int {
		rx, ry := RefTo(x), RefTo(y)
		return cmp.Or(cmp.Compare(applyRank(rx.Kind), applyRank(ry.Kind)), rx.Compare(ry))
	})
	return b, nil
}

// Check runs rules over the bulkhead's objects.
func (b *Bulkhead) Check(rules ...Rule) Findings { return Check(b.Objects, rules...) }

// copyOf returns a deep copy of obj that carries apiVersion and kind.
func copyOf(obj Object) Object {
	out := obj.DeepCopyObject().(Object) // DeepCopyObject returns the type it copies
	out.GetObjectKind().SetGroupVersionKind(gvkOf(obj))
	return out
}

// belongs reports whether the object is part of the namespace or holds it from
// outside. A Namespace object belongs only to itself.
func belongs(ref Ref, namespace string) bool {
	switch {
	case ref.Group == "" && ref.Kind == "Namespace":
		return ref.Name == namespace
	case isClusterScoped(ref):
		return true
	case ref.Namespace == "":
		return mayBeClusterScoped(ref)
	default:
		return ref.Namespace == namespace
	}
}

// validateNamespace judges the name of a namespace as kube-apiserver does
// (pkg/apis/core/validation, ValidateNamespaceName, v1.37).
func validateNamespace(namespace string) field.ErrorList {
	return judgeName(field.NewPath("metadata", "name"), namespace, validation.IsDNS1123Label)
}

// validateMeta judges the name and namespace of an object. Role-based access
// control accepts any path segment as a name; every other kind wants at least a
// DNS subdomain, and what a kind asks beyond that is for the rules of its package.
func validateMeta(ref Ref) field.ErrorList {
	judge := validation.IsDNS1123Subdomain
	if ref.Group == "rbac.authorization.k8s.io" {
		judge = content.IsPathSegmentName
	}
	metadata := field.NewPath("metadata")
	out := judgeName(metadata.Child("name"), ref.Name, judge)
	if ref.Namespace != "" && isClusterScoped(ref) {
		out = append(out, field.Forbidden(metadata.Child("namespace"), "a "+ref.Kind+" has no namespace"))
	}
	return out
}

func judgeName(at *field.Path, name string, judge func(string) []string) field.ErrorList {
	if name == "" {
		return field.ErrorList{field.Required(at, "a name is needed")}
	}
	var out field.ErrorList
	for _, msg := range judge(name) {
		out = append(out, field.Invalid(at, name, msg))
	}
	return out
}
