// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
)

// NamedPortAmbiguous is a port name that two containers of one pod give to
// different numbers.
const NamedPortAmbiguous = "netpol/named-port-ambiguous"

func namedPortAmbiguous(p *bulkhead.Pass) {
	n := neighboursOf(p.Objects)
	for np := range n.eachPolicy() {
		for rule := range effectiveRules(np.obj) {
			receivers, _ := n.receivers(np, rule)
			for i, port := range rule.ports {
				name, ok := portName(port)
				if !ok {
					continue
				}
				ambiguous := slices.DeleteFunc(slices.Clone(receivers), func(w workload.Workload) bool {
					return len(w.Numbers(name, protocolOf(port))) < 2
				})
				if len(ambiguous) > 0 {
					p.Reportf(np.obj, rule.portsPath().Index(i).Child("port"),
						"give the ports of the containers different names",
						"containers of %s give the name %q to different %s ports of one pod: dataplanes differ in which of them they let through",
						list(namesOf(ambiguous)), name, protocolOf(port))
				}
			}
		}
	}
}
