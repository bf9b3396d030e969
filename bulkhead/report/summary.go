// SPDX-License-Identifier: Apache-2.0

package report

import (
	"strings"

	"github.com/watertight-go/watertight/netpol/reach"
)

// A kind is how an arrow is drawn.
type kind int

const (
	inside   kind = iota // a namespace
	between              // namespaces, and not in red
	crossing             // in red
	outward              // to or from outside the cluster
)

// kindOf decides in the order in which kinds matter.
func (p *Picture) kindOf(a Arrow) kind {
	switch {
	case p.Crosses(a):
		return crossing
	case a.From == Place{} || a.To == Place{}:
		return outward
	case a.From.Namespace == a.To.Namespace:
		return inside
	default:
		return between
	}
}

// A tally counts flows, and those among them that only may be open.
type tally struct{ flows, unknown int }

func (t *tally) add(a Arrow) {
	t.flows += a.Flows
	if a.Verdict == reach.Unknown {
		t.unknown += a.Flows
	}
}

func (t tally) String() string {
	if t.unknown == 0 {
		return count(t.flows, "flow")
	}
	return count(t.flows, "flow") + " (" + grouped(t.unknown) + " unknown)"
}

// tallies counts the flows of each kind. Sums have them all, whatever is drawn.
func (p *Picture) tallies() [outward + 1]tally {
	var out [outward + 1]tally
	for _, a := range p.Sums {
		out[p.kindOf(a)].add(a)
	}
	return out
}

// Summary says in a line how many flows there are of each kind, such as "5 workloads
// in 2 namespaces: 12 flows inside namespaces, 3 flows (1 unknown) cross a boundary,
// 4 flows to or from outside the cluster". A flow is a pair of workloads, or a workload
// and a range of addresses, with some port open.
func (p *Picture) Summary() string {
	if len(p.Namespaces) == 0 {
		return "No pod or workload in the input: there is nothing to show."
	}
	workloads := 0
	for _, n := range p.Namespaces {
		workloads += len(n.Workloads)
	}
	counts := p.tallies()
	parts := []string{counts[inside].String() + " inside namespaces"}
	if p.Boundary.named() {
		parts = append(parts, counts[crossing].String()+" from "+p.Boundary.sides(" to "))
	} else {
		parts = append(parts, counts[crossing].String()+verb(counts[crossing].flows, " crosses", " cross")+" a boundary")
	}
	if counts[between].flows > 0 {
		parts = append(parts, counts[between].String()+" between other namespaces")
	}
	if counts[outward].flows > 0 {
		parts = append(parts, counts[outward].String()+" to or from outside the cluster")
	}
	return count(workloads, "workload") + " in " + count(len(p.Namespaces), "namespace") + ": " + strings.Join(parts, ", ") + "."
}

func verb(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// sides names both sides, each cut if it is long.
func (b Boundary) sides(to string) string {
	return side(b.From) + to + side(b.Away)
}

func side(names []string) string {
	const few = 3
	if len(names) > few {
		return shorten(clean(names[0]), longestName) + " and " + count(len(names)-1, "more namespace")
	}
	short := make([]string, len(names))
	for i, name := range names {
		short[i] = shorten(clean(name), longestName)
	}
	return strings.Join(short, ", ")
}
