// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol/internal/space"
)

// PodAddressBlock is a block of addresses that pods of the cluster have.
const PodAddressBlock = "netpol/pod-address-block"

func podAddressBlock(p *bulkhead.Pass) {
	addresses := podAddresses(p.Objects)
	for block := range policyBlocks(p.Objects) {
		if owner, ok := addresses.Around(block.prefix); ok {
			p.Reportf(block.policy, block.path, "select the pods by their labels",
				"%s holds pod addresses of %s: some dataplanes match no pod by address, and to others the block means whichever pods have the addresses next",
				block.prefix, owner)
		}
	}
}

// podAddresses returns the addresses of the pods of the set and the blocks from
// which its nodes take them. A pod on the host network has the address of its
// node, which stays.
func podAddresses(objs []bulkhead.Object) space.BlockIndex[bulkhead.Ref] {
	var out space.BlockIndex[bulkhead.Ref]
	for node := range bulkhead.Each[*corev1.Node](objs) {
		out.Add(node.Spec.PodCIDR, bulkhead.RefTo(node))
		for _, block := range node.Spec.PodCIDRs {
			out.Add(block, bulkhead.RefTo(node))
		}
	}
	for pod := range bulkhead.Each[*corev1.Pod](objs) {
		if pod.Spec.HostNetwork {
			continue
		}
		out.AddAddress(pod.Status.PodIP, bulkhead.RefTo(pod))
		for _, address := range pod.Status.PodIPs {
			out.AddAddress(address.IP, bulkhead.RefTo(pod))
		}
	}
	return out
}
