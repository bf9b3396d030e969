// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
)

// Seeds are objects that kube-apiserver accepts, with something of everything, and
// nearly empty ones.

func networkPolicies() []bulkhead.Object {
	tcp, port, named, end := corev1.ProtocolTCP, intstr.FromInt32(8000), intstr.FromString("http"), int32(8080)
	web := metav1.LabelSelector{MatchLabels: map[string]string{"app": "web"}, MatchExpressions: []metav1.LabelSelectorRequirement{
		{Key: "tier", Operator: metav1.LabelSelectorOpIn, Values: []string{"front", "back"}},
	}}
	kind := typeMeta("networking.k8s.io/v1", "NetworkPolicy")
	return []bulkhead.Object{
		&networkingv1.NetworkPolicy{TypeMeta: kind, ObjectMeta: bare("empty", true)},
		&networkingv1.NetworkPolicy{TypeMeta: kind, ObjectMeta: metadata("full", true), Spec: networkingv1.NetworkPolicySpec{
			PodSelector: web,
			PolicyTypes: []networkingv1.PolicyType{networkingv1.PolicyTypeIngress, networkingv1.PolicyTypeEgress},
			Ingress: []networkingv1.NetworkPolicyIngressRule{{
				From:  []networkingv1.NetworkPolicyPeer{{PodSelector: &web, NamespaceSelector: &web}, {IPBlock: &networkingv1.IPBlock{CIDR: "fd00::/8"}}},
				Ports: []networkingv1.NetworkPolicyPort{{Protocol: &tcp, Port: &port, EndPort: &end}, {Port: &named}},
			}},
			Egress: []networkingv1.NetworkPolicyEgressRule{{
				To: []networkingv1.NetworkPolicyPeer{{IPBlock: &networkingv1.IPBlock{CIDR: "10.0.0.0/8", Except: []string{"10.1.0.0/16", "10.2.0.0/16"}}}},
			}},
		}},
	}
}

func clusterNetworkPolicies() []bulkhead.Object {
	all := &metav1.LabelSelector{}
	web := &metav1.LabelSelector{MatchLabels: map[string]string{"app": "web"}}
	pods := &policyv1alpha2.NamespacedPod{NamespaceSelector: *all, PodSelector: *web}
	number := func(n int32) *policyv1alpha2.Port { return &policyv1alpha2.Port{Number: n} }
	ranged := &policyv1alpha2.Port{Range: &policyv1alpha2.PortRange{Start: 8000, End: 8080}}
	return []bulkhead.Object{
		&policyv1alpha2.ClusterNetworkPolicy{TypeMeta: clusterPolicyType, ObjectMeta: bare("empty", false), Spec: policyv1alpha2.ClusterNetworkPolicySpec{
			Tier: policyv1alpha2.AdminTier, Subject: policyv1alpha2.ClusterNetworkPolicySubject{Namespaces: all},
		}},
		&policyv1alpha2.ClusterNetworkPolicy{TypeMeta: clusterPolicyType, ObjectMeta: metadata("full", false), Spec: policyv1alpha2.ClusterNetworkPolicySpec{
			Tier: policyv1alpha2.BaselineTier, Priority: 5, Subject: policyv1alpha2.ClusterNetworkPolicySubject{Pods: pods},
			Ingress: []policyv1alpha2.ClusterNetworkPolicyIngressRule{{
				Name: "in", Action: policyv1alpha2.ClusterNetworkPolicyRuleActionAccept,
				From: []policyv1alpha2.ClusterNetworkPolicyIngressPeer{{Namespaces: all}, {Pods: pods}},
				Protocols: []policyv1alpha2.ClusterNetworkPolicyProtocol{
					{TCP: &policyv1alpha2.ClusterNetworkPolicyProtocolTCP{DestinationPort: number(80)}},
					{DestinationNamedPort: "http"},
				},
			}},
			Egress: []policyv1alpha2.ClusterNetworkPolicyEgressRule{{
				Name: "out", Action: policyv1alpha2.ClusterNetworkPolicyRuleActionAccept,
				To: []policyv1alpha2.ClusterNetworkPolicyEgressPeer{
					{Networks: []policyv1alpha2.CIDR{"10.0.0.0/8", "fd00::/8"}}, {Nodes: web}, {DomainNames: []policyv1alpha2.DomainName{"*.example.com"}},
				},
				Protocols: []policyv1alpha2.ClusterNetworkPolicyProtocol{
					{UDP: &policyv1alpha2.ClusterNetworkPolicyProtocolUDP{DestinationPort: ranged}},
					{SCTP: &policyv1alpha2.ClusterNetworkPolicyProtocolSCTP{DestinationPort: number(5000)}},
				},
			}},
		}},
	}
}

