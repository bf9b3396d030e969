// SPDX-License-Identifier: Apache-2.0

package bulkhead

import (
	"errors"
	"fmt"

	"k8s.io/apimachinery/pkg/api/validate/content"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
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
// [*InvalidError] for a namespace or a name that the API server would refuse, for
// a nil object, for one whose kind is not known and for one that JSON cannot hold, a [*NamespaceError] for an
// object of another namespace, and a [*DuplicateError] for the second of two
// objects of one name. An object without a namespace belongs if its kind is
// cluster-scoped, or is no kind of Kubernetes 1.37 and so may be.
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
		invalid(ref, append(validateKind(obj), validateMeta(ref)...))
		if !belongs(ref, namespace) {
			errs = append(errs, &NamespaceError{Object: ref, Want: namespace})
		}
		if seen[ref] {
			errs = append(errs, &DuplicateError{Object: ref})
		}
		seen[ref] = true
		copied, err := copyOf(obj)
		if err != nil {
			invalid(ref, field.ErrorList{field.TypeInvalid(field.NewPath("object"), field.OmitValueType{}, err.Error())})
		}
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

// belongs reports whether the object is part of the namespace or holds it from
// outside. A Namespace object belongs only to itself.
func belongs(ref Ref, namespace string) bool {
	switch {
	case ref.Group == "" && ref.Kind == "Namespace":
		return ref.Name == namespace
	case ref.Namespace == "":
		return scopeOf(ref) != namespaceScope
	default:
		return ref.Namespace == namespace || scopeOf(ref) == clusterScope // the latter is validateMeta's to refuse
	}
}

// validateNamespace judges the name of a namespace as kube-apiserver does
// (pkg/apis/core/validation, ValidateNamespaceName, v1.37).
func validateNamespace(namespace string) field.ErrorList {
	return judgeName(field.NewPath("metadata", "name"), namespace, validation.IsDNS1123Label)
}

// validateKind asks that the kind of an object is known: nobody can apply it
// otherwise.
func validateKind(obj Object) field.ErrorList {
	if _, known := gvkOf(obj); known {
		return nil
	}
	return field.ErrorList{field.Required(field.NewPath("kind"),
		fmt.Sprintf("the object carries no apiVersion and kind, and its Go type %T does not tell them", obj))}
}

// validateMeta judges the name and namespace of an object as kube-apiserver 1.37
// does, in what all kinds share: what a kind asks beyond that is for the rules of
// its package.
func validateMeta(ref Ref) field.ErrorList {
	metadata := field.NewPath("metadata")
	judge := validation.IsDNS1123Subdomain
	if takesPathSegment(ref) {
		judge = content.IsPathSegmentName
	}
	out := judgeName(metadata.Child("name"), ref.Name, judge)
	if ref.Namespace != "" && scopeOf(ref) == clusterScope {
		out = append(out, field.Forbidden(metadata.Child("namespace"), "a "+ref.Kind+" has no namespace"))
	}
	return out
}

// takesPathSegment reports whether a kind accepts every path segment as a name,
// such as "system:node", and not only a DNS subdomain. An aggregated API is free
// to, so an unknown kind may (pkg/apis/rbac/validation, ValidateRBACName;
// pkg/apis/certificates/validation, ValidateCertificateRequestName;
// pkg/apis/core/validation, ValidateClusterTrustBundleName;
// pkg/apis/networking/validation, ValidateIPAddressName).
func takesPathSegment(ref Ref) bool {
	switch ref.Group {
	case "rbac.authorization.k8s.io", "certificates.k8s.io":
		return true
	case "networking.k8s.io":
		return ref.Kind == "IPAddress"
	default:
		return scopeOf(ref) == unknownScope
	}
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
