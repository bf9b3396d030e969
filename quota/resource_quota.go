// SPDX-License-Identifier: Apache-2.0

package quota

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/quota/internal/counted"
)

// ResourceQuota returns a quota over everything in a namespace. Hard holds the most
// of each resource: cores, bytes, or how many. Names that the API server takes but
// nothing counts are not refused here; a rule finds them.
//
// A quota of nothing and what kube-apiserver would refuse are errors: all of them,
// in one [*bulkhead.InvalidError].
func ResourceQuota(namespace, name string, hard corev1.ResourceList) (*corev1.ResourceQuota, error) {
	quota := newQuota(namespace, name, hard)
	var errs field.ErrorList
	if len(hard) == 0 {
		errs = append(errs, field.Required(field.NewPath("spec", "hard"), "a quota of nothing lets everything through"))
	}
	return built(quota, append(errs, invalidQuota(quota)...))
}

// OnlyClasses returns a quota that refuses every pod of a namespace whose priority
// class is none of these, and pods without a class too. Naming the classes that are
// refused would let all others through, Kubernetes' own system-node-critical
// included.
//
// No class, an empty name, and what kube-apiserver would refuse are errors: all of
// them, in one [*bulkhead.InvalidError].
func OnlyClasses(namespace, name string, classes ...string) (*corev1.ResourceQuota, error) {
	quota := newQuota(namespace, name, listOf(corev1.ResourcePods, *resource.NewQuantity(0, resource.DecimalSI)))
	quota.Spec.ScopeSelector = &corev1.ScopeSelector{MatchExpressions: []corev1.ScopedResourceSelectorRequirement{{
		ScopeName: corev1.ResourceQuotaScopePriorityClass,
		Operator:  corev1.ScopeSelectorOpNotIn,
		Values:    append([]string(nil), classes...),
	}}}
	var errs field.ErrorList
	for i, class := range classes {
		if class == "" {
			errs = append(errs, field.Required(field.NewPath("classes").Index(i), "no name; pods without a class are to be refused"))
		}
	}
	return built(quota, append(errs, invalidQuota(quota)...))
}

func newQuota(namespace, name string, hard corev1.ResourceList) *corev1.ResourceQuota {
	return &corev1.ResourceQuota{
		TypeMeta:   metav1.TypeMeta{APIVersion: corev1.SchemeGroupVersion.String(), Kind: "ResourceQuota"},
		ObjectMeta: newMeta(namespace, name),
		Spec:       corev1.ResourceQuotaSpec{Hard: counted.Rounded(hard)},
	}
}

func listOf(name corev1.ResourceName, amount resource.Quantity) corev1.ResourceList {
	out := make(corev1.ResourceList, 1)
	out[name] = amount
	return out
}
