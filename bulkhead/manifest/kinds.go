// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	admissionregistrationv1alpha1 "k8s.io/api/admissionregistration/v1alpha1"
	admissionregistrationv1beta1 "k8s.io/api/admissionregistration/v1beta1"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	certificatesv1 "k8s.io/api/certificates/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	networkingv1 "k8s.io/api/networking/v1"
	nodev1 "k8s.io/api/node/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	storagev1 "k8s.io/api/storage/v1"
	policyv1alpha1 "sigs.k8s.io/network-policy-api/apis/v1alpha1"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
)

// newTyped returns an empty object of the Go type of a kind, or nil if the kind
// is read as unstructured. The kinds are those that k8s.io/api v0.37 and
// network-policy-api v0.2 define in stable groups and that a cluster stores, and
// the mutating policies before they became stable. Other versions of these
// kinds, such as a NetworkPolicy of extensions/v1beta1, stay unstructured.
func newTyped(apiVersion, kind string) bulkhead.Object {
	for _, group := range []func(apiVersion, kind string) bulkhead.Object{
		workload.New, newWorkload, newCore, newAccess, newPolicy, newInfrastructure,
	} {
		if obj := group(apiVersion, kind); obj != nil {
			return obj
		}
	}
	return nil
}

// newCore knows a kind of the core group.
func newCore(apiVersion, kind string) bulkhead.Object {
	switch apiVersion + " " + kind {
	case "v1 PodTemplate":
		return &corev1.PodTemplate{}
	case "v1 Service":
		return &corev1.Service{}
	case "v1 Endpoints":
		return &corev1.Endpoints{} //nolint:staticcheck // deprecated for writers; clusters still store them
	case "v1 Node":
		return &corev1.Node{}
	case "v1 Event":
		return &corev1.Event{}
	case "v1 LimitRange":
		return &corev1.LimitRange{}
	case "v1 ResourceQuota":
		return &corev1.ResourceQuota{}
	case "v1 Namespace":
		return &corev1.Namespace{}
	case "v1 Secret":
		return &corev1.Secret{}
	case "v1 ServiceAccount":
		return &corev1.ServiceAccount{}
	case "v1 PersistentVolume":
		return &corev1.PersistentVolume{}
	case "v1 PersistentVolumeClaim":
		return &corev1.PersistentVolumeClaim{}
	case "v1 ConfigMap":
		return &corev1.ConfigMap{}
	default:
		return nil
	}
}

// newWorkload knows a kind that starts, scales or protects pods, and has none itself.
func newWorkload(apiVersion, kind string) bulkhead.Object {
	switch apiVersion + " " + kind {
	case "apps/v1 ControllerRevision":
		return &appsv1.ControllerRevision{}
	case "autoscaling/v1 HorizontalPodAutoscaler":
		return &autoscalingv1.HorizontalPodAutoscaler{}
	case "autoscaling/v2 HorizontalPodAutoscaler":
		return &autoscalingv2.HorizontalPodAutoscaler{}
	case "policy/v1 PodDisruptionBudget":
		return &policyv1.PodDisruptionBudget{}
	case "scheduling.k8s.io/v1 PriorityClass":
		return &schedulingv1.PriorityClass{}
	default:
		return nil
	}
}

