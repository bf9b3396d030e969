// SPDX-License-Identifier: Apache-2.0

package bulkhead

import (
	"fmt"

	"k8s.io/apimachinery/pkg/api/validate/content"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

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
