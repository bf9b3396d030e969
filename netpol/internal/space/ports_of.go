// SPDX-License-Identifier: Apache-2.0

package space

import (
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"
)

// PortsOf returns the ports of a rule of a NetworkPolicy. No entry means every port.
func PortsOf(entries []networkingv1.NetworkPolicyPort) Ports {
	if len(entries) == 0 {
		return EveryPort()
	}
	all := make([]Ports, len(entries))
	for i, entry := range entries {
		all[i] = PortOf(entry)
	}
	return Ports{}.Union(all...)
}

// PortOf returns the ports of one entry. Without a protocol it is of TCP
// (NetworkPolicyPort.protocol). A range that ends before it begins, which
// kube-apiserver refuses, is empty.
func PortOf(entry networkingv1.NetworkPolicyPort) Ports {
	protocol := corev1.ProtocolTCP
	if entry.Protocol != nil {
		protocol = *entry.Protocol
	}
	switch {
	case entry.Port == nil:
		return AllNumbers(protocol)
	case entry.Port.Type == intstr.String:
		return NamedPort(entry.Port.StrVal, protocol)
	case entry.EndPort != nil:
		return PortRange(protocol, entry.Port.IntVal, *entry.EndPort)
	default:
		return OnePort(protocol, entry.Port.IntVal)
	}
}

// ClusterPortOf returns the ports of one entry of a ClusterNetworkPolicy that its
// definition lets through. A named port there is one of any protocol.
func ClusterPortOf(entry policyv1alpha2.ClusterNetworkPolicyProtocol) Ports {
	switch {
	case entry.TCP != nil:
		return destination(corev1.ProtocolTCP, entry.TCP.DestinationPort)
	case entry.UDP != nil:
		return destination(corev1.ProtocolUDP, entry.UDP.DestinationPort)
	case entry.SCTP != nil:
		return destination(corev1.ProtocolSCTP, entry.SCTP.DestinationPort)
	default:
		return NamedPort(entry.DestinationNamedPort, corev1.ProtocolTCP, corev1.ProtocolUDP, corev1.ProtocolSCTP)
	}
}

func destination(protocol corev1.Protocol, of *policyv1alpha2.Port) Ports {
	switch {
	case of == nil:
		return Ports{}
	case of.Range != nil:
		return PortRange(protocol, of.Range.Start, of.Range.End)
	default:
		return OnePort(protocol, of.Number)
	}
}
