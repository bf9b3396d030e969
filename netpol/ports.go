// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Ports are destination ports of a protocol, as the receiving pod sees them:
// after a Service has translated its own port to the target port. The zero value
// is no port at all, which every builder refuses.
type Ports struct {
	list []networkingv1.NetworkPolicyPort
	any  bool
}

// TCP are single TCP ports, 1 to 65535.
func TCP(ports ...uint16) Ports { return single(corev1.ProtocolTCP, ports) }

// UDP are single UDP ports, 1 to 65535.
func UDP(ports ...uint16) Ports { return single(corev1.ProtocolUDP, ports) }

// SCTP are single SCTP ports, 1 to 65535.
func SCTP(ports ...uint16) Ports { return single(corev1.ProtocolSCTP, ports) }

// Range is the ports from first to last, both included. Dataplanes enforce
// ranges since Kubernetes 1.25 (NetworkPolicyPort.endPort); one that does not
// treats the range as its first port.
func Range(protocol corev1.Protocol, first, last uint16) Ports {
	port, end := intstr.FromInt32(int32(first)), int32(last)
	return Ports{list: []networkingv1.NetworkPolicyPort{{Protocol: &protocol, Port: &port, EndPort: &end}}}
}

// Named are ports by the name that the receiving pod's container gives them. A
// name stands for whatever number each receiving pod has under it and protocol,
// and for no port at all on a pod without it.
func Named(protocol corev1.Protocol, names ...string) Ports {
	var out Ports
	for _, name := range names {
		port := intstr.FromString(name)
		out.list = append(out.list, networkingv1.NetworkPolicyPort{Protocol: &protocol, Port: &port})
	}
	return out
}

// AnyPort is every port of every protocol, also of those that are not TCP, UDP
// or SCTP. It stands alone, since any port beside it would make no difference.
func AnyPort() Ports { return Ports{any: true} }

func single(protocol corev1.Protocol, ports []uint16) Ports {
	var out Ports
	for _, number := range ports {
		port := intstr.FromInt32(int32(number))
		out.list = append(out.list, networkingv1.NetworkPolicyPort{Protocol: &protocol, Port: &port})
	}
	return out
}

// and returns p with more, and leaves both as they were.
func (p Ports) and(more ...Ports) Ports {
	out := Ports{list: slices.Clone(p.list), any: p.any}
	for _, m := range more {
		out.list = append(out.list, m.list...)
		out.any = out.any || m.any
	}
	return out
}

// api returns the list that a policy rule holds: copies, and nothing for
// AnyPort, since the API means every port by an empty list.
func (p Ports) api(at *field.Path) ([]networkingv1.NetworkPolicyPort, field.ErrorList) {
	switch {
	case p.any && len(p.list) > 0:
		return nil, field.ErrorList{field.Forbidden(at, "AnyPort stands alone; other ports beside it make no difference")}
	case p.any:
		return nil, nil
	case len(p.list) == 0:
		return nil, field.ErrorList{field.Required(at, "no port; AnyPort means every port")}
	}
	out := make([]networkingv1.NetworkPolicyPort, len(p.list))
	for i := range p.list {
		p.list[i].DeepCopyInto(&out[i])
	}
	return out, nil
}
