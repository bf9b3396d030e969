// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
)

// NamedPortAmbiguous is a port name that containers of one pod give to different
// numbers.
const NamedPortAmbiguous = "netpol/named-port-ambiguous"

func namedPortAmbiguous(p *bulkhead.Pass) {
	for port := range neighboursOf(p.Objects).namedPorts() {
		ambiguous := slices.DeleteFunc(slices.Clone(port.receivers), func(w workload.Workload) bool {
			return len(w.Numbers(port.name, port.protocol)) < 2
		})
		if len(ambiguous) > 0 {
			p.Reportf(port.policy, port.path, "give the ports of the containers different names",
				"containers of %s give the name %q to different %s ports of one pod: dataplanes differ in which of them they let through",
				list(namesOf(ambiguous)), port.name, port.protocol)
		}
	}
}
