// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
)

// NamedPortUnmatched is a port name that no receiving pod declares, so that the
// entry lets nothing through.
const NamedPortUnmatched = "netpol/named-port-unmatched"

func namedPortUnmatched(p *bulkhead.Pass) {
	n := neighboursOf(p.Objects)
	for np := range n.eachPolicy() {
		for rule := range effectiveRules(np.obj) {
			receivers, known := n.receivers(np, rule)
			if !known || len(receivers) == 0 {
				continue
			}
			for i, port := range rule.ports {
				name, ok := portName(port)
				if protocol := protocolOf(port); ok && !anyDeclares(receivers, name, protocol) {
					p.Reportf(np.obj, rule.portsPath().Index(i).Child("port"), "correct the name or the protocol, or name the number",
						"no container of %s declares a %s port named %q, so the entry lets nothing through",
						list(namesOf(receivers)), protocol, name)
				}
			}
		}
	}
}

// receivers returns the workloads at which the connections of a rule arrive: its
// subject for ingress, its peers for egress. Known is false if there may be others.
func (n neighbours) receivers(np policy, rule trafficRule) (pods []workload.Workload, known bool) {
	if rule.direction == networkingv1.PolicyTypeIngress {
		return n.selected(np.obj.Namespace, np.subject), n.podsKnown(np.obj.Namespace)
	}
	known = len(rule.peers) > 0
	for _, peer := range rule.peers {
		found, all := n.peerPods(np.obj.Namespace, peer)
		pods = append(pods, found...)
		known = known && all
	}
	return pods, known
}

func anyDeclares(workloads []workload.Workload, name string, protocol corev1.Protocol) bool {
	for _, w := range workloads {
		if len(w.Numbers(name, protocol)) > 0 {
			return true
		}
	}
	return false
}

// namesOf lists workloads by kind and name, without repeating one whose owner is
// in the list.
func namesOf(workloads []workload.Workload) []string {
	var out []string
	for _, w := range workloads {
		if !w.Owned {
			ref := bulkhead.RefTo(w.Object)
			out = append(out, ref.Kind+" "+ref.Name)
		}
	}
	return out
}
