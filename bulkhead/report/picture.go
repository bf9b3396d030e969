// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"strings"

	"github.com/watertight-go/watertight/netpol/reach"
)

// A Picture is who can open a connection to whom, as plain data. All that is drawn
// is a function of it.
type Picture struct {
	Boundary Boundary
	// Namespaces are the compartments, in the order of their names: all that have a
	// pod or workload.
	Namespaces []Namespace
	// Arrows are between workloads, and between workloads and what is outside the
	// cluster, in order. There are none if there would be more than [MostArrows].
	Arrows []Arrow
	// Sums are the same added up by namespaces, always.
	Sums []Arrow
}

// MostArrows is how many flows of workloads a [Picture] holds one by one.
const MostArrows = 5000

// MostSums is how many sums a picture may have: those of 500 namespaces that all can
// connect to each other.
const MostSums = 250_000

// A Namespace is a compartment.
type Namespace struct {
	Name string
	// Workloads are the workloads and bare pods, named as [reach.Pod] does, without
	// the namespace.
	Workloads []string
}

// A Place is an end of an arrow: a workload; or, without one, a whole namespace; or,
// without either, what is outside the cluster.
type Place struct{ Namespace, Workload string }

// String gives "namespace/workload", "namespace" or "outside the cluster".
func (p Place) String() string {
	switch {
	case p == Place{}:
		return outside
	case p.Workload == "":
		return p.Namespace
	default:
		return p.Namespace + "/" + p.Workload
	}
}

const outside = "outside the cluster"

// An Arrow is the connections that can be opened from one place to another.
type Arrow struct {
	From, To Place
	// Ports are those that are open; of a sum, from some workload to some other.
	Ports reach.Ports
	// Verdict is Allowed, or Unknown for ports that may be open.
	Verdict reach.Verdict
	// Addresses says which ones outside the cluster, such as "10.0.0.0/8" or "any
	// address". It is empty for an arrow between two places inside.
	Addresses string
	// Flows is how many flows of workloads it stands for.
	Flows int
}

// Crosses reports whether an arrow is drawn in red.
func (p *Picture) Crosses(a Arrow) bool {
	return p.Boundary.crosses(a.From.Namespace, a.To.Namespace)
}

// detailed reports whether the arrows between workloads are all there.
func (p *Picture) detailed() bool { return p.Arrows != nil || len(p.Sums) == 0 }

// label says which ports, and which addresses.
func (a Arrow) label() string {
	ports := strings.ReplaceAll(a.Ports.String(), ";", "; ")
	if a.Ports.All() {
		ports = "all ports"
	}
	if a.Addresses == "" {
		return ports
	}
	return ports + ", " + a.Addresses
}

func (p Place) compare(q Place) int {
	return cmp.Or(cmp.Compare(p.Namespace, q.Namespace), cmp.Compare(p.Workload, q.Workload))
}

// compare puts what is sure before what is not. Ports decide only where one workload
// has two exchanges with addresses that are called the same.
func (a Arrow) compare(b Arrow) int {
	c := cmp.Or(a.From.compare(b.From), a.To.compare(b.To), cmp.Compare(b.Verdict, a.Verdict), cmp.Compare(a.Addresses, b.Addresses))
	if c == 0 {
		c = cmp.Compare(a.Ports.String(), b.Ports.String())
	}
	return c
}
