// SPDX-License-Identifier: Apache-2.0

package reach

import (
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1alpha1 "sigs.k8s.io/network-policy-api/apis/v1alpha1"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
)

// typed gives an object of a kind that is read its own type: see [workload.Typed].
func typed(obj bulkhead.Object) (bulkhead.Object, error) { return workload.Typed(obj, emptyOf) }

func emptyOf(apiVersion, kind string) bulkhead.Object {
	switch apiVersion + " " + kind {
	case "v1 Namespace":
		return &corev1.Namespace{}
	case "v1 Node":
		return &corev1.Node{}
	case "v1 Service":
		return &corev1.Service{}
	case "v1 Endpoints":
		return &corev1.Endpoints{} //nolint:staticcheck // see services
	case "discovery.k8s.io/v1 EndpointSlice":
		return &discoveryv1.EndpointSlice{}
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