func amounts(pairs ...string) corev1.ResourceList {
	out := make(corev1.ResourceList)
	for i := 0; i < len(pairs); i += 2 {
		out[corev1.ResourceName(pairs[i])] = resource.MustParse(pairs[i+1])
	}
	return out
}

func resourceQuotas() []bulkhead.Object {
	kind := typeMeta("v1", "ResourceQuota")
	return []bulkhead.Object{
		&corev1.ResourceQuota{TypeMeta: kind, ObjectMeta: bare("empty", true)},
		&corev1.ResourceQuota{TypeMeta: kind, ObjectMeta: metadata("full", true), Spec: corev1.ResourceQuotaSpec{
			Hard: amounts("requests.cpu", "4", "limits.memory", "8Gi", "pods", "10", "requests.nvidia.com/gpu", "1", "count/deployments.apps", "3"),
		}},
		&corev1.ResourceQuota{TypeMeta: kind, ObjectMeta: metadata("scoped", true), Spec: corev1.ResourceQuotaSpec{
			Hard:   amounts("pods", "0"),
			Scopes: []corev1.ResourceQuotaScope{corev1.ResourceQuotaScopeNotBestEffort},
			ScopeSelector: &corev1.ScopeSelector{MatchExpressions: []corev1.ScopedResourceSelectorRequirement{
				{ScopeName: corev1.ResourceQuotaScopePriorityClass, Operator: corev1.ScopeSelectorOpNotIn, Values: []string{"low"}},
			}},
		}},
	}
}

func limitRanges() []bulkhead.Object {
	kind := typeMeta("v1", "LimitRange")
	return []bulkhead.Object{
		&corev1.LimitRange{TypeMeta: kind, ObjectMeta: bare("empty", true)},
		&corev1.LimitRange{TypeMeta: kind, ObjectMeta: metadata("full", true), Spec: corev1.LimitRangeSpec{Limits: []corev1.LimitRangeItem{
			{
				Type: corev1.LimitTypeContainer, Min: amounts("cpu", "1m", "memory", "1Mi"), Max: amounts("cpu", "2", "memory", "4Gi"),
				Default: amounts("cpu", "500m"), DefaultRequest: amounts("cpu", "100m"), MaxLimitRequestRatio: amounts("cpu", "10"),
			},
			{Type: corev1.LimitTypePod, Max: amounts("cpu", "4", "memory", "8Gi")},
			{Type: corev1.LimitTypePersistentVolumeClaim, Max: amounts("storage", "10Gi")},
		}}},
	}
}

func priorityClasses() []bulkhead.Object {
	never, kind := corev1.PreemptNever, typeMeta("scheduling.k8s.io/v1", "PriorityClass")
	return []bulkhead.Object{
		&schedulingv1.PriorityClass{TypeMeta: kind, ObjectMeta: bare("empty", false)},
		&schedulingv1.PriorityClass{TypeMeta: kind, ObjectMeta: metadata("full", false), Value: -5, PreemptionPolicy: &never, Description: "any text"},
		&schedulingv1.PriorityClass{TypeMeta: kind, ObjectMeta: bare("system-node-critical", false), Value: 2_000_001_000},
	}
}

func namespaces() []bulkhead.Object {
	kind := typeMeta("v1", "Namespace")
	full := &corev1.Namespace{TypeMeta: kind, ObjectMeta: metadata("full", false), Spec: corev1.NamespaceSpec{Finalizers: []corev1.FinalizerName{"kubernetes"}}}
	full.Labels = map[string]string{"pod-security.kubernetes.io/enforce": "restricted", "pod-security.kubernetes.io/warn-version": "v1.37"}
	return []bulkhead.Object{&corev1.Namespace{TypeMeta: kind, ObjectMeta: bare("empty", false)}, full}
}
