// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"net/netip"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
)

// services are the Services of a cluster, by "namespace/name" and by what leads to them,
// and what was put behind those without a selector.
type services struct {
	services  map[string]*corev1.Service
	slices    map[string][]*discoveryv1.EndpointSlice
	endpoints map[string]*corev1.Endpoints //nolint:staticcheck // deprecated for writers; clusters still store them

	byAddr    map[netip.Addr][]entrance
	nodePorts map[Port]entrance
}

// An entrance is a way into a Service.
type entrance struct {
	service string // "namespace/name"
	port    Port   // of the Service
	// outer says that connections from outside the cluster come this way: by an
	// external IP, a load balancer or a node port.
	outer bool
	// node is the node whose port it is, counted from 1, and 0 for none.
	node int32
}

func newServices(items []item) *services {
	out := &services{
		services:  make(map[string]*corev1.Service),
		slices:    make(map[string][]*discoveryv1.EndpointSlice),
		endpoints: make(map[string]*corev1.Endpoints), //nolint:staticcheck // see services
		byAddr:    make(map[netip.Addr][]entrance),
		nodePorts: make(map[Port]entrance),
	}
	for _, it := range items {
		name := it.ref.Namespace + "/" + it.ref.Name
		switch o := it.obj.(type) {
		case *corev1.Service:
			out.services[name] = o
			if o.Spec.Type != corev1.ServiceTypeExternalName {
				out.addAddresses(name, o)
				out.addNodePorts(name, o)
			}
		case *corev1.Endpoints: //nolint:staticcheck // see services
			out.endpoints[name] = o
		case *discoveryv1.EndpointSlice:
			if service := o.Labels[discoveryv1.LabelServiceName]; service != "" {
				key := it.ref.Namespace + "/" + service
				out.slices[key] = append(out.slices[key], o)
			}
		}
	}
	return out
}

func (s *services) addAddresses(name string, svc *corev1.Service) {
	add := func(text string, outer bool) {
		if addr, ok := parseAddress(text); ok {
			s.byAddr[addr] = append(s.byAddr[addr], entrance{service: name, outer: outer})
		}
	}
	add(svc.Spec.ClusterIP, false)
	for _, ip := range svc.Spec.ClusterIPs {
		add(ip, false)
	}
	for _, ip := range svc.Spec.ExternalIPs {
		add(ip, true)
	}
	for _, in := range svc.Status.LoadBalancer.Ingress {
		add(in.IP, true)
	}
}

func (s *services) addNodePorts(name string, svc *corev1.Service) {
	for _, p := range svc.Spec.Ports {
		t, ok := transportOf(p.Protocol)
		if ok && p.NodePort > 0 && p.NodePort <= lastPort && p.Port > 0 && p.Port <= lastPort {
			protocol := corev1.Protocol(t.String())
			s.nodePorts[Port{protocol, uint16(p.NodePort)}] = entrance{service: name, port: Port{protocol, uint16(p.Port)}, outer: true}
		}
	}
}

// at returns the way into a Service that a port of an address is, if the address is
// that of a Service. Several may share it and tell their ports apart; offered says
// whether one has the port.
func (s *services) at(addr netip.Addr, port Port) (in entrance, offered, found bool) {
	for i, e := range s.byAddr[addr] {
		if offered = portOf(s.services[e.service], port) >= 0; offered || i == 0 {
			in = e
		}
		if offered {
			break
		}
	}
	in.port = port
	return in, offered, in.service != ""
}

// portOf returns the index of a port of a Service, or -1.
func portOf(svc *corev1.Service, port Port) int {
	asked, _ := transportOf(port.Protocol)
	for i, p := range svc.Spec.Ports {
		if t, ok := transportOf(p.Protocol); ok && t == asked && p.Port == int32(port.Number) {
			return i
		}
	}
	return -1
}

// entranceTo returns the Service to which a connection to a port of an address leads. A
// pod or a node that has the address comes first, unless a Service has the port.
func (s *state) entranceTo(addr netip.Addr, port Port) (entrance, bool) {
	if _, pod := s.byAddr[addr]; pod {
		return entrance{}, false
	}
	in, offered, found := s.services.at(addr, port)
	n, node := s.nodeAddr[addr]
	if !node || offered {
		return in, found
	}
	t, _ := transportOf(port.Protocol)
	in, found = s.services.nodePorts[Port{corev1.Protocol(t.String()), port.Number}]
	in.node = n + 1
	return in, found
}
