// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
)

// HostNetworkPeer is a peer that selects pods on the host network only, which have
// the addresses of their nodes.
const HostNetworkPeer = "netpol/host-network-peer"

func hostNetworkPeer(p *bulkhead.Pass) {
	n := neighboursOf(p.Objects)
	onPodNetwork := func(w workload.Workload) bool { return !w.Spec.HostNetwork }
	for np := range n.eachPolicy() {
		for rule := range effectiveRules(np.obj) {
			for i, peer := range rule.peers {
				matched, all := n.peerPods(np.obj.Namespace, peer)
				if !all {
					continue
				}
				pods := slices.Collect(matched)
				if len(pods) == 0 || slices.ContainsFunc(pods, onPodNetwork) {
					continue
				}
				p.Reportf(np.obj, rule.peersPath().Index(i), "allow the blocks of the nodes",
					"the pods of %s are on the host network: to most dataplanes they are addresses of nodes, which selectors do not match, so the entry lets nothing through",
					list(namesOf(pods)))
			}
		}
	}
}
