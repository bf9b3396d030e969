// SPDX-License-Identifier: Apache-2.0

package manifest

import "slices"

// isKnown reports whether Kubernetes or network-policy-api has the kind.
func isKnown(apiVersion, kind string) bool {
	return newTyped(apiVersion, kind) != nil || slices.Contains(servedKinds(apiVersion), kind)
}

// servedKinds lists all kinds of a group and version that Kubernetes 1.37 serves
// in a stable version (api/discovery, and the review and subresource kinds of
// k8s.io/api v0.37); nothing for other groups and versions.
func servedKinds(apiVersion string) []string {
	switch apiVersion {
	case "v1":
		return []string{
			"Binding", "ComponentStatus", "ConfigMap", "Endpoints", "Event", "LimitRange", "Namespace", "Node", "PersistentVolume",
			"PersistentVolumeClaim", "Pod", "PodTemplate", "RangeAllocation", "ReplicationController", "ResourceQuota", "Secret",
			"SerializedReference", "Service", "ServiceAccount",
		}
	case "admission.k8s.io/v1":
		return []string{"AdmissionReview"}
	case "admissionregistration.k8s.io/v1":
		return []string{
			"MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding", "MutatingWebhookConfiguration",
			"ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration",
		}
	case "apiextensions.k8s.io/v1":
		return []string{"ConversionReview", "CustomResourceDefinition"}
	case "apiregistration.k8s.io/v1":
		return []string{"APIService"}
	case "apps/v1":
		return []string{"ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"}
	case "authentication.k8s.io/v1":
		return []string{"SelfSubjectReview", "TokenRequest", "TokenReview"}
	case "authorization.k8s.io/v1":
		return []string{"LocalSubjectAccessReview", "SelfSubjectAccessReview", "SelfSubjectRulesReview", "SubjectAccessReview"}
	case "autoscaling/v1":
		return []string{"HorizontalPodAutoscaler", "Scale"}
	case "autoscaling/v2":
		return []string{"HorizontalPodAutoscaler"}
	case "batch/v1":
		return []string{"CronJob", "Job"}
	case "certificates.k8s.io/v1":
		return []string{"CertificateSigningRequest", "ClusterTrustBundle", "PodCertificateRequest"}
	case "coordination.k8s.io/v1":
		return []string{"Lease"}
	case "discovery.k8s.io/v1":
		return []string{"EndpointSlice"}
	case "events.k8s.io/v1":
		return []string{"Event"}
	case "flowcontrol.apiserver.k8s.io/v1":
		return []string{"FlowSchema", "PriorityLevelConfiguration"}
	case "networking.k8s.io/v1":
		return []string{"IPAddress", "Ingress", "IngressClass", "NetworkPolicy", "ServiceCIDR"}
	case "node.k8s.io/v1":
		return []string{"RuntimeClass"}
	case "policy/v1":
		return []string{"Eviction", "PodDisruptionBudget"}
	case "rbac.authorization.k8s.io/v1":
		return []string{"ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"}
	case "resource.k8s.io/v1":
		return []string{"DeviceClass", "DeviceTaintRule", "ResourceClaim", "ResourceClaimTemplate", "ResourceSlice"}
	case "scheduling.k8s.io/v1":
		return []string{"PriorityClass"}
	case "storage.k8s.io/v1":
		return []string{"CSIDriver", "CSINode", "CSIStorageCapacity", "StorageClass", "VolumeAttachment", "VolumeAttributesClass"}
	case "storagemigration.k8s.io/v1":
		return []string{"StorageVersionMigration"}
	default:
		return nil
	}
}
