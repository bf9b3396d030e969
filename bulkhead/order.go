// SPDX-License-Identifier: Apache-2.0

package bulkhead

import (
	"slices"
	"strings"
)

// applyRank orders kinds: what others refer to comes before them, what confines
// a namespace comes before what runs in it, and an admission policy before the
// binding that switches it on. Kinds that are not listed come last, with the
// workloads, since an unknown kind may start pods.
func applyRank(kind string) int {
	order := []string{
		"Namespace",
		"CustomResourceDefinition",
		"PriorityClass",
		"ValidatingAdmissionPolicy",
		"ValidatingAdmissionPolicyBinding",
		"MutatingAdmissionPolicy",
		"MutatingAdmissionPolicyBinding",
		"ClusterNetworkPolicy",
		"AdminNetworkPolicy",
		"BaselineAdminNetworkPolicy",
		"NetworkPolicy",
		"ResourceQuota",
		"LimitRange",
		"ServiceAccount",
		"ClusterRole",
		"Role",
		"ClusterRoleBinding",
		"RoleBinding",
		"Secret",
		"ConfigMap",
		"StorageClass",
		"PersistentVolume",
		"PersistentVolumeClaim",
		"Service",
		"PodDisruptionBudget",
	}
	if i := slices.Index(order, kind); i >= 0 {
		return i
	}
	return len(order)
}

// isClusterScoped reports whether a kind of Kubernetes itself, or of
// network-policy-api, has no namespace (kubectl api-resources --namespaced=false,
// Kubernetes 1.37). Kinds of other groups are not known here.
func isClusterScoped(ref Ref) bool {
	switch ref.Group {
	case "":
		return slices.Contains([]string{"Namespace", "Node", "PersistentVolume", "ComponentStatus"}, ref.Kind)
	case "rbac.authorization.k8s.io":
		return strings.HasPrefix(ref.Kind, "Cluster")
	case "networking.k8s.io":
		return slices.Contains([]string{"IngressClass", "IPAddress", "ServiceCIDR"}, ref.Kind)
	case "storage.k8s.io":
		return ref.Kind != "CSIStorageCapacity"
	case "resource.k8s.io":
		return slices.Contains([]string{"DeviceClass", "ResourceSlice", "DeviceTaintRule"}, ref.Kind)
	case "certificates.k8s.io":
		return ref.Kind != "PodCertificateRequest"
	case "scheduling.k8s.io":
		return ref.Kind == "PriorityClass"
	case "admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io", "flowcontrol.apiserver.k8s.io",
		"internal.apiserver.k8s.io", "node.k8s.io", "policy.networking.k8s.io", "storagemigration.k8s.io":
		return true
	default:
		return false
	}
}

// mayBeClusterScoped reports whether an object without a namespace may be meant
// so. For kinds of Kubernetes it is known; for all others it is taken as meant.
func mayBeClusterScoped(ref Ref) bool {
	builtIn := ref.Group == "" || strings.HasSuffix(ref.Group, ".k8s.io") ||
		slices.Contains([]string{"apps", "autoscaling", "batch", "extensions", "policy"}, ref.Group)
	return !builtIn || isClusterScoped(ref)
}
