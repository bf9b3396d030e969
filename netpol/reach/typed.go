// SPDX-License-Identifier: Apache-2.0

package reach

import (
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	policyv1alpha1 "sigs.k8s.io/network-policy-api/apis/v1alpha1"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
)

// typed returns the object of its own type that an unstructured one of a kind that is
// read stands for, as a dynamic client gives it. One whose fields have other types than
// the API says stays what it is, and the error says why.
func typed(obj bulkhead.Object) (bulkhead.Object, error) {
	u, ok := obj.(*unstructured.Unstructured)
	if !ok {
		return obj, nil
	}
	into := emptyOf(u.GetAPIVersion(), u.GetKind())
	if into == nil {
		return obj, nil
	}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(u.Object, into); err != nil {
		return obj, err
	}
	return into, nil
}

func emptyOf(apiVersion, kind string) bulkhead.Object {
	switch apiVersion + " " + kind {
	case "v1 Namespace":
		return &corev1.Namespace{}
	case "v1 Node":
		return &corev1.Node{}
	case "v1 Pod":
		return &corev1.Pod{}
	case "v1 ReplicationController":
		return &corev1.ReplicationController{}
	case "v1 Service":
		return &corev1.Service{}
	case "v1 Endpoints":
		return &corev1.Endpoints{} //nolint:staticcheck // see services
	case "discovery.k8s.io/v1 EndpointSlice":
		return &discoveryv1.EndpointSlice{}
	case "apps/v1 Deployment":
		return &appsv1.Deployment{}
	case "apps/v1 ReplicaSet":
		return &appsv1.ReplicaSet{}
	case "apps/v1 StatefulSet":
		return &appsv1.StatefulSet{}
	case "apps/v1 DaemonSet":
		return &appsv1.DaemonSet{}
	case "batch/v1 Job":
		return &batchv1.Job{}
	case "batch/v1 CronJob":
		return &batchv1.CronJob{}
	case "networking.k8s.io/v1 NetworkPolicy":
		return &networkingv1.NetworkPolicy{}
	case "policy.networking.k8s.io/v1alpha2 ClusterNetworkPolicy":
		return &policyv1alpha2.ClusterNetworkPolicy{}
	case "policy.networking.k8s.io/v1alpha1 AdminNetworkPolicy":
		return &policyv1alpha1.AdminNetworkPolicy{}
	case "policy.networking.k8s.io/v1alpha1 BaselineAdminNetworkPolicy":
		return &policyv1alpha1.BaselineAdminNetworkPolicy{}
	default:
		return nil
	}
}
