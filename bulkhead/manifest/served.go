// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/watertight-go/watertight/internal/spelling"
)

// A served version is a group and version and all its kinds.
type served struct {
	apiVersion string
	kinds      []string
}

// servedVersions lists the stable versions that Kubernetes 1.37 serves with all
// kinds (api/discovery, and the kinds of reviews and subresources of k8s.io/api
// v0.37), and those of network-policy-api 0.2.
func servedVersions() []served {
	return []served{
		{"v1", []string{"Binding", "ComponentStatus", "ConfigMap", "Endpoints", "Event", "LimitRange", "Namespace", "Node", "PersistentVolume", "PersistentVolumeClaim", "Pod", "PodTemplate", "RangeAllocation", "ReplicationController", "ResourceQuota", "Secret", "SerializedReference", "Service", "ServiceAccount"}},
		{"admission.k8s.io/v1", []string{"AdmissionReview"}},
		{"admissionregistration.k8s.io/v1", []string{"MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding", "MutatingWebhookConfiguration", "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration"}},
		{"apiextensions.k8s.io/v1", []string{"ConversionReview", "CustomResourceDefinition"}},
		{"apiregistration.k8s.io/v1", []string{"APIService"}},
		{"apps/v1", []string{"ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"}},
		{"authentication.k8s.io/v1", []string{"SelfSubjectReview", "TokenRequest", "TokenReview"}},
		{"authorization.k8s.io/v1", []string{"LocalSubjectAccessReview", "SelfSubjectAccessReview", "SelfSubjectRulesReview", "SubjectAccessReview"}},
		{"autoscaling/v1", []string{"HorizontalPodAutoscaler", "Scale"}},
		{"autoscaling/v2", []string{"HorizontalPodAutoscaler"}},
		{"batch/v1", []string{"CronJob", "Job"}},
		{"certificates.k8s.io/v1", []string{"CertificateSigningRequest", "ClusterTrustBundle", "PodCertificateRequest"}},
		{"coordination.k8s.io/v1", []string{"Lease"}},
		{"discovery.k8s.io/v1", []string{"EndpointSlice"}},
		{"events.k8s.io/v1", []string{"Event"}},
		{"flowcontrol.apiserver.k8s.io/v1", []string{"FlowSchema", "PriorityLevelConfiguration"}},
		{"networking.k8s.io/v1", []string{"IPAddress", "Ingress", "IngressClass", "NetworkPolicy", "ServiceCIDR"}},
		{"node.k8s.io/v1", []string{"RuntimeClass"}},
		{"policy/v1", []string{"Eviction", "PodDisruptionBudget"}},
		{"rbac.authorization.k8s.io/v1", []string{"ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"}},
		{"resource.k8s.io/v1", []string{"DeviceClass", "DeviceTaintRule", "ResourceClaim", "ResourceClaimTemplate", "ResourceSlice"}},
		{"scheduling.k8s.io/v1", []string{"PriorityClass"}},
		{"storage.k8s.io/v1", []string{"CSIDriver", "CSINode", "CSIStorageCapacity", "StorageClass", "VolumeAttachment", "VolumeAttributesClass"}},
		{"storagemigration.k8s.io/v1", []string{"StorageVersionMigration"}},
		{"policy.networking.k8s.io/v1alpha1", []string{"AdminNetworkPolicy", "BaselineAdminNetworkPolicy"}},
		{"policy.networking.k8s.io/v1alpha2", []string{"ClusterNetworkPolicy"}},
	}
}

// isUnstable reports whether Kubernetes 1.37 has an alpha or beta version (api/discovery).
func isUnstable(apiVersion string) bool {
	return slices.Contains([]string{
		"admissionregistration.k8s.io/v1alpha1", "admissionregistration.k8s.io/v1beta1", "certificates.k8s.io/v1beta1",
		"coordination.k8s.io/v1alpha2", "coordination.k8s.io/v1beta1", "resource.k8s.io/v1alpha3", "resource.k8s.io/v1beta1",
		"resource.k8s.io/v1beta2", "scheduling.k8s.io/v1alpha3", "scheduling.k8s.io/v1beta1", "storagemigration.k8s.io/v1beta1",
	}, apiVersion)
}

// isKnown reports whether Kubernetes or network-policy-api has the kind.
func isKnown(apiVersion, kind string) bool {
	return newTyped(apiVersion, kind) != nil || slices.Contains(servedKinds(apiVersion), kind)
}

// servedKinds lists all kinds of a version, or nothing if they are not known.
func servedKinds(apiVersion string) []string {
	for _, version := range servedVersions() {
		if version.apiVersion == apiVersion {
			return version.kinds
		}
	}
	return nil
}

// isRemoved reports whether a version belongs to a group of Kubernetes, which
// does not serve it any more, or never did.
func isRemoved(apiVersion string) bool {
	gv, err := schema.ParseGroupVersion(apiVersion)
	if err != nil || isUnstable(apiVersion) || servedKinds(apiVersion) != nil {
		return false
	}
	return gv.Group == "extensions" || servedKinds(schema.GroupVersion{Group: gv.Group, Version: "v1"}.String()) != nil
}

// versionOf returns the version of Kubernetes that has a kind, or nothing.
func versionOf(kind string) string {
	for _, version := range servedVersions() {
		if slices.Contains(version.kinds, kind) {
			return version.apiVersion
		}
	}
	return ""
}

// nearest returns the kind that a misspelt one is meant for: the one that takes
// the fewest changes of letters, of at most two. Capitals do not count.
func nearest(kinds []string, misspelt string) string {
	found, fewest := "", 3
	for _, kind := range kinds {
		if n := spelling.Distance(strings.ToLower(kind), strings.ToLower(misspelt)); n < fewest {
			found, fewest = kind, n
		}
	}
	return found
}
