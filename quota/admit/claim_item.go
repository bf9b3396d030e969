// SPDX-License-Identifier: Apache-2.0

package admit

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/quota/internal/counted"
)

// ofStorageClass is between the name of a class and what is counted of its claims.
const ofStorageClass = ".storageclass.storage.k8s.io/"

// A claimItem is a claim as quotas look at it (Kubernetes v1.37,
// pkg/quota/v1/evaluator/core/persistent_volume_claims.go).
type claimItem struct {
	cluster *Cluster
	claim   *corev1.PersistentVolumeClaim
}

func (claimItem) resource() (group, plural string) { return "", "persistentvolumeclaims" }

func (claimItem) counts(name corev1.ResourceName) bool {
	_, of, byClass := strings.Cut(string(name), ofStorageClass)
	if !byClass {
		of = string(name)
	}
	return of == string(corev1.ResourcePersistentVolumeClaims) || of == string(corev1.ResourceRequestsStorage) ||
		name == counted.CountPrefix+"persistentvolumeclaims"
}

// in reports whether a claim is in a scope, of which there is one for claims, since
// 1.34.
func (i claimItem) in(s corev1.ScopedResourceSelectorRequirement) bool {
	if s.ScopeName != corev1.ResourceQuotaScopeVolumeAttributesClass || i.cluster.options.Minor < 34 {
		return false
	}
	classes := i.attributesClasses()
	if len(classes) == 0 {
		return counted.Satisfies([]corev1.ScopedResourceSelectorRequirement{s}, "")
	}
	return slices.ContainsFunc(classes, func(class string) bool {
		return counted.Satisfies([]corev1.ScopedResourceSelectorRequirement{s}, class)
	})
}

// attributesClasses returns the classes that a claim asks for, has, and is being
// changed to.
func (i claimItem) attributesClasses() []string {
	var out []string
	for _, name := range []*string{i.claim.Spec.VolumeAttributesClassName, i.claim.Status.CurrentVolumeAttributesClassName} {
		if name != nil && *name != "" {
			out = append(out, *name)
		}
	}
	if change := i.claim.Status.ModifyVolumeStatus; change != nil && change.TargetVolumeAttributesClassName != "" {
		out = append(out, change.TargetVolumeAttributesClassName)
	}
	return out
}

func (claimItem) lacking(*quotaState) *Reason { return nil }

// usage returns what quotas charge for a claim: in whole bytes, the more of what it
// asks for and what it has been given.
func (i claimItem) usage() corev1.ResourceList {
	out := make(corev1.ResourceList)
	out[corev1.ResourcePersistentVolumeClaims], out[counted.CountPrefix+"persistentvolumeclaims"] = one(), one()
	class := i.storageClass()
	if class != "" {
		out[corev1.ResourceName(class+ofStorageClass)+corev1.ResourcePersistentVolumeClaims] = one()
	}
	amount, ok := counted.Rounded(i.claim.Spec.Resources.Requests)[corev1.ResourceStorage]
	if !ok {
		return out
	}
	if given, ok := i.claim.Status.AllocatedResources[corev1.ResourceStorage]; ok && given.Cmp(amount) > 0 {
		amount = given.DeepCopy()
	}
	amount.RoundUp(0)
	out[corev1.ResourceRequestsStorage] = amount
	if class != "" {
		out[corev1.ResourceName(class+ofStorageClass)+corev1.ResourceRequestsStorage] = amount
	}
	return out
}

// storageClass returns the class of a claim, which is the default one where it names
// none. The empty name is that of no class.
func (i claimItem) storageClass() string {
	if class, ok := i.claim.Annotations[corev1.BetaStorageClassAnnotation]; ok {
		return class
	}
	if class := i.claim.Spec.StorageClassName; class != nil {
		return *class
	}
	return i.cluster.storageClass
}
