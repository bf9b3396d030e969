// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"cmp"
	"fmt"
	"net/netip"

	corev1 "k8s.io/api/core/v1"
)

// throughService answers for a Service: one pod behind it that can be reached is
// enough, since the connection may go to that one.
func (s *state) throughService(a Answer, from parties, in entrance) Answer {
	a.in = in
	found, problem := s.backends(in.service, in.port)
	if problem != noProblem {
		a.problem = problem
		if problem == noServicePort {
			a.Verdict = Denied // nobody takes the connection; whether there are pods the input may not show
		}
		return a
	}
	if in.node > 0 && s.keepsSource(in.service) {
		if found.list = s.onNode(found.list, in.node-1); len(found.list) == 0 {
			a.problem, a.Verdict = noLocalBackend, Denied
			return a
		}
	}
	rank := -1
	var out Answer
	for _, b := range found.list {
		a.asked = b.port
		t, _ := transportOf(b.port.Protocol)
		one := s.masqueraded(s.best(a, from, parties{single: b.party}, t, b.port.Number))
		if b.sure != surely && one.Verdict == Allowed {
			one.Verdict = Unknown
			one.doubt = fmt.Sprintf("it is not known whether %s takes connections to %s", s.partyName(b.party), a.toName())
		}
		if r := rankOf(one.Verdict); r > rank {
			rank, out = r, one
		}
		if out.Verdict == Allowed {
			return out
		}
	}
	if out.Verdict == Denied && found.names {
		out.Verdict = Unknown
		out.doubt = fmt.Sprintf("domain names are behind %s, and what they stand for is not in the input", a.toName())
	}
	return out
}

// keepsSource reports whether a Service passes connections from outside on as they
// come, and only to pods on the node that they come to (Kubernetes documentation,
// "Using Source IP").
func (s *state) keepsSource(service string) bool {
	return s.services.services[service].Spec.ExternalTrafficPolicy == corev1.ServiceExternalTrafficPolicyLocal
}

// onNode returns the backends on a node, and those that may be.
func (s *state) onNode(list []backend, node int32) []backend {
	var out []backend
	for _, b := range list {
		switch b.party.node {
		case node:
			out = append(out, b)
		case -1:
			b.sure = maybe
			out = append(out, b)
		}
	}
	return out
}

// masqueraded takes into account that a connection which comes to a Service from
// outside the cluster, or by an entrance for those, may arrive from the address of any
// node, and that of its own node no pod refuses. The upstream suites never ask.
func (s *state) masqueraded(a Answer) Answer {
	inner := a.source.class >= 0 && !a.in.outer
	if s.plane.untold == never || inner || s.keepsSource(a.in.service) || a.target.class < 0 {
		return a
	}
	t, _ := transportOf(a.asked.Protocol)
	switch a.Verdict {
	case Allowed:
		if s.fromEveryNode(a, t) && (a.in.node == 0 || s.leaves(a) == Allowed) {
			return a
		}
	case Denied:
		if s.leaves(a) == Denied {
			return a
		}
	default:
		return a
	}
	a.Verdict = Unknown
	a.doubt = fmt.Sprintf("%s may see the connection come from the address of a node, where policies judge it otherwise", s.partyName(a.target))
	return a
}

// leaves says whether the policies of the source let a connection through Service out,
// to the pod or, where the port of a node is asked for, to the node.
func (s *state) leaves(a Answer) Verdict {
	if a.source.class < 0 {
		return Allowed
	}
	t, _ := transportOf(a.asked.Protocol)
	out := s.half(egress, a.source, a.target, packet{transport: t, number: a.asked.Number, layout: s.layoutOf(a.target)}, nil)
	if a.in.node > 0 {
		node := s.nodeParty(a.in.node - 1)
		out |= s.half(egress, a.source, node, packet{transport: t, number: a.port.Number, layout: s.layoutOf(node)}, nil)
	}
	return out.verdict()
}

// fromEveryNode reports whether the target surely accepts the connection from every
// node of the input and, if there is none, from a node of any address.
func (s *state) fromEveryNode(a Answer, t transport) bool {
	known := false
	for i := range s.nodes {
		known = known || s.nodes[i].known
		if s.judge(s.nodeParty(int32(i)), a.target, t, a.asked.Number, nil) != accepts {
			return false
		}
	}
	if known {
		return true
	}
	for _, addr := range s.nodeAddresses(a) {
		node := party{peer: peer{class: -1, addr: addr}, endpoint: -1, node: -1}
		if s.judge(node, a.target, t, a.asked.Number, nil) != accepts {
			return false
		}
	}
	return true
}

// nodeAddresses returns addresses that stand for all that a node may have, of the
// family of those that the connection uses. No address stands for all where blocks may
// not match nodes.
func (s *state) nodeAddresses(a Answer) []netip.Addr {
	if s.plane.blockNodes != surely {
		return []netip.Addr{{}}
	}
	var out []netip.Addr
	for _, r := range atoms([]*side{s.side(a.target.class, ingress)}) {
		addr := first(r)
		if used := cmp.Or(a.to.addr, a.source.addr); !used.IsValid() || used.Is4() == addr.Is4() {
			out = append(out, addr)
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
