// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
)

// A Port is a destination port of a protocol, as the receiving pod sees it; of a
// [Service], as the Service offers it.
type Port struct {
	Protocol corev1.Protocol
	Number   uint16
}

// TCP is a TCP port.
func TCP(number uint16) Port { return Port{corev1.ProtocolTCP, number} }

// UDP is a UDP port.
func UDP(number uint16) Port { return Port{corev1.ProtocolUDP, number} }

// SCTP is an SCTP port.
func SCTP(number uint16) Port { return Port{corev1.ProtocolSCTP, number} }

// String gives "TCP 80".
func (p Port) String() string {
	if p == portless() {
		return "protocols without ports"
	}
	return fmt.Sprintf("%s %d", p.Protocol, p.Number)
}

// portless stands for the protocols without ports where reasons need a port.
func portless() Port { return Port{Protocol: corev1.Protocol(otherTransport.String())} }

// A transport is a protocol as a number. Those without ports, such as ICMP, and
// those that Kubernetes does not name are one.
type transport uint8

const (
	tcp transport = iota
	udp
	sctp
	otherTransport
)

// transportOf takes no protocol for TCP, as the API does.
func transportOf(p corev1.Protocol) (transport, bool) {
	switch p {
	case corev1.ProtocolTCP, "":
		return tcp, true
	case corev1.ProtocolUDP:
		return udp, true
	case corev1.ProtocolSCTP:
		return sctp, true
	default:
		return otherTransport, false
	}
}

func (t transport) String() string {
	switch t {
	case tcp:
		return "TCP"
	case udp:
		return "UDP"
	case sctp:
		return "SCTP"
	default:
		return "other"
	}
}

// A span is the ports of a transport from first to last, both included. That of
// the other protocols, which have no ports, is 0 to 0.
type span struct {
	transport   transport
	first, last uint16
}

const lastPort = 65535

// everySpan returns the spans of every port of every protocol.
func everySpan() []span {
	return []span{{tcp, 1, lastPort}, {udp, 1, lastPort}, {sctp, 1, lastPort}, {otherTransport, 0, 0}}
}
