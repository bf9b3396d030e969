// SPDX-License-Identifier: Apache-2.0

package bulkhead

import "slices"

// A scope says whether the objects of a kind live in a namespace.
type scope int

const (
	// unknownScope is that of a kind that is not part of Kubernetes 1.37. Whether
	// such an object has a namespace is taken as meant.
	unknownScope scope = iota
	clusterScope
	namespaceScope
)

// Namespaced reports whether objects of a kind live in a namespace: those of the kinds
// of Kubernetes 1.37 that do. Of other kinds, such as custom resources, it says no,
// since nothing tells.
func Namespaced(ref Ref) bool { return scopeOf(ref) == namespaceScope }

// scopeOf looks a kind up.
func scopeOf(ref Ref) scope {
	cluster, namespaced := kindsOf(ref.Group)
	switch {
	case slices.Contains(cluster, ref.Kind):
		return clusterScope
	case slices.Contains(namespaced, ref.Kind):
		return namespaceScope
	default:
		return unknownScope
	}
}

// kindsOf lists the kinds of an API group by scope, as kube-apiserver serves them
// (Kubernetes 1.37, api/discovery), with those of network-policy-api 0.2 and of
// the extensions group, which old manifests still name.
func kindsOf(group string) (cluster, namespaced []string) {
	switch group {
	case "":
		return []string{"ComponentStatus", "Namespace", "Node", "PersistentVolume"},
			[]string{
				"Binding", "ConfigMap", "Endpoints", "Event", "LimitRange", "PersistentVolumeClaim", "Pod", "PodTemplate",
				"ReplicationController", "ResourceQuota", "Secret", "Service", "ServiceAccount",
			}
	case "admissionregistration.k8s.io":
		return []string{
			"MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding", "MutatingWebhookConfiguration",
			"ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration",
		}, nil
	case "apiextensions.k8s.io":
		return []string{"CustomResourceDefinition"}, nil
	case "apiregistration.k8s.io":
		return []string{"APIService"}, nil
	case "apps":
		return nil, []string{"ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"}
	case "authentication.k8s.io":
		return []string{"SelfSubjectReview", "TokenReview"}, nil
	case "authorization.k8s.io":
		return []string{"SelfSubjectAccessReview", "SelfSubjectRulesReview", "SubjectAccessReview"},
			[]string{"LocalSubjectAccessReview"}
	case "autoscaling":
		return nil, []string{"HorizontalPodAutoscaler"}
	case "batch":
		return nil, []string{"CronJob", "Job"}
	case "certificates.k8s.io":
		return []string{"CertificateSigningRequest", "ClusterTrustBundle"}, []string{"PodCertificateRequest"}
	case "coordination.k8s.io":
		return nil, []string{"Lease", "LeaseCandidate"}
	case "discovery.k8s.io":
		return nil, []string{"EndpointSlice"}
	case "events.k8s.io":
		return nil, []string{"Event"}
	case "extensions":
		return nil, []string{"DaemonSet", "Deployment", "Ingress", "NetworkPolicy", "ReplicaSet"}
	case "flowcontrol.apiserver.k8s.io":
		return []string{"FlowSchema", "PriorityLevelConfiguration"}, nil
	case "internal.apiserver.k8s.io":
		return []string{"StorageVersion"}, nil
	case "lifecycle.k8s.io":
		return nil, []string{"Eviction", "EvictionRequest"}
	case "networking.k8s.io":
		return []string{"IPAddress", "IngressClass", "ServiceCIDR"}, []string{"Ingress", "NetworkPolicy"}
	case "node.k8s.io":
		return []string{"RuntimeClass"}, nil
	case "policy":
		return nil, []string{"PodDisruptionBudget"}
	case "policy.networking.k8s.io":
		return []string{"AdminNetworkPolicy", "BaselineAdminNetworkPolicy", "ClusterNetworkPolicy"}, nil
	case "rbac.authorization.k8s.io":
		return []string{"ClusterRole", "ClusterRoleBinding"}, []string{"Role", "RoleBinding"}
	case "resource.k8s.io":
		return []string{"DeviceClass", "DeviceTaintRule", "ResourcePoolStatusRequest", "ResourceSlice"},
			[]string{"ResourceClaim", "ResourceClaimTemplate"}
	case "scheduling.k8s.io":
		return []string{"PriorityClass"}, []string{"CompositePodGroup", "PodGroup", "Workload"}
	case "storage.k8s.io":
		return []string{"CSIDriver", "CSINode", "StorageClass", "VolumeAttachment", "VolumeAttributesClass"},
			[]string{"CSIStorageCapacity"}
	case "storagemigration.k8s.io":
		return []string{"StorageVersionMigration"}, nil
	default:
		return nil, nil
	}
}
