// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"cmp"
	"slices"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
)

// opensEveryPort reports whether ports let every TCP and every UDP port through:
// by having no entry, or entries that make up both. What is left out then, SCTP and
// protocols without ports, is next to nothing.
func opensEveryPort(ports []networkingv1.NetworkPolicyPort) bool {
	return len(ports) == 0 || opensProtocol(ports, corev1.ProtocolTCP) && opensProtocol(ports, corev1.ProtocolUDP)
}

func opensProtocol(ports []networkingv1.NetworkPolicyPort, protocol corev1.Protocol) bool {
	entries := slices.DeleteFunc(portEntries(ports), func(e portEntry) bool { return e.protocol != protocol || e.name != "" })
	slices.SortFunc(entries, func(a, b portEntry) int { return cmp.Compare(a.first, b.first) })
	open := int32(0) // every port up to this one
	for _, e := range entries {
		if e.first > open+1 {
			return false
		}
		open = max(open, e.last)
	}
	return open >= 65535
}
