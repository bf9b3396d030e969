// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	apiequality "k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// asCreated returns metadata as kube-apiserver judges it in a create request:
// what the server sets itself is set, so that a manifest copied from a cluster is
// not blamed for it (k8s.io/apiserver v0.37, pkg/registry/generic/registry/store.go
// and pkg/endpoints/handlers/create.go).
func asCreated(meta metav1.ObjectMeta) metav1.ObjectMeta {
	meta.Generation = 1
	if meta.Name == "" && meta.GenerateName != "" {
		meta.Name = generated(meta.GenerateName)
	}
	meta.OwnerReferences = withoutRepetition(meta.OwnerReferences)
	return meta
}

// generated returns a name such as the server makes of a prefix: cut to 58 bytes,
// with five letters or digits after it (pkg/storage/names/generate.go).
func generated(prefix string) string {
	const longest = 58
	return prefix[:min(len(prefix), longest)] + "xxxxx"
}

// pathSegment refuses names, and prefixes of names, that cannot be a segment of a
// URL: what the server asks of every object, whatever its kind
// (pkg/registry/rest/create.go). What it has against "." and ".." is left out, since
// neither is a DNS subdomain.
func pathSegment(name string, _ bool) []string {
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

// invalidFinalizers returns the finalizers without a domain that are not
// Kubernetes' own (pkg/apis/core/validation, validateKubeFinalizerName, v1.37).
// That the rest of the name is well formed is judged with the other metadata.
func invalidFinalizers(finalizers []string, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	for i, name := range finalizers {
		switch name {
		case string(corev1.FinalizerKubernetes), metav1.FinalizerOrphanDependents, metav1.FinalizerDeleteDependents:
			continue
		}
		if !strings.Contains(name, "/") {
			errs = append(errs, field.Invalid(at.Index(i), name, "neither a finalizer of Kubernetes nor of the form domain/name"))
		}
	}
	return errs
}
