// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"net/netip"

	"github.com/watertight-go/watertight/bulkhead"
)

// A state is all that is known at one time. It does not change, so that any number
// of readers may share it while the next is made.
type state struct {
	*topology
	plane dataplane

	policies        [][]*policy // NetworkPolicies, by the number of their namespace
	homeless        []*policy   // those of namespaces without pods and without an object
	admin, baseline []*policy   // in order of precedence
	foreign         [][]bulkhead.Ref
	foreignCluster  []bulkhead.Ref
	foreignNodes    []bulkhead.Ref // those of foreignCluster that may be about nodes
	sides           [2][]*side     // by class
	ofNodes         [2]*side

	services *services
}

// side returns what governs the pods of a class.
func (s *state) side(c int32, d direction) *side {
	if int(c) >= len(s.sides[d]) {
		return s.ofNodes[d]
	}
	return s.sides[d][c]
}

// A party is an end of a connection as the engine sees it.
type party struct {
	peer
	endpoint int32 // -1 for a node and for an address outside the cluster
	node     int32 // -1 if it is not known
	host     bool
}

func (s *state) partyOf(e int32) party {
	at := &s.endpoints[e]
	return party{peer: peer{class: at.class}, endpoint: e, node: at.node, host: s.classes[at.class].host}
}

func (s *state) nodeParty(n int32) party {
	return party{peer: peer{class: s.nodes[n].class}, endpoint: -1, node: n, host: true}
}

// partyAt returns what has an address: a pod, a node, or something outside the cluster.
func (s *state) partyAt(addr netip.Addr) party {
	out := party{peer: peer{class: -1}, endpoint: -1, node: -1}
	if e, found := s.byAddr[addr]; found {
		out = s.partyOf(e)
	} else if n, found := s.nodeAddr[addr]; found {
		out = s.nodeParty(n)
	}
	out.addr = addr
	return out
}

// sameFamily gives an end of a connection its only address of the family of IP
// addresses that the other end is known to use.
func (s *state) sameFamily(a, b party) (party, party) {
	switch {
	case a.addr.IsValid() == b.addr.IsValid():
	case a.addr.IsValid():
		b.addr = s.onlyAddress(b, a.addr.Is4())
	default:
		a.addr = s.onlyAddress(a, b.addr.Is4())
	}
	return a, b
}

func (s *state) onlyAddress(p party, is4 bool) netip.Addr {
	var only netip.Addr
	for _, addr := range s.classes[p.class].addrs {
		if addr.Is4() != is4 {
			continue
		}
		if only.IsValid() {
			return netip.Addr{}
		}
		only = addr
	}
	return only
}

// ownNode says whether of two parties one is the node that the other runs on, or on
// its network. A pod that is yet to be made may run on any.
func (s *state) ownNode(a, b party) match {
	switch {
	case a.host == b.host || a.class < 0 || b.class < 0:
		return never
	case s.classes[a.class].anyLabels || s.classes[b.class].anyLabels:
		return maybe
	case a.node < 0 || b.node < 0:
		return s.plane.untold
	default:
		return matchIf(a.node == b.node)
	}
}

// self reports whether two parties are one pod.
func (s *state) self(a, b party) bool {
	return a.endpoint >= 0 && a.endpoint == b.endpoint && s.endpoints[a.endpoint].pod
}

// judge returns what may become of a connection between two parties, or of a pod to
// itself through a Service. The trace may be nil.
func (s *state) judge(from, to party, t transport, number uint16, tr *trace) outcomes {
	p := packet{transport: t, number: number, layout: s.layoutOf(to)}
	out := accepts
	if from.class >= 0 {
		out = s.half(egress, from, to, p, tr)
	}
	if to.class >= 0 {
		out = out.and(s.half(ingress, to, from, p, tr))
	}
	return out
}

// layoutOf returns the named ports of the pods of a party.
func (s *state) layoutOf(p party) *layout {
	if p.class < 0 {
		return &s.layouts[0]
	}
	return s.layout(p.class)
}

// half asks one side.
func (s *state) half(d direction, subject, other party, p packet, tr *trace) outcomes {
	out := outcomes(0)
	switch s.kubelet(d, subject, other) {
	case surely:
		tr.kubelet(d)
		return accepts
	case maybe:
		tr.kubelet(d)
		out = accepts
	case never:
	}
	p.peer, p.ownNode = other.peer, s.toOwnNode(d, subject, other)
	if s.self(subject, other) { // which NetworkPolicy leaves alone too, through a Service as well
		p.ownNode = surely
	}
	return out | s.side(subject.class, d).judge(p, s.plane.ordered, tr)
}

// kubelet says whether a connection comes from the node of the pod that it goes to,
// which no policy denies, since kubelet checks the health of pods (Kubernetes
// documentation, "Network Policies", "The two sorts of pod isolation").
func (s *state) kubelet(d direction, subject, other party) match {
	if d == egress || subject.host {
		return never
	}
	return s.ownNode(subject, other)
}

// toOwnNode says whether a connection goes to the node of its pod, which the same
// page promises of NetworkPolicy too, and not every dataplane keeps.
func (s *state) toOwnNode(d direction, subject, other party) match {
	if d == ingress || subject.host {
		return never
	}
	return s.ownNode(subject, other).and(s.plane.toOwnNode)
}

// pair returns the ports that are open between two parties of different pods.
func (e *evaluator) pair(from, to party) portRange {
	layout := int32(0)
	if to.class >= 0 {
		layout = e.classes[to.class].layout
	}
	out := portRange{allPorts, allPorts}
	if from.class >= 0 {
		out = e.half(egress, from, to, layout)
	}
	if to.class >= 0 && out.may != noPorts {
		out = e.both(out, e.half(ingress, to, from, layout))
	}
	return out
}

// half is the half of [state.half] for all ports.
func (e *evaluator) half(d direction, subject, other party, layout int32) portRange {
	s := e.state.side(subject.class, d)
	if subject.host == other.host || other.class < 0 { // neither is the node of the other
		return e.apart(s, subject.class, &other.peer, layout)
	}
	free := e.kubelet(d, subject, other)
	if free == surely {
		return portRange{allPorts, allPorts}
	}
	out := e.side(s, other.peer, layout, e.toOwnNode(d, subject, other))
	if free == maybe {
		out.may = allPorts
	}
	return out
}
