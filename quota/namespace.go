// SPDX-License-Identifier: Apache-2.0

package quota

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// A Level is how much the Pod Security Standards allow a pod (documentation page
// "Pod Security Standards"). There is no zero Level.
type Level string

// The levels, from the strictest.
const (
	Restricted Level = "restricted" // hardened pods only
	Baseline   Level = "baseline"   // no known way to gain privileges
	Privileged Level = "privileged" // anything, the node included
)

// Labels of a Namespace that the admission of Pod Security reads
// (k8s.io/pod-security-admission v0.37, api/constants.go).
const (
	podSecurityPrefix = "pod-security.kubernetes.io/"
	EnforceLabel      = podSecurityPrefix + "enforce"
	AuditLabel        = podSecurityPrefix + "audit"
	WarnLabel         = podSecurityPrefix + "warn"
	versionSuffix     = "-version"
)

// Namespace returns a namespace in which pods beyond a level are refused, and in
// which who applies a Deployment or the like with such pods is warned, since its
// pods would be refused later and out of sight. The standards are those of the
// cluster's own version.
//
// A level that is none and what kube-apiserver would refuse are errors: all of
// them, in one [*bulkhead.InvalidError].
func Namespace(name string, level Level) (*corev1.Namespace, error) {
	namespace := &corev1.Namespace{
		TypeMeta:   metav1.TypeMeta{APIVersion: corev1.SchemeGroupVersion.String(), Kind: "Namespace"},
		ObjectMeta: newMeta("", name),
	}
	for _, label := range []string{EnforceLabel, AuditLabel, WarnLabel} {
		namespace.Labels[label] = string(level)
		namespace.Labels[label+versionSuffix] = "latest"
	}
	namespace.Labels[corev1.LabelMetadataName] = name
	var errs field.ErrorList
	if !level.known() {
		errs = append(errs, field.NotSupported(field.NewPath("metadata", "labels").Key(EnforceLabel), level, []Level{Restricted, Baseline, Privileged}))
	}
	return built(namespace, append(errs, invalidNamespace(namespace)...))
}

// known reports whether the API server knows a level. It takes no other spelling.
func (l Level) known() bool {
	switch l {
	case Restricted, Baseline, Privileged:
		return true
	default:
		return false
	}
}
