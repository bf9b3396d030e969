// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/watertight-go/watertight/bulkhead"
)

// NamedPortAmbiguous is a port name that two containers of one pod give to
// different numbers.
const NamedPortAmbiguous = "netpol/named-port-ambiguous"

func namedPortAmbiguous(p *bulkhead.Pass) {
	n := neighboursOf(p.Objects)
	for np := range n.eachPolicy() {
		for rule := range effectiveRules(np.NetworkPolicy) {
			receivers, _ := n.receivers(np, rule)
			for i, port := range rule.ports {
				if port.Port == nil || port.Port.Type != intstr.String {
					continue
				}
				for _, w := range receivers {
					numbers := w.Numbers(port.Port.StrVal, protocolOf(port))
					if w.Owned || len(numbers) < 2 {
						continue
					}
					p.Reportf(np, rule.portsPath().Index(i).Child("port"),
						"give the ports of the containers different names",
						"port name %q stands for %s %s in each pod of %s: dataplanes differ in which of them they let through",
						port.Port.StrVal, protocolOf(port), strings.Trim(fmt.Sprint(numbers), "[]"), bulkhead.RefTo(w.Object))
				}
			}
		}
	}
}
