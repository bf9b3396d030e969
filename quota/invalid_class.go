// SPDX-License-Identifier: Apache-2.0

package quota

import (
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/internal/created"
)

// HighestPriority is the largest value that a PriorityClass may have, those of
// Kubernetes' own excepted (Kubernetes v1.37, pkg/apis/scheduling/types.go,
// HighestUserDefinablePriority). There is no smallest.
const HighestPriority int32 = 1_000_000_000

// systemPrefix begins the names of Kubernetes' own classes.
const systemPrefix = "system-"

// systemClass returns the value of one of Kubernetes' own classes
// (pkg/apis/scheduling/v1/helpers.go, v1.37).
func systemClass(name string) (int32, bool) {
	switch name {
	case "system-cluster-critical":
		return 2 * HighestPriority, true
	case "system-node-critical":
		return 2*HighestPriority + 1000, true
	default:
		return 0, false
	}
}

// invalidClass returns what kube-apiserver 1.37 would refuse in a new
// PriorityClass, under the same fields (pkg/apis/scheduling/validation,
// ValidatePriorityClass).
func invalidClass(class *schedulingv1.PriorityClass) field.ErrorList {
	var errs field.ErrorList
	if name := created.Name(class.ObjectMeta); strings.HasPrefix(name, systemPrefix) {
		value, known := systemClass(name)
		switch at := field.NewPath("metadata", "name"); {
		case !known:
			errs = append(errs, field.Forbidden(at, "names that begin with "+systemPrefix+" are Kubernetes' own"))
		case class.Value != value:
			errs = append(errs, field.Forbidden(at, "the class of this name has the value "+strconv.Itoa(int(value))))
		case class.GlobalDefault:
			errs = append(errs, field.Forbidden(at, "the class of this name is no global default"))
		}
	} else if class.Value > HighestPriority {
		errs = append(errs, field.Forbidden(field.NewPath("value"), "the largest value is "+strconv.Itoa(int(HighestPriority))))
	}
	if class.PreemptionPolicy != nil {
		errs = append(errs, invalidPreemption(*class.PreemptionPolicy, field.NewPath("preemptionPolicy"))...)
	}
	meta := class.ObjectMeta
	meta.Generation = 1 // as the server does (pkg/registry/scheduling/priorityclass/strategy.go)
	return created.Refused(meta, created.Cluster, apivalidation.NameIsDNSSubdomain, errs)
}

func invalidPreemption(policy corev1.PreemptionPolicy, at *field.Path) field.ErrorList {
	switch policy {
	case corev1.PreemptLowerPriority, corev1.PreemptNever:
		return nil
	case "":
		return field.ErrorList{field.Required(at, "PreemptLowerPriority or Never; without the field it is PreemptLowerPriority")}
	default:
		return field.ErrorList{field.NotSupported(at, policy, []corev1.PreemptionPolicy{corev1.PreemptLowerPriority, corev1.PreemptNever})}
	}
}
