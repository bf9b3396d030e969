// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// DNSOverUDPOnly is egress to a resolver over UDP and not over TCP.
const DNSOverUDPOnly = "netpol/dns-over-udp-only"

func dnsOverUDPOnly(p *bulkhead.Pass) {
	for np := range bulkhead.Each[*networkingv1.NetworkPolicy](p.Objects) {
		for _, gap := range dnsGaps(np, corev1.ProtocolUDP, corev1.ProtocolTCP) {
			p.Reportf(np, gap.rule.portsPath().Index(gap.entry), "allow the port over TCP as well",
				"names resolve for %s until an answer does not fit a datagram: it is then asked for over TCP %d, which the policy does not allow",
				subjectWords(np), gap.number)
		}
	}
}
