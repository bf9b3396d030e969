// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol/internal/space"
)

// ServiceAddressBlock is an egress rule to the cluster address of a Service, which
// no packet carries any more when a policy is applied.
const ServiceAddressBlock = "netpol/service-address-block"

func serviceAddressBlock(p *bulkhead.Pass) {
	addresses, resolvers := serviceAddresses(p.Objects)
	for block := range policyBlocks(p.Objects) {
		if block.rule.direction != networkingv1.PolicyTypeEgress || onlyDNS(block.rule.ports) {
			continue
		}
		if _, ok := resolvers.Around(block.prefix); ok {
			continue
		}
		if owner, ok := addresses.Around(block.prefix); ok {
			p.Reportf(block.policy, block.path, "select the pods behind the Service",
				"%s holds addresses of %s, which are translated to those of pods before most dataplanes apply policies, so the entry lets nothing through",
				block.prefix, owner)
		}
	}
}

// serviceAddresses returns the cluster addresses of the Services of the set and
// the ranges that the cluster takes them from. Those at which names are resolved it
// returns apart: with NodeLocal DNSCache a process of the node answers there, and
// only a block can allow it.
func serviceAddresses(objs []bulkhead.Object) (addresses, resolvers space.BlockIndex[bulkhead.Ref]) {
	for cidr := range bulkhead.Each[*networkingv1.ServiceCIDR](objs) {
		for _, block := range cidr.Spec.CIDRs {
			addresses.Add(block, bulkhead.RefTo(cidr))
		}
	}
	for service := range bulkhead.Each[*corev1.Service](objs) {
		to := &addresses
		if servesDNS(service) {
			to = &resolvers
		}
		to.AddAddress(service.Spec.ClusterIP, bulkhead.RefTo(service))
		for _, address := range service.Spec.ClusterIPs {
			to.AddAddress(address, bulkhead.RefTo(service))
		}
	}
	return addresses, resolvers
}
