// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
)

// NamedPortUnmatched is a port name that no receiving pod declares, so that the
// entry lets nothing through.
const NamedPortUnmatched = "netpol/named-port-unmatched"

func namedPortUnmatched(p *bulkhead.Pass) {
	for port := range neighboursOf(p.Objects).namedPorts() {
		if !port.known || len(port.receivers) == 0 || anyDeclares(port.receivers, port.name, port.protocol) {
			continue
		}
		p.Reportf(port.policy, port.path, "correct the name or the protocol, or name the number",
			"no container of %s declares a %s port named %q, so the entry lets nothing through",
			list(namesOf(port.receivers)), port.protocol, port.name)
	}
}

func anyDeclares(workloads []workload.Workload, name string, protocol corev1.Protocol) bool {
	for _, w := range workloads {
		if len(w.Numbers(name, protocol)) > 0 {
			return true
		}
	}
	return false
}
