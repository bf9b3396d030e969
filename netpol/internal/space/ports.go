// SPDX-License-Identifier: Apache-2.0

package space

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// Ports is a set of destination ports. They are those of a protocol by number, or by
// the name that each receiving pod gives to a port of its own. Every port of every
// protocol is more than all numbers of TCP, UDP and SCTP: there are protocols
// without ports.
//
// A name stands for one port at least of its protocol, and nobody knows which until
// [Ports.Resolve]. It is a port of its protocol all the same, so that all numbers
// cover it.
type Ports struct {
	every   bool
	numbers ranges[port]
	names   []portName // in order, each once, none of a protocol with all numbers
}

// A port is a number of a protocol.
type port struct {
	protocol corev1.Protocol
	number   int32
}

// Compare orders by protocol, then by number.
func (p port) Compare(q port) int {
	if byProtocol := cmp.Compare(p.protocol, q.protocol); byProtocol != 0 {
		return byProtocol
	}
	return cmp.Compare(p.number, q.number)
}

// Next returns the number after this one.
func (p port) Next() port { return port{p.protocol, p.number + 1} }

// Prev returns the number before this one.
func (p port) Prev() port { return port{p.protocol, p.number - 1} }

type portName struct {
	protocol corev1.Protocol
	name     string
}

func (n portName) compare(m portName) int {
	return cmp.Or(cmp.Compare(n.protocol, m.protocol), cmp.Compare(n.name, m.name))
}

// EveryPort returns every port of every protocol, and the protocols without ports.
func EveryPort() Ports { return Ports{every: true} }

// AllNumbers returns every port of a protocol.
func AllNumbers(protocol corev1.Protocol) Ports { return PortRange(protocol, 1, 65535) }

// OnePort returns the set of a port.
func OnePort(protocol corev1.Protocol, number int32) Ports {
	return PortRange(protocol, number, number)
}

// PortRange returns the ports from first to last, none if first is the greater.
func PortRange(protocol corev1.Protocol, first, last int32) Ports {
	if first > last {
		return Ports{}
	}
	return Ports{numbers: ranges[port]{{port{protocol, first}, port{protocol, last}}}}
}

// NamedPort returns the ports that pods call by a name, of the protocols.
func NamedPort(name string, protocols ...corev1.Protocol) Ports {
	names := make([]portName, len(protocols))
	for i, protocol := range protocols {
		names[i] = portName{protocol, name}
	}
	return Ports{}.with(names)
}

// with adds names that the numbers do not cover.
func (p Ports) with(names []portName) Ports {
	names = slices.DeleteFunc(names, func(n portName) bool { return p.hasAll(n.protocol) })
	slices.SortFunc(names, portName.compare)
	if names = slices.Compact(names); len(names) > 0 {
		p.names = names
	}
	return p
}

// hasAll reports whether the numbers are all that a protocol has.
func (p Ports) hasAll(protocol corev1.Protocol) bool {
	return p.every || p.numbers.holds(span[port]{port{protocol, 1}, port{protocol, 65535}})
}

// Union returns the ports that are in any of the sets. It sorts.
func (p Ports) Union(more ...Ports) Ports {
	every, numbers, names := p.every, slices.Clone(p.numbers), slices.Clone(p.names)
	for _, m := range more {
		every = every || m.every
		numbers, names = append(numbers, m.numbers...), append(names, m.names...)
	}
	if every {
		return EveryPort()
	}
	return Ports{numbers: join(numbers)}.with(names)
}

// Intersect returns the ports that are in both sets whatever names stand for: a name
// beside some numbers is left out, since it may be another one.
func (p Ports) Intersect(q Ports) Ports {
	switch {
	case p.every:
		return q
	case q.every:
		return p
	}
	var names []portName
	for _, n := range p.names {
		if q.covers(n) {
			names = append(names, n)
		}
	}
	for _, n := range q.names {
		if p.covers(n) {
			names = append(names, n)
		}
	}
	return Ports{numbers: p.numbers.intersect(q.numbers)}.with(names)
}

// Covers reports whether every port of q is in p, whatever names stand for. Its time
// is proportional to the size of q, and to the logarithm of that of p.
func (p Ports) Covers(q Ports) bool {
	if p.every || q.every {
		return p.every
	}
	return p.numbers.covers(q.numbers) && !slices.ContainsFunc(q.names, func(n portName) bool { return !p.covers(n) })
}

func (p Ports) covers(n portName) bool {
	_, found := slices.BinarySearchFunc(p.names, n, portName.compare)
	return found || p.hasAll(n.protocol)
}

// Overlaps reports whether a port is in both sets, whatever names stand for.
func (p Ports) Overlaps(q Ports) bool {
	switch {
	case p.every:
		return !q.Empty()
	case q.every:
		return !p.Empty()
	}
	return p.numbers.overlaps(q.numbers) || slices.ContainsFunc(p.names, q.covers) || slices.ContainsFunc(q.names, p.covers)
}

// MayOverlap reports whether a port is in both sets for some meaning of the names.
func (p Ports) MayOverlap(q Ports) bool {
	return p.Overlaps(q) || slices.ContainsFunc(p.names, q.anyOf) || slices.ContainsFunc(q.names, p.anyOf)
}

// anyOf reports whether there are ports of the protocol of a name.
func (p Ports) anyOf(n portName) bool {
	return p.numbers.overlaps(ranges[port]{{port{n.protocol, 1}, port{n.protocol, 65535}}}) ||
		slices.ContainsFunc(p.names, func(m portName) bool { return m.protocol == n.protocol })
}

// Resolve replaces each name by the numbers that one pod has for it. It sorts.
func (p Ports) Resolve(numbersOf func(name string, protocol corev1.Protocol) []int32) Ports {
	if len(p.names) == 0 {
		return p
	}
	numbers := slices.Clone(p.numbers)
	for _, n := range p.names {
		for _, number := range numbersOf(n.name, n.protocol) {
			at := port{n.protocol, number}
			numbers = append(numbers, span[port]{at, at})
		}
	}
	return Ports{every: p.every, numbers: join(numbers)}
}

// Has reports whether a port is in the set, whatever names stand for. It takes
// logarithmic time.
func (p Ports) Has(protocol corev1.Protocol, number int32) bool {
	at := port{protocol, number}
	return p.every || p.numbers.holds(span[port]{at, at})
}

// Empty reports whether there is no port in the set.
func (p Ports) Empty() bool { return !p.every && len(p.numbers)+len(p.names) == 0 }

// String lists the ports in order, as in `TCP 80, TCP 8000-8080, UDP "dns"`. Sets
// that differ have different lists.
func (p Ports) String() string {
	if p.every {
		return "every port"
	}
	var out []string
	for _, s := range p.numbers {
		text := fmt.Sprintf("%s %d", s.first.protocol, s.first.number)
		if s.first != s.last {
			text += fmt.Sprintf("-%d", s.last.number)
		}
		out = append(out, text)
	}
	for _, n := range p.names {
		out = append(out, fmt.Sprintf("%s %q", n.protocol, n.name))
	}
	return strings.Join(out, ", ")
}
