// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"slices"

	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
)

// ClusterPolicyHostNetwork is a workload on the network of its nodes in a
// namespace that a ClusterNetworkPolicy should keep from others, or others from.
const ClusterPolicyHostNetwork = "netpol/cluster-policy-host-network"

func clusterPolicyHostNetwork(p *bulkhead.Pass) {
	n := neighboursOf(p.Objects)
	walls := make(map[string][]wall) // by home
	for cnp := range bulkhead.Each[*policyv1alpha2.ClusterNetworkPolicy](p.Objects) {
		for _, w := range wallsOf(cnp) {
			walls[w.home] = append(walls[w.home], w)
		}
	}
	for namespace, workloads := range n.workloads {
		around := walls[""]
		if namespace != "" {
			around = slices.Concat(around, walls[namespace])
		}
		for _, w := range workloads {
			if w.Owned || !w.Spec.HostNetwork {
				continue
			}
			var names []string
			for _, wall := range around {
				if wall.means(n, w) {
					names = append(names, wall.policy)
				}
			}
			if len(names) > 0 {
				p.Reportf(w.Object, w.Path.Child("hostNetwork"), "leave the host network, or guard the ports of the nodes by other means",
					"a ClusterNetworkPolicy never selects pods on the host network: what %s denies stays open to and from these pods",
					list(slices.Compact(slices.Sorted(slices.Values(names)))))
			}
		}
	}
}
