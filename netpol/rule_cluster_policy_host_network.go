// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"slices"

	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
)

// ClusterPolicyHostNetwork is a workload on the network of its nodes in a
// namespace that a ClusterNetworkPolicy should keep from others, or others from.
const ClusterPolicyHostNetwork = "netpol/cluster-policy-host-network"

// maxWalled bounds the pairs of walls and workloads that are looked at. It leaves
// room for a thousand of one and ten thousand of the other.
const maxWalled = 10_000_000

func clusterPolicyHostNetwork(p *bulkhead.Pass) {
	n := neighboursOf(p.Objects)
	onHost := n.onHostNetwork()
	count := 0
	walls := make(map[string][]wall) // by home
	for cnp := range bulkhead.Each[*policyv1alpha2.ClusterNetworkPolicy](p.Objects) {
		for _, w := range wallsOf(cnp) {
			walls[w.home] = append(walls[w.home], w)
			count++
		}
	}
	if count*len(onHost) > maxWalled {
		return
	}
	for _, w := range onHost {
		if len(n.selecting(w)) > 0 {
			continue // HostNetworkSubject reports it
		}
		around := walls[""]
		if namespace := w.Object.GetNamespace(); namespace != "" {
			around = slices.Concat(around, walls[namespace])
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

// onHostNetwork returns the workloads whose pods share the network of their nodes,
// without those that another one makes.
func (n neighbours) onHostNetwork() []workload.Workload {
	var out []workload.Workload
	for _, workloads := range n.workloads {
		for _, w := range workloads {
			if !w.Owned && w.Spec.HostNetwork {
				out = append(out, w)
			}
		}
	}
	return out
}
