// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/netpol/reach"
)

// NewPicture works out all flows of a cluster, and what its workloads can exchange
// with addresses outside. It fails with a [BoundaryError] if the boundary has an
// empty side, a namespace on both sides, or one without workloads. A cluster without
// workloads gives a picture that says so, one with more than [MostSums] sums a [SizeError].
//
// The flows are gone over once and not held, so that a large cluster costs no more
// than its sums.
func NewPicture(c *reach.Cluster, b Boundary) (*Picture, error) {
	workloads := c.Workloads()
	namespaces := namespacesOf(workloads)
	names := make([]string, len(namespaces))
	for i, n := range namespaces {
		names[i] = n.Name
	}
	boundary, err := b.checked(names)
	if err != nil {
		return nil, err
	}
	k := collector{sums: make(map[sumKey]*Arrow)}
	for f := range c.Flows() {
		k.add(Arrow{From: placeOf(f.From), To: placeOf(f.To), Ports: f.Ports, Verdict: f.Verdict, Flows: 1})
		if len(k.sums) > MostSums {
			return nil, &SizeError{len(namespaces)}
		}
	}
	for _, w := range workloads {
		out, in, _ := c.External(w)
		for _, e := range merged(out) {
			k.add(Arrow{From: placeOf(w), Ports: e.Ports, Verdict: e.Verdict, Addresses: e.addresses, Flows: 1})
		}
		for _, e := range merged(in) {
			k.add(Arrow{To: placeOf(w), Ports: e.Ports, Verdict: e.Verdict, Addresses: e.addresses, Flows: 1})
		}
	}
	p := &Picture{Boundary: boundary, Namespaces: namespaces, Arrows: k.arrows, Sums: k.sorted()}
	slices.SortFunc(p.Arrows, Arrow.compare)
	return p, nil
}

// A SizeError says that a cluster has flows between too many namespaces for a picture.
type SizeError struct{ Namespaces int }

// Error says how many, and what would be few enough.
func (e *SizeError) Error() string {
	return fmt.Sprintf("a picture of %d namespaces has more than %d sums of flows; ask for fewer namespaces", e.Namespaces, MostSums)
}

// placeOf is a workload as a place.
func placeOf(e reach.Endpoint) Place {
	namespace := e.Namespace()
	return Place{namespace, strings.TrimPrefix(e.String(), namespace+"/")}
}

// namespacesOf groups workloads, which may come in any order.
func namespacesOf(workloads []reach.Endpoint) []Namespace {
	by := make(map[string][]string)
	for _, w := range workloads {
		p := placeOf(w)
		by[p.Namespace] = append(by[p.Namespace], p.Workload)
	}
	var out []Namespace
	for _, name := range slices.Sorted(maps.Keys(by)) {
		slices.Sort(by[name])
		out = append(out, Namespace{name, by[name]})
	}
	return out
}

// A collector adds arrows up by namespaces, and keeps them as long as they are few.
type collector struct {
	arrows []Arrow
	many   bool
	sums   map[sumKey]*Arrow
}

type sumKey struct {
	from, to  string
	verdict   reach.Verdict
	addresses string
}

func (k *collector) add(a Arrow) {
	if k.many = k.many || len(k.arrows) == MostArrows; k.many {
		k.arrows = nil
	} else {
		k.arrows = append(k.arrows, a)
	}
	key := sumKey{a.From.Namespace, a.To.Namespace, a.Verdict, a.Addresses}
	sum := k.sums[key]
	if sum == nil {
		a.From.Workload, a.To.Workload = "", ""
		k.sums[key] = &a
		return
	}
	sum.Flows++
	if !sum.Ports.All() && !sum.Ports.Equal(a.Ports) { // most are equal
		sum.Ports = sum.Ports.Union(a.Ports)
	}
}

func (k *collector) sorted() []Arrow {
	var out []Arrow
	for _, a := range k.sums {
		out = append(out, *a)
	}
	slices.SortFunc(out, Arrow.compare)
	return out
}