// newAccess knows a kind of network, discovery or role-based access control.
func newAccess(apiVersion, kind string) bulkhead.Object {
	switch apiVersion + " " + kind {
	case "networking.k8s.io/v1 NetworkPolicy":
		return &networkingv1.NetworkPolicy{}
	case "networking.k8s.io/v1 Ingress":
		return &networkingv1.Ingress{}
	case "networking.k8s.io/v1 IngressClass":
		return &networkingv1.IngressClass{}
	case "networking.k8s.io/v1 IPAddress":
		return &networkingv1.IPAddress{}
	case "networking.k8s.io/v1 ServiceCIDR":
		return &networkingv1.ServiceCIDR{}
	case "discovery.k8s.io/v1 EndpointSlice":
		return &discoveryv1.EndpointSlice{}
	case "rbac.authorization.k8s.io/v1 Role":
		return &rbacv1.Role{}
	case "rbac.authorization.k8s.io/v1 RoleBinding":
		return &rbacv1.RoleBinding{}
	case "rbac.authorization.k8s.io/v1 ClusterRole":
		return &rbacv1.ClusterRole{}
	case "rbac.authorization.k8s.io/v1 ClusterRoleBinding":
		return &rbacv1.ClusterRoleBinding{}
	case "policy.networking.k8s.io/v1alpha1 AdminNetworkPolicy":
		return &policyv1alpha1.AdminNetworkPolicy{}
	case "policy.networking.k8s.io/v1alpha1 BaselineAdminNetworkPolicy":
		return &policyv1alpha1.BaselineAdminNetworkPolicy{}
	case "policy.networking.k8s.io/v1alpha2 ClusterNetworkPolicy":
		return &policyv1alpha2.ClusterNetworkPolicy{}
	default:
		return nil
	}
}

// newPolicy knows a kind of admission control.
func newPolicy(apiVersion, kind string) bulkhead.Object {
	switch apiVersion + " " + kind {
	case "admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy":
		return &admissionregistrationv1.ValidatingAdmissionPolicy{}
	case "admissionregistration.k8s.io/v1 ValidatingAdmissionPolicyBinding":
		return &admissionregistrationv1.ValidatingAdmissionPolicyBinding{}
	case "admissionregistration.k8s.io/v1 MutatingAdmissionPolicy":
		return &admissionregistrationv1.MutatingAdmissionPolicy{}
	case "admissionregistration.k8s.io/v1 MutatingAdmissionPolicyBinding":
		return &admissionregistrationv1.MutatingAdmissionPolicyBinding{}
	case "admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration":
		return &admissionregistrationv1.ValidatingWebhookConfiguration{}
	case "admissionregistration.k8s.io/v1 MutatingWebhookConfiguration":
		return &admissionregistrationv1.MutatingWebhookConfiguration{}
	case "admissionregistration.k8s.io/v1beta1 MutatingAdmissionPolicy":
		return &admissionregistrationv1beta1.MutatingAdmissionPolicy{}
	case "admissionregistration.k8s.io/v1beta1 MutatingAdmissionPolicyBinding":
		return &admissionregistrationv1beta1.MutatingAdmissionPolicyBinding{}
	case "admissionregistration.k8s.io/v1alpha1 MutatingAdmissionPolicy":
		return &admissionregistrationv1alpha1.MutatingAdmissionPolicy{}
	case "admissionregistration.k8s.io/v1alpha1 MutatingAdmissionPolicyBinding":
		return &admissionregistrationv1alpha1.MutatingAdmissionPolicyBinding{}
	default:
		return nil
	}
}

// newInfrastructure knows a kind that the control plane and the nodes use.
func newInfrastructure(apiVersion, kind string) bulkhead.Object {
	switch apiVersion + " " + kind {
	case "storage.k8s.io/v1 StorageClass":
		return &storagev1.StorageClass{}
	case "storage.k8s.io/v1 VolumeAttachment":
		return &storagev1.VolumeAttachment{}
	case "storage.k8s.io/v1 CSINode":
		return &storagev1.CSINode{}
	case "storage.k8s.io/v1 CSIDriver":
		return &storagev1.CSIDriver{}
	case "storage.k8s.io/v1 CSIStorageCapacity":
		return &storagev1.CSIStorageCapacity{}
	case "storage.k8s.io/v1 VolumeAttributesClass":
		return &storagev1.VolumeAttributesClass{}
	case "coordination.k8s.io/v1 Lease":
		return &coordinationv1.Lease{}
	case "certificates.k8s.io/v1 CertificateSigningRequest":
		return &certificatesv1.CertificateSigningRequest{}
	case "certificates.k8s.io/v1 ClusterTrustBundle":
		return &certificatesv1.ClusterTrustBundle{}
	case "certificates.k8s.io/v1 PodCertificateRequest":
		return &certificatesv1.PodCertificateRequest{}
	case "node.k8s.io/v1 RuntimeClass":
		return &nodev1.RuntimeClass{}
	default:
		return nil
	}
}
