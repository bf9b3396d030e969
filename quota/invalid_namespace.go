// SPDX-License-Identifier: Apache-2.0

package quota

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/internal/created"
)

// invalidNamespace returns what kube-apiserver 1.37 would refuse in a new
// Namespace, under the same fields (pkg/apis/core/validation, ValidateNamespace).
// What the admission of Pod Security refuses in its labels is for a rule of its own.
func invalidNamespace(namespace *corev1.Namespace) field.ErrorList {
	var errs field.ErrorList
	at := field.NewPath("spec", "finalizers")
	for _, finalizer := range namespace.Spec.Finalizers {
		name := string(finalizer)
		for _, msg := range validation.IsQualifiedName(name) {
			errs = append(errs, field.Invalid(at, name, msg))
		}
		if !strings.Contains(name, "/") && !created.StandardFinalizer(name) {
			errs = append(errs, field.Invalid(at, name, "neither a finalizer of Kubernetes nor of the form domain/name"))
		}
	}
	meta := namespace.ObjectMeta
	if meta.Name != "" { // the server sets the label (pkg/apis/core/v1/defaults.go, SetDefaults_Namespace)
		meta.Labels = withNameLabel(meta.Labels, meta.Name)
	}
	return created.Refused(meta, created.Cluster, apivalidation.ValidateNamespaceName, errs)
}

// withNameLabel returns a copy of labels with the one that tells the name of a
// namespace.
func withNameLabel(labels map[string]string, name string) map[string]string {
	out := map[string]string{corev1.LabelMetadataName: name}
	for key, value := range labels {
		if key != corev1.LabelMetadataName {
			out[key] = value
		}
	}
	return out
}
