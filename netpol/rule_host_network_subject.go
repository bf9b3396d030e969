// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
)

// HostNetworkSubject is a workload on the network of its nodes that policies
// select and dataplanes leave alone.
const HostNetworkSubject = "netpol/host-network-subject"

func hostNetworkSubject(p *bulkhead.Pass) {
	n := neighboursOf(p.Objects)
	for _, workloads := range n.workloads {
		for _, w := range workloads {
			if w.Owned || !w.Spec.HostNetwork {
				continue
			}
			if names := n.selecting(w); len(names) > 0 {
				p.Reportf(w.Object, w.Path.Child("hostNetwork"),
					"leave the host network, or guard the ports of the nodes by other means",
					"nearly no dataplane enforces a policy on the host network: the pods accept and open connections like the node they run on, although selected by %s",
					list(names))
			}
		}
	}
}

// selecting returns the names of the policies whose subject includes w.
func (n neighbours) selecting(w workload.Workload) []string {
	var names []string
	for _, np := range n.policies[w.Object.GetNamespace()] {
		if w.Matches(np.subject) {
			names = append(names, np.obj.Name)
		}
	}
	return names
}
