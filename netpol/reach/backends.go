// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// A Backend is what stands behind a port of a Service. Policies see the connection
// after it was translated: to the pod, and to the port of the pod.
type Backend struct {
	Endpoint Endpoint // a pod or workload, or an address that was put behind the Service
	Port     Port
	// Perhaps says that the Service may not select the pod: the control plane gives it a
	// label of which only the key is known.
	Perhaps bool
}

// Backends returns what a connection to a port of a Service goes to: the pods that
// its selector selects, with a named target port as each of them has it, or the
// addresses of its EndpointSlices or Endpoints if it has no selector. A headless
// Service translates nothing: the port is the pod's own. Of an ExternalName there are
// none, and the name is what DNS answers with. Known is false if the Service is not in
// the input, or is an ExternalName.
func (c *Cluster) Backends(service string, port Port) (backends []Backend, known bool) {
	s := c.now.Load()
	found, problem := s.backends(service, port)
	for _, b := range found.list {
		e := Endpoint{kind: addressEndpoint, addr: b.party.addr}
		if b.party.endpoint >= 0 {
			e = Pod(s.endpointName(b.party.endpoint))
		}
		backends = append(backends, Backend{e, b.port, b.sure != surely})
	}
	return backends, problem == noProblem || problem == noServicePort || problem == noBackend
}

// behind is what stands behind a port of a Service.
type behind struct {
	list  []backend
	names bool // domain names too, and what they stand for is not known
}

type backend struct {
	party party
	port  Port
	sure  match // whether it surely is one
}

// backends returns the pods and addresses behind a port of a Service.
func (s *state) backends(name string, port Port) (behind, problem) {
	svc, found := s.services.services[name]
	if !found {
		return behind{}, unknownService
	}
	if svc.Spec.Type == corev1.ServiceTypeExternalName {
		return behind{}, externalService
	}
	at := portOf(svc, port)
	if at < 0 && svc.Spec.ClusterIP != corev1.ClusterIPNone {
		return behind{}, noServicePort
	}
	var out behind
	switch {
	case len(svc.Spec.Selector) > 0:
		out.list = s.podBackends(svc, at, port)
	case len(s.services.slices[name]) > 0:
		out = s.sliceBackends(name, svc, at, port)
	default:
		out.list = s.endpointsBackends(name, svc, at, port)
	}
	if len(out.list) == 0 {
		return out, noBackend
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
		selects := pods.pods(k)
		number, listens := targetPort(svc, at, port, k)
		if selects == never || !listens {
			continue
		}
		for _, e := range k.endpoints {
			out = append(out, backend{s.partyOf(e), Port{port.Protocol, number}, selects})
		}
	}
	slices.SortFunc(out, func(a, b backend) int { return int(a.party.endpoint) - int(b.party.endpoint) })
	return out
}

// targetPort returns the port of the pods of a class that a Service port stands for, if
// there is one.
func targetPort(svc *corev1.Service, at int, port Port, k *class) (uint16, bool) {
	if svc.Spec.ClusterIP == corev1.ClusterIPNone {
		return port.Number, true
	}
	target := svc.Spec.Ports[at].TargetPort
	number := target.IntVal
	switch {
	case target.Type == intstr.String:
		t, _ := transportOf(port.Protocol)
		number, _ = k.source.Number(target.StrVal, corev1.Protocol(t.String()))
	case number == 0:
		return port.Number, true // as the API server fills it in
	}
	return uint16(number), number > 0 && number <= lastPort
}

// sliceBackends returns the addresses that somebody has put behind a Service.
func (s *state) sliceBackends(name string, svc *corev1.Service, at int, port Port) behind {
	var out behind
	for _, slice := range s.services.slices[name] {
		var offers []offer
		for _, p := range slice.Ports {
			offers = append(offers, offer{deref(p.Name), deref(p.Protocol), deref(p.Port)})
		}
		for _, number := range translated(svc, at, port, offers) {
			if slice.AddressType == discoveryv1.AddressTypeFQDN {
				out.names = out.names || len(slice.Endpoints) > 0
				continue
			}
			for _, endpoint := range slice.Endpoints {
				out.list = append(out.list, s.put(endpoint.Addresses, Port{port.Protocol, number})...)
			}
		}
	}
	return out
}

// endpointsBackends returns those of an Endpoints object, of which the control plane
// makes EndpointSlices.
func (s *state) endpointsBackends(name string, svc *corev1.Service, at int, port Port) []backend {
	o := s.services.endpoints[name]
	if o == nil {
		return nil
	}
	var out []backend
	for _, subset := range o.Subsets {
		var offers []offer
		for _, p := range subset.Ports {
			offers = append(offers, offer{p.Name, p.Protocol, p.Port})
		}
		for _, number := range translated(svc, at, port, offers) {
			for _, addr := range slices.Concat(subset.Addresses, subset.NotReadyAddresses) {
				out = append(out, s.put([]string{addr.IP}, Port{port.Protocol, number})...)
			}
		}
	}
	return out
}

// An offer is a port of addresses behind a Service.
type offer struct {
	name     string
	protocol corev1.Protocol
	number   int32
}

// translated returns the ports of addresses that a port of a Service stands for: those
// of its name and protocol or, of a headless Service, the port itself.
func translated(svc *corev1.Service, at int, asked Port, offers []offer) []uint16 {
	if svc.Spec.ClusterIP == corev1.ClusterIPNone {
		return []uint16{asked.Number}
	}
	want, _ := transportOf(asked.Protocol)
	var out []uint16
	for _, o := range offers {
		if t, known := transportOf(o.protocol); known && t == want && o.name == svc.Spec.Ports[at].Name && o.number > 0 && o.number <= lastPort {
			out = append(out, uint16(o.number))
		}
	}
	return out
}

// put returns what has some addresses, as backends.
func (s *state) put(addrs []string, port Port) []backend {
	var out []backend
	for _, text := range addrs {
		addr, ok := parseAddress(text)
		if !ok {
			continue
		}
		sharers := s.shared[addr]
		for _, e := range sharers {
			out = append(out, backend{s.partyOf(e), port, maybe})
		}
		if len(sharers) == 0 {
			out = append(out, backend{s.partyAt(addr), port, surely})
		}
	}
	return out
}

func deref[T any](p *T) T {
	if p == nil {
		return *new(T)
	}
	return *p
}
