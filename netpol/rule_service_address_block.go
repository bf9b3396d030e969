// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// ServiceAddressBlock is an egress rule to the cluster address of a Service, which
// no packet carries any more when a policy is applied.
const ServiceAddressBlock = "netpol/service-address-block"

func serviceAddressBlock(p *bulkhead.Pass) {
	addresses := serviceAddresses(p.Objects)
	for np := range bulkhead.Each[*networkingv1.NetworkPolicy](p.Objects) {
		for rule := range effectiveRules(np) {
			if rule.direction != networkingv1.PolicyTypeEgress {
				continue
			}
			for i, peer := range rule.peers {
				block, ok := blockOf(peer)
				if !ok {
					continue
				}
				if owner, ok := addresses.around(block); ok {
					p.Reportf(np, rule.peersPath().Index(i).Child("ipBlock", "cidr"), "select the pods behind the Service",
						"%s holds addresses of %s, which are translated to those of pods before most dataplanes apply policies, so the entry lets nothing through",
						block, owner)
				}
			}
		}
	}
}

// serviceAddresses returns the cluster addresses of the Services of the set and
// the ranges that the cluster takes them from. Left out are those at which names
// are resolved: with NodeLocal DNSCache a process of the node answers there, and
// only a block can allow it.
func serviceAddresses(objs []bulkhead.Object) prefixSet[bulkhead.Ref] {
	var out prefixSet[bulkhead.Ref]
	for cidr := range bulkhead.Each[*networkingv1.ServiceCIDR](objs) {
		for _, block := range cidr.Spec.CIDRs {
			out.add(block, bulkhead.RefTo(cidr))
		}
	}
	for service := range bulkhead.Each[*corev1.Service](objs) {
		if servesDNS(service) {
			continue
		}
		out.addAddress(service.Spec.ClusterIP, bulkhead.RefTo(service))
		for _, address := range service.Spec.ClusterIPs {
			out.addAddress(address, bulkhead.RefTo(service))
		}
	}
	return out
}
