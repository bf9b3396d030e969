// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"fmt"
	"strings"
)

// An Answer says whether a connection can be opened. It keeps what it needs to say
// why, and belongs to the cluster as it was when it was asked.
type Answer struct {
	Verdict Verdict

	state    *state
	from, to Endpoint
	port     Port
	// The pair of pods that decides, if both ends are in the input.
	source, target party
	asked          Port     // of the pod, where to leads to a Service
	in             entrance // of that Service
	problem        problem
	doubt          string // why the answer is not that of the pair
}

// String gives the question, the verdict and, on a line each, the reasons:
// "staging/web to prod/db: TCP 5432 denied". That of the zero Answer is "unknown".
func (a Answer) String() string {
	if a.state == nil {
		return a.Verdict.String()
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s to %s: %s %s", a.from, a.to, a.port, a.Verdict)
	for _, r := range a.Why() {
		fmt.Fprintf(&b, "\n  %s", r)
	}
	return b.String()
}

// A problem is why there is no answer.
type problem uint8

const (
	noProblem problem = iota
	unknownSource
	ambiguousSource
	unknownTarget // as the two above, of the other end
	ambiguousTarget
	unknownProtocol
	serviceSource
	unknownService
	noServicePort
	externalService
	noBackend
	noLocalBackend
)

// Allowed answers whether from can open a connection to a port of to.
//
// A workload stands for its pods: one that can is enough. Asked about itself, the
// answer is about two of its pods. What the input does not hold is Unknown.
func (c *Cluster) Allowed(from, to Endpoint, port Port) Answer {
	return c.now.Load().allowed(from, to, port)
}

func (s *state) allowed(from, to Endpoint, port Port) Answer {
	a := Answer{state: s, from: from, to: to, port: port, asked: port}
	t, ok := transportOf(port.Protocol)
	if !ok || port.Number == 0 {
		a.problem = unknownProtocol
		return a
	}
	source, problem := s.resolve(from)
	if problem != noProblem {
		a.problem = problem
		return a
	}
	switch to.kind {
	case serviceEndpoint:
		return s.throughService(a, source, entrance{service: to.name, port: port})
	case addressEndpoint:
		if in, found := s.entranceTo(to.addr, port); found {
			return s.throughService(a, source, in)
		}
	default:
	}
	target, problem := s.resolve(to)
	if problem != noProblem {
		a.problem = problem + unknownTarget - unknownSource
		return a
	}
	return s.best(a, source, target, t, port.Number)
}

// Parties are what an endpoint stands for: the pods of a unit, or one party.
type parties struct {
	unit   *unit // nil if it is one party
	single party
}

// some returns endpoints that stand for all pods of the unit, apart by their nodes if
// these matter.
func (p parties) some(byNode bool) []int32 {
	switch {
	case p.unit == nil:
		return nil
	case byNode:
		return p.unit.places
	default:
		return p.unit.kinds
	}
}

// host reports whether some of the parties are on the network of a node.
func (p parties) host() bool { return p.unit == nil && p.single.host || p.unit != nil && p.unit.host }

// best asks about every pair of pods that something tells apart, and keeps the one that
// can do most.
func (s *state) best(a Answer, from, to parties, t transport, number uint16) Answer {
	byNode := from.host() || to.host()
	sources, targets := from.some(byNode), to.some(byNode)
	rank := -1
	for i := range max(1, len(sources)) {
		source := from.single
		if len(sources) > 0 {
			source = s.partyOf(sources[i])
		}
		for j := range max(1, len(targets)) {
			target := to.single
			if len(targets) > 0 {
				target = s.partyOf(targets[j])
			}
			if from.unit != nil && from.unit == to.unit && s.self(source, target) {
				var found bool
				if target, found = s.twin(to.unit, target); !found && len(to.unit.members) > 1 {
					continue
				}
			}
			source, target := s.sameFamily(source, target)
			v := Allowed
			if a.in.service != "" || !s.self(source, target) {
				v = s.judge(source, target, t, number, nil).verdict()
			}
			if r := rankOf(v); r > rank {
				rank = r
				a.Verdict, a.source, a.target = v, source, target
			}
			if v == Allowed {
				return a
			}
		}
	}
	return a
}

// twin returns another pod of the class of one in its unit, or that one.
func (s *state) twin(u *unit, of party) (party, bool) {
	for _, e := range u.members {
		if s.endpoints[e].class == of.class && e != of.endpoint {
			return s.partyOf(e), true
		}
	}
	return of, false
}

// rankOf orders verdicts by how much they let through.
func rankOf(v Verdict) int {
	switch v {
	case Allowed:
		return 2
	case Unknown:
		return 1
	default:
		return 0
	}
}

// resolve returns the pods that an endpoint stands for or, of an address, what it
// belongs to.
func (s *state) resolve(e Endpoint) (parties, problem) {
	switch e.kind {
	case podEndpoint:
		n, found := s.byName[e.name]
		switch {
		case found && n >= 0:
			return parties{unit: &s.units[n]}, noProblem
		case found:
			return parties{single: s.partyOf(-1 - n)}, noProblem
		case s.ambiguous[e.name] != nil:
			return parties{}, ambiguousSource
		}
	case serviceEndpoint:
		return parties{}, serviceSource
	case addressEndpoint:
		if !e.addr.IsValid() {
			break
		}
		if len(s.shared[e.addr]) > 0 {
			return parties{}, ambiguousSource
		}
		at := s.partyAt(e.addr)
		if at.class < 0 && len(s.services.byAddr[e.addr]) > 0 {
			return parties{}, serviceSource
		}
		return parties{single: at}, noProblem
	default:
	}
	return parties{}, unknownSource
}
