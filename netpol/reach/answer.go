// SPDX-License-Identifier: Apache-2.0

package reach

// An Answer says whether a connection can be opened. It keeps what it needs to say
// why, and belongs to the cluster as it was when it was asked.
type Answer struct {
	Verdict Verdict

	state    *state
	from, to Endpoint
	port     Port
	// The pair of pods that decides, if both ends are in the input.
	source, target party
	asked          Port // of the pod, where to is a Service
	problem        problem
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
	if from.kind == serviceEndpoint {
		a.problem = serviceSource
		return a
	}
	sources, single, problem := s.resolve(from)
	if problem != noProblem {
		a.problem = problem
		return a
	}
	if to.kind == serviceEndpoint {
		return s.throughService(a, sources, single)
	}
	targets, singleTarget, problem := s.resolve(to)
	if problem != noProblem {
		a.problem = problem + unknownTarget - unknownSource
		return a
	}
	return s.best(a, sources, single, targets, singleTarget, t, port.Number)
}

// best asks about every pair of pods, and keeps the one that can do most.
func (s *state) best(a Answer, sources []int32, source party, targets []int32, target party, t transport, number uint16) Answer {
	rank := -1
	for i := range max(1, len(sources)) {
		if len(sources) > 0 {
			source = s.partyOf(sources[i])
		}
		for j := range max(1, len(targets)) {
			if len(targets) > 0 {
				target = s.partyOf(targets[j])
			}
			v := s.judge(source, target, t, number, nil).verdict()
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
func (s *state) resolve(e Endpoint) (pods []int32, single party, p problem) {
	switch e.kind {
	case podEndpoint:
		n, found := s.byName[e.name]
		switch {
		case found && n >= 0:
			return s.units[n].members, party{}, noProblem
		case found:
			return nil, s.partyOf(-1 - n), noProblem
		case s.ambiguous[e.name] != nil:
			return nil, party{}, ambiguousSource
		}
	case addressEndpoint:
		if !e.addr.IsValid() {
			break
		}
		if at, found := s.byAddr[e.addr]; found {
			return nil, s.partyOf(at), noProblem
		}
		if n, found := s.nodeAddr[e.addr]; found {
			return nil, s.nodeParty(n), noProblem
		}
		return nil, party{peer: peer{class: -1, addr: e.addr}, endpoint: -1, node: -1}, noProblem
	default:
	}
	return nil, party{}, unknownSource
}
