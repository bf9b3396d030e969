// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// Ports is a set of destination ports, over all protocols. The zero value is no
// port. Ports does not change once made.
type Ports struct {
	spans []span // sorted by transport and first port; neither overlapping nor touching
}

// AllPorts is every port of every protocol, and the protocols without ports.
func AllPorts() Ports { return Ports{everySpan()} }

// None reports whether the set is empty.
func (p Ports) None() bool { return len(p.spans) == 0 }

// All reports whether the set is [AllPorts].
func (p Ports) All() bool { return slices.Equal(p.spans, everySpan()) }

// Has reports whether a port is in the set.
func (p Ports) Has(port Port) bool {
	t, ok := transportOf(port.Protocol)
	return ok && contains(p.spans, t, port.Number)
}

// First returns the lowest port of the first protocol of the set, in the order TCP, UDP,
// SCTP. Found is false if there is none.
func (p Ports) First() (port Port, found bool) {
	for first := range p.Ranges() {
		return first, true
	}
	return Port{}, false
}

// Ranges yields the ports of the set as ranges, the first and the last port of each,
// both included: TCP before UDP before SCTP, and the lower before the higher. Of the
// protocols without ports, see [Ports.Portless].
func (p Ports) Ranges() iter.Seq2[Port, Port] {
	return func(yield func(first, last Port) bool) {
		for _, s := range p.spans {
			protocol := corev1.Protocol(s.transport.String())
			if s.transport != otherTransport && !yield(Port{protocol, s.first}, Port{protocol, s.last}) {
				return
			}
		}
	}
}

// Portless reports whether the set holds the protocols without ports, such as ICMP.
func (p Ports) Portless() bool { return contains(p.spans, otherTransport, 0) }

// Equal reports whether two sets are the same.
func (p Ports) Equal(q Ports) bool { return slices.Equal(p.spans, q.spans) }

func contains(spans []span, t transport, number uint16) bool {
	for _, s := range spans {
		if s.transport == t && s.first <= number && number <= s.last {
			return true
		}
	}
	return false
}

// String gives "TCP 80,443,8000-8100;UDP 53", or "all".
func (p Ports) String() string {
	switch {
	case p.All():
		return "all"
	case p.None():
		return "none"
	}
	var b strings.Builder
	for i, s := range p.spans {
		switch {
		case i > 0 && p.spans[i-1].transport == s.transport:
			b.WriteByte(',')
		case i > 0:
			b.WriteByte(';')
			fallthrough
		default:
			b.WriteString(s.transport.String())
			if s.transport != otherTransport {
				b.WriteByte(' ')
			}
		}
		switch {
		case s.transport == otherTransport:
		case s.first == s.last:
			fmt.Fprintf(&b, "%d", s.first)
		default:
			fmt.Fprintf(&b, "%d-%d", s.first, s.last)
		}
	}
	return b.String()
}

// MarshalText makes reports say what [Ports.String] says.
func (p Ports) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// normal sorts spans and joins those that overlap or touch. It owns its argument.
func normal(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int {
		return cmp.Or(cmp.Compare(a.transport, b.transport), cmp.Compare(a.first, b.first), cmp.Compare(a.last, b.last))
	})
	out := spans[:0]
	for _, s := range spans {
		if n := len(out); n > 0 && out[n-1].transport == s.transport && int(s.first) <= int(out[n-1].last)+1 {
			out[n-1].last = max(out[n-1].last, s.last)
		} else {
			out = append(out, s)
		}
	}
	return out
}

func union(a, b []span) []span { return normal(slices.Concat(a, b)) }

func intersect(a, b []span) []span {
	var out []span
	for len(a) > 0 && len(b) > 0 {
		x, y := a[0], b[0]
		if x.transport == y.transport && max(x.first, y.first) <= min(x.last, y.last) {
			out = append(out, span{x.transport, max(x.first, y.first), min(x.last, y.last)})
		}
		if x.transport < y.transport || x.transport == y.transport && x.last < y.last {
			a = a[1:]
		} else {
			b = b[1:]
		}
	}
	return out
}

// subtract returns what is in a and not in b.
func subtract(a, b []span) []span {
	var out []span
	for _, s := range a {
		first, gone := int(s.first), false
		for _, hole := range b {
			if hole.transport != s.transport || int(hole.last) < first {
				continue
			}
			if hole.first > s.last {
				break
			}
			if first < int(hole.first) {
				out = append(out, span{s.transport, uint16(first), hole.first - 1})
			}
			if first = int(hole.last) + 1; first > int(s.last) {
				gone = true
				break
			}
		}
		if !gone {
			out = append(out, span{s.transport, uint16(first), s.last})
		}
	}
	return out
}

// PortsOf returns the set of some ports.
func PortsOf(ports ...Port) Ports {
	var out []span
	for _, p := range ports {
		if t, ok := transportOf(p.Protocol); ok && p.Number > 0 {
			out = append(out, span{t, p.Number, p.Number})
		}
	}
	return Ports{normal(out)}
}

// PortRange returns the ports of a protocol from first to last, both included.
func PortRange(protocol corev1.Protocol, first, last uint16) Ports {
	t, ok := transportOf(protocol)
	if !ok || first == 0 || last < first {
		return Ports{}
	}
	return Ports{[]span{{t, first, last}}}
}

// Union returns the ports that are in either set.
func (p Ports) Union(q Ports) Ports { return Ports{union(p.spans, q.spans)} }

// Intersect returns the ports that are in both sets.
func (p Ports) Intersect(q Ports) Ports { return Ports{intersect(p.spans, q.spans)} }

// Minus returns the ports that are in p and not in q.
func (p Ports) Minus(q Ports) Ports { return Ports{subtract(p.spans, q.spans)} }
