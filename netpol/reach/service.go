// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"net/netip"
	"slices"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// A Backend is what stands behind a port of a Service. Policies see the connection
// after it was translated: to the pod, and to the port of the pod.
type Backend struct {
	Endpoint Endpoint // a pod or workload, or an address of an EndpointSlice
	Port     Port
}

// Backends returns what a connection to a port of a Service goes to: the pods that
// its selector selects, with a named target port as each of them has it, or the
// addresses of its EndpointSlices if it has no selector. A headless Service
// translates nothing: the port is the pod's own. Of an ExternalName there are none,
// and the name is what DNS answers with. Known is false if the Service is not in the
// input, or is an ExternalName.
func (c *Cluster) Backends(service string, port Port) (backends []Backend, known bool) {
	s := c.now.Load()
	found, problem := s.backends(service, port)
	for _, b := range found {
		e := Endpoint{kind: addressEndpoint, addr: b.party.addr}
		if b.party.endpoint >= 0 {
			e = Pod(s.endpointName(b.party.endpoint))
		}
		backends = append(backends, Backend{e, b.port})
	}
	return backends, problem == noProblem || problem == noServicePort || problem == noBackend
}

type backend struct {
	party party
	port  Port
}

// backends returns the pods and addresses behind a port of a Service.
func (s *state) backends(name string, port Port) ([]backend, problem) {
	svc, found := s.services.services[name]
	if !found {
		return nil, unknownService
	}
	if svc.Spec.Type == corev1.ServiceTypeExternalName {
		return nil, externalService
	}
	headless := svc.Spec.ClusterIP == corev1.ClusterIPNone
	at := slices.IndexFunc(svc.Spec.Ports, func(p corev1.ServicePort) bool {
		t, _ := transportOf(p.Protocol)
		asked, _ := transportOf(port.Protocol)
		return t == asked && p.Port == int32(port.Number)
	})
	if at < 0 && !headless {
		return nil, noServicePort
	}
	var out []backend
	if len(svc.Spec.Selector) == 0 {
		out = s.sliceBackends(name, svc, at, port)
	} else {
		out = s.podBackends(svc, at, port)
	}
	if len(out) == 0 {
		return nil, noBackend
	}
	return out, noProblem
}

func (s *state) podBackends(svc *corev1.Service, at int, port Port) []backend {
	ns, found := s.nsIndex[namespaceOf(svc)]
	if !found {
		return nil
	}
	var pods selector
	for key, value := range svc.Spec.Selector {
		pods = append(pods, requirement{key, "In", []string{value}})
	}
	var out []backend
	for c := s.namespaces[ns].first; c < s.namespaces[ns].end; c++ {
		k := &s.classes[c]
		if pods.pods(k) == never {
			continue
		}
		for _, number := range s.targets(svc, at, port, k) {
			for _, e := range k.endpoints {
				out = append(out, backend{s.partyOf(e), Port{port.Protocol, number}})
			}
		}
	}
	slices.SortFunc(out, func(a, b backend) int { return int(a.party.endpoint) - int(b.party.endpoint) })
	return out
}

// targets returns the ports of the pods of a class that a Service port stands for.
func (s *state) targets(svc *corev1.Service, at int, port Port, k *class) []uint16 {
	if svc.Spec.ClusterIP == corev1.ClusterIPNone {
		return []uint16{port.Number}
	}
	target := svc.Spec.Ports[at].TargetPort
	switch {
	case target.Type == intstr.Int && target.IntVal == 0:
		return []uint16{port.Number} // as the API server fills it in
	case target.Type == intstr.Int && target.IntVal > 0 && target.IntVal <= lastPort:
		return []uint16{uint16(target.IntVal)}
	}
	t, _ := transportOf(port.Protocol)
	for _, named := range layoutOf(k.source) {
		if named.name == target.StrVal && named.transport == t {
			return []uint16{named.number}
		}
	}
	return nil
}

// sliceBackends returns the addresses that somebody has put behind a Service.
func (s *state) sliceBackends(name string, svc *corev1.Service, at int, port Port) []backend {
	var out []backend
	for _, slice := range s.services.slices[name] {
		for _, number := range slicePorts(slice, svc, at, port) {
			for _, endpoint := range slice.Endpoints {
				for _, text := range endpoint.Addresses {
					addr, err := netip.ParseAddr(text)
					if err != nil {
						continue
					}
					out = append(out, backend{s.partyAt(addr.Unmap().WithZone("")), Port{port.Protocol, number}})
				}
			}
		}
	}
	return out
}

// slicePorts returns the ports of a slice of the Service port's name.
func slicePorts(slice *discoveryv1.EndpointSlice, svc *corev1.Service, at int, port Port) []uint16 {
	if at < 0 {
		return []uint16{port.Number} // headless
	}
	var out []uint16
	for _, p := range slice.Ports {
		name, t := "", tcp
		if p.Name != nil {
			name = *p.Name
		}
		if p.Protocol != nil {
			t, _ = transportOf(*p.Protocol)
		}
		asked, _ := transportOf(port.Protocol)
		if name == svc.Spec.Ports[at].Name && t == asked && p.Port != nil && *p.Port > 0 && *p.Port <= lastPort {
			out = append(out, uint16(*p.Port))
		}
	}
	return out
}

// throughService answers for a Service: one pod behind it that can be reached is
// enough, since the connection may go to that one.
func (s *state) throughService(a Answer, from parties) Answer {
	backends, problem := s.backends(a.to.name, a.port)
	if problem != noProblem {
		a.problem = problem
		if problem == noServicePort {
			a.Verdict = Denied // nobody takes the connection; whether there are pods the input may not show
		}
		return a
	}
	rank := -1
	var out Answer
	for _, b := range backends {
		a.asked = b.port
		t, _ := transportOf(b.port.Protocol)
		one := s.best(a, from, parties{single: b.party}, t, b.port.Number)
		if r := rankOf(one.Verdict); r > rank {
			rank, out = r, one
		}
	}
	return out
}

// endpointName is the name by which Pod finds an endpoint.
func (s *state) endpointName(e int32) string {
	at := &s.endpoints[e]
	if u := &s.units[at.unit]; u.ref == at.ref {
		return u.name
	}
	name := at.ref.Namespace + "/" + at.ref.Name
	if s.byName[name] == -1-e {
		return name
	}
	return at.ref.Namespace + "/" + at.ref.Kind + "/" + at.ref.Name
}
