// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// DNSOverTCPOnly is egress to a resolver over TCP and not over UDP, mostly because
// the protocol was left out.
const DNSOverTCPOnly = "netpol/dns-over-tcp-only"

func dnsOverTCPOnly(p *bulkhead.Pass) {
	for np := range bulkhead.Each[*networkingv1.NetworkPolicy](p.Objects) {
		for _, gap := range dnsGaps(np, corev1.ProtocolTCP, corev1.ProtocolUDP) {
			why := ""
			if gap.rule.ports[gap.entry].Protocol == nil {
				why = ": an entry without protocol means TCP"
			}
			p.Reportf(np, gap.rule.portsPath().Index(gap.entry), "allow the port over UDP as well",
				"no name resolves for %s through this rule, since resolvers are asked over UDP first, and the policy does not allow UDP %d%s",
				subjectWords(np), gap.number, why)
		}
	}
}
