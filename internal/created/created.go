// SPDX-License-Identifier: Apache-2.0

// Package created judges the metadata of new objects of every kind as
// kube-apiserver does.
package created

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	apiequality "k8s.io/apimachinery/pkg/api/equality"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// A Scope says whether the objects of a kind live in a namespace.
type Scope bool

// The scopes of kinds.
const (
	Cluster    Scope = false
	Namespaced Scope = true
)

// Refused returns what kube-apiserver 1.37 refuses in a create request: in the
// metadata, of which name is the kind's own rule, and elsewhere in the object,
// which the caller has judged. The namespace of a cluster-scoped object is dropped,
// as the server drops it. The generation is judged as it stands: kinds whose
// generation the server sets itself need it set.
func Refused(meta metav1.ObjectMeta, scope Scope, name apivalidation.ValidateNameFunc, elsewhere field.ErrorList) field.ErrorList {
	at := field.NewPath("metadata")
	meta = Metadata(meta)
	if scope == Cluster {
		meta.Namespace = ""
	}
	errs := apivalidation.ValidateObjectMeta(&meta, bool(scope), name, at)
	errs = append(errs, Finalizers(meta.Finalizers, at.Child("finalizers"))...)
	errs = append(errs, elsewhere...)
	if len(errs) > 0 {
		return errs
	}
	// What passes is judged once more as any object is, which matters for prefixes
	// such as "%-" (k8s.io/apiserver v0.37, pkg/registry/rest/create.go).
	return apivalidation.ValidateObjectMeta(&meta, bool(scope), PathSegment, at)
}

// InSomeNamespace returns an object, or a copy of it in a namespace where kubectl
// would fill that in from -n or the context.
func InSomeNamespace[T interface {
	metav1.Object
	DeepCopy() T
}](obj T) T {
	if obj.GetNamespace() != "" {
		return obj
	}
	out := obj.DeepCopy()
	out.SetNamespace(metav1.NamespaceDefault)
	return out
}

// Finalizers returns the finalizers without a domain that are not Kubernetes' own
// (pkg/apis/core/validation, validateKubeFinalizerName, v1.37). That the rest of
// the name is well formed is judged with the other metadata.
func Finalizers(finalizers []string, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	for i, name := range finalizers {
		if !StandardFinalizer(name) && !strings.Contains(name, "/") {
			errs = append(errs, field.Invalid(at.Index(i), name, "neither a finalizer of Kubernetes nor of the form domain/name"))
		}
	}
	return errs
}

// StandardFinalizer reports whether a finalizer is one of Kubernetes' own, which
// have no domain.
func StandardFinalizer(name string) bool {
	switch name {
	case string(corev1.FinalizerKubernetes), metav1.FinalizerOrphanDependents, metav1.FinalizerDeleteDependents:
		return true
	default:
		return false
	}
}

// Metadata returns metadata as the server judges it: what it sets itself is set,
// so that a manifest copied from a cluster is not blamed for it (k8s.io/apiserver
// v0.37, pkg/registry/generic/registry/store.go and pkg/endpoints/handlers/create.go).
func Metadata(meta metav1.ObjectMeta) metav1.ObjectMeta {
	meta.Name = Name(meta)
	meta.OwnerReferences = withoutRepetition(meta.OwnerReferences)
	return meta
}

// Name returns the name of a new object, or one such as the server makes of its
// prefix: cut to 58 bytes, with five letters or digits after it
// (pkg/storage/names/generate.go).
func Name(meta metav1.ObjectMeta) string {
	const longest = 58
	if prefix := meta.GenerateName; meta.Name == "" && prefix != "" {
		return prefix[:min(len(prefix), longest)] + "xxxxx"
	}
	return meta.Name
}

// PathSegment refuses names, and prefixes of names, that cannot be a segment of a
// URL: what the server asks of every object, whatever its kind
// (pkg/registry/rest/create.go). What it has against "." and ".." is left out, since
// neither is a DNS subdomain.
func PathSegment(name string, _ bool) []string {
	if strings.ContainsAny(name, "/%") {
		return []string{"may not contain '/' or '%'"}
	}
	return nil
}

// withoutRepetition drops owner references equal to an earlier one, as the server
// does with a warning (pkg/endpoints/handlers/rest.go).
func withoutRepetition(refs []metav1.OwnerReference) []metav1.OwnerReference {
	var out []metav1.OwnerReference
	byUID := make(map[string][]metav1.OwnerReference)
	for _, ref := range refs {
		uid := string(ref.UID)
		if !containsRef(byUID[uid], ref) {
			byUID[uid] = append(byUID[uid], ref)
			out = append(out, ref)
		}
	}
	return out
}

func containsRef(refs []metav1.OwnerReference, ref metav1.OwnerReference) bool {
	for _, r := range refs {
		if apiequality.Semantic.DeepEqual(r, ref) {
			return true
		}
	}
	return false
}
