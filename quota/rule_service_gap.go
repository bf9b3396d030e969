// SPDX-License-Identifier: Apache-2.0

package quota

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/internal/counted"
)

// ServiceGap is a quota that closes one of two ways out of the cluster for
// Services.
const ServiceGap = "quota/service-gap"

func serviceGap(p *bulkhead.Pass) {
	for _, home := range neighboursOf(p.Objects).homes {
		capped := func(name corev1.ResourceName) bool {
			return slices.ContainsFunc(home.quotas, func(q *corev1.ResourceQuota) bool { return has(q.Spec.Hard, name) })
		}
		portsCapped, balancersCapped := capped(corev1.ResourceServicesNodePorts), capped(corev1.ResourceServicesLoadBalancers)
		if slices.ContainsFunc(home.quotas, func(q *corev1.ResourceQuota) bool {
			return isZero(q.Spec.Hard, corev1.ResourceServices) || isZero(q.Spec.Hard, counted.CountPrefix+"services")
		}) {
			continue
		}
		for _, quota := range home.quotas {
			at := func(name corev1.ResourceName) *field.Path { return field.NewPath("spec", "hard").Key(string(name)) }
			if name := corev1.ResourceServicesLoadBalancers; isZero(quota.Spec.Hard, name) && !portsCapped {
				p.Reportf(quota, at(name), "cap services.nodeports too",
					"load balancers are refused, and a Service of type NodePort still opens a port on every node")
			}
			if name := corev1.ResourceServicesNodePorts; isZero(quota.Spec.Hard, name) && !balancersCapped {
				p.Reportf(quota, at(name), "cap services.loadbalancers too",
					"ports of nodes are refused, and a load balancer with allocateLoadBalancerNodePorts: false still gets through")
			}
		}
	}
}
