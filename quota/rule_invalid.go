// SPDX-License-Identifier: Apache-2.0

package quota

import (
	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/created"
)

// Invalid is what kube-apiserver 1.37 refuses in a new ResourceQuota, LimitRange,
// PriorityClass or Namespace.
const Invalid = "quota/invalid"

func invalid(p *bulkhead.Pass) {
	for quota := range bulkhead.Each[*corev1.ResourceQuota](p.Objects) {
		p.ReportInvalid(quota, invalidQuota(created.InSomeNamespace(quota)))
	}
	for limits := range bulkhead.Each[*corev1.LimitRange](p.Objects) {
		p.ReportInvalid(limits, invalidLimits(created.InSomeNamespace(limits)))
	}
	for class := range bulkhead.Each[*schedulingv1.PriorityClass](p.Objects) {
		p.ReportInvalid(class, invalidClass(class))
	}
	for namespace := range bulkhead.Each[*corev1.Namespace](p.Objects) {
		p.ReportInvalid(namespace, invalidNamespace(namespace))
	}
}

// missingNamespace is for an object that stands alone.
func missingNamespace(p *bulkhead.Pass) {
	report := func(obj bulkhead.Object) {
		if obj.GetNamespace() == "" {
			p.Reportf(obj, field.NewPath("metadata", "namespace"), "name the namespace", "the object is in no namespace")
		}
	}
	for quota := range bulkhead.Each[*corev1.ResourceQuota](p.Objects) {
		report(quota)
	}
	for limits := range bulkhead.Each[*corev1.LimitRange](p.Objects) {
		report(limits)
	}
}
