// SPDX-License-Identifier: Apache-2.0

package counted

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Which names the API server takes for resources (Kubernetes v1.37,
// pkg/apis/core/helper/helpers.go and pkg/apis/core/validation/validation.go).

// What names of resources in a quota begin with.
const (
	HugePagesPrefix         = "hugepages-"
	RequestsPrefix          = "requests."
	LimitsPrefix            = "limits."
	CountPrefix             = "count/"
	RequestsHugePagesPrefix = RequestsPrefix + HugePagesPrefix
)

// countedNames are the resources that a quota counts by whole objects, or by whole
// ports, under a name of their own.
func countedNames() []corev1.ResourceName {
	return []corev1.ResourceName{
		corev1.ResourcePods, corev1.ResourceQuotas, corev1.ResourceServices, corev1.ResourceReplicationControllers,
		corev1.ResourceSecrets, corev1.ResourceConfigMaps, corev1.ResourcePersistentVolumeClaims,
		corev1.ResourceServicesNodePorts, corev1.ResourceServicesLoadBalancers,
	}
}

// PodComputeNames are what a quota adds up of the pods it governs, and what it may
// cap together with a scope.
func PodComputeNames() []corev1.ResourceName {
	return []corev1.ResourceName{
		corev1.ResourceCPU, corev1.ResourceMemory, corev1.ResourceRequestsCPU, corev1.ResourceRequestsMemory,
		corev1.ResourceLimitsCPU, corev1.ResourceLimitsMemory,
	}
}

// IsQuotaName reports whether an unqualified name is one that a quota may cap.
func IsQuotaName(name corev1.ResourceName) bool {
	switch name {
	case corev1.ResourceEphemeralStorage, corev1.ResourceRequestsEphemeralStorage, corev1.ResourceLimitsEphemeralStorage,
		corev1.ResourceRequestsStorage:
		return true
	default:
		return slices.Contains(PodComputeNames(), name) || slices.Contains(countedNames(), name) || IsQuotaHugePages(name)
	}
}

// IsHugePages reports whether a name is that of huge pages of one size.
func IsHugePages(name corev1.ResourceName) bool {
	return strings.HasPrefix(string(name), HugePagesPrefix)
}

// IsQuotaHugePages reports whether a quota caps huge pages by a name.
func IsQuotaHugePages(name corev1.ResourceName) bool {
	return IsHugePages(name) || strings.HasPrefix(string(name), RequestsHugePagesPrefix)
}

// IsNative reports whether a name belongs to Kubernetes: it has no domain, or one
// that ends in kubernetes.io.
func IsNative(name corev1.ResourceName) bool {
	return !strings.Contains(string(name), "/") || strings.Contains(string(name), corev1.ResourceDefaultNamespacePrefix)
}

// IsExtended reports whether a name is that of a device or the like, which
// containers ask for in whole numbers.
func IsExtended(name corev1.ResourceName) bool {
	return !IsNative(name) && !strings.HasPrefix(string(name), RequestsPrefix) &&
		len(validation.IsQualifiedName(RequestsPrefix+string(name))) == 0
}

// IsWhole reports whether a quota counts a resource in whole numbers.
func IsWhole(name corev1.ResourceName) bool {
	return slices.Contains(countedNames(), name) || IsExtended(name)
}

// RefusedQuotaName returns what is wrong with the name of a resource in a quota.
func RefusedQuotaName(name corev1.ResourceName, at *field.Path) field.ErrorList {
	if errs := refusedSyntax(name, at); len(errs) > 0 {
		return errs
	}
	if !strings.Contains(string(name), "/") && !IsQuotaName(name) {
		return field.ErrorList{field.Invalid(at, name, "no resource of quotas; resources that are not Kubernetes' own have a domain")}
	}
	return nil
}

// RefusedContainerName returns what is wrong with the name of a resource in a
// limit of containers or pods.
func RefusedContainerName(name corev1.ResourceName, at *field.Path) field.ErrorList {
	if errs := refusedSyntax(name, at); len(errs) > 0 {
		return errs
	}
	switch {
	case !strings.Contains(string(name), "/"):
		if !isContainerName(name) {
			return field.ErrorList{field.Invalid(at, name, "no resource of containers")}
		}
	case !IsNative(name) && !IsExtended(name):
		return field.ErrorList{field.Invalid(at, name, "no name of an extended resource, which begins with a domain other than kubernetes.io and is short enough for a quota")}
	}
	return nil
}

func isContainerName(name corev1.ResourceName) bool {
	switch name {
	case corev1.ResourceCPU, corev1.ResourceMemory, corev1.ResourceEphemeralStorage:
		return true
	default:
		return IsHugePages(name)
	}
}

// RefusedResourceName returns what is wrong with a name that may be of any kind of
// resource, as in a limit of claims.
func RefusedResourceName(name corev1.ResourceName, at *field.Path) field.ErrorList {
	if errs := refusedSyntax(name, at); len(errs) > 0 {
		return errs
	}
	if !strings.Contains(string(name), "/") && name != corev1.ResourceStorage && !IsQuotaName(name) {
		return field.ErrorList{field.Invalid(at, name, "no resource of Kubernetes; others have a domain")}
	}
	return nil
}

func refusedSyntax(name corev1.ResourceName, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	for _, msg := range validation.IsQualifiedName(string(name)) {
		errs = append(errs, field.Invalid(at, name, msg))
	}
	return errs
}
