// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"fmt"
	"iter"
	"slices"

	corev1 "k8s.io/api/core/v1"
)

// A Flow is the connections that one workload, or bare pod, can open to another.
type Flow struct {
	From, To Endpoint
	Ports    Ports
	// Verdict is Allowed, or Unknown for ports that may be open. A pair with both
	// has a Flow of each.
	Verdict Verdict
}

// String gives "shop/web to shop/db: TCP 5432", with "(unknown)" after it where the
// ports only may be open.
func (f Flow) String() string {
	text := fmt.Sprintf("%s to %s: %s", f.From, f.To, f.Ports)
	if f.Verdict == Unknown {
		text += " (unknown)"
	}
	return text
}

// Why returns what decides about a flow, as [Answer.Why] does: for the first port of
// each range of its ports, and once where ranges share a reason. It asks the cluster
// as it is now, which an update since may have changed.
func (c *Cluster) Why(f Flow) []Reason {
	s := c.now.Load()
	var out []Reason
	for _, ports := range f.Ports.spans {
		for _, r := range s.answerAt(f, ports).Why() {
			told := func(before Reason) bool {
				before.Text = r.Text // names the port
				return before == r
			}
			if !slices.ContainsFunc(out, told) {
				out = append(out, r)
			}
		}
	}
	return out
}

// answerAt answers about the first of some ports of a flow.
func (s *state) answerAt(f Flow, ports span) Answer {
	port := Port{corev1.Protocol(ports.transport.String()), ports.first}
	if ports.transport != otherTransport {
		return s.allowed(f.From, f.To, port)
	}
	a := Answer{state: s, from: f.From, to: f.To, port: port, asked: port}
	from, noSource := s.resolve(f.From)
	to, noTarget := s.resolve(f.To)
	if noSource != noProblem || noTarget != noProblem {
		return s.allowed(f.From, f.To, TCP(1)) // tells which of them it is
	}
	return s.best(a, from, to, ports.transport, ports.first)
}

// Flows yields the flows between different workloads, in the order of their
// namespaces and names. They are worked out as they are asked for, and all are of
// the cluster as it was when the first was.
func (c *Cluster) Flows() iter.Seq[Flow] {
	s := c.now.Load()
	return s.flows(s.allUnits(), s.allUnits())
}

// Between yields the flows from workloads in some namespaces to workloads in others.
// Replies are no flows: what goes the other way is another question. A namespace that
// nobody has has no flows either, so a test does better with reachtest.NoFlow.
func (c *Cluster) Between(from, to []string) iter.Seq[Flow] {
	s := c.now.Load()
	return s.flows(s.unitsOf(from), s.unitsOf(to))
}

func (s *state) allUnits() set { return allUpTo(len(s.units)) }

// unitsOf returns the units of some namespaces.
func (s *state) unitsOf(namespaces []string) set {
	out := newSet(0, len(s.units))
	for i, u := range s.units {
		if slices.Contains(namespaces, s.namespaces[u.ns].name) {
			out.add(int32(i))
		}
	}
	return out
}

func (s *state) flows(from, to set) iter.Seq[Flow] {
	return func(yield func(Flow) bool) {
		w := newWalk(s, newRows(s))
		for u := range from.each {
			for v, ports := range w.open(u, to) {
				for _, f := range w.flowsOf(u, v, ports) {
					if !yield(f) {
						return
					}
				}
			}
		}
	}
}

// flowsOf returns a flow of what is surely open, and one of what else may be.
func (w *walk) flowsOf(u, v int32, ports portRange) []Flow {
	out := w.buffer[:0]
	flow := Flow{From: Pod(w.units[u].name), To: Pod(w.units[v].name)}
	if ports.must != noPorts {
		flow.Ports, flow.Verdict = w.ports(ports.must), Allowed
		out = append(out, flow)
	}
	if rest := w.minus(ports.may, ports.must); rest != noPorts {
		flow.Ports, flow.Verdict = w.ports(rest), Unknown
		out = append(out, flow)
	}
	return out
}
