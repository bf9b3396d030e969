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
		k.add(f.From, f.To, reach.External{Ports: f.Ports, Verdict: f.Verdict}, "")
		if len(k.sums) > MostSums {
			return nil, &SizeError{len(namespaces)}
		}
	}
	for _, w := range workloads {
		out, in, _ := c.External(w)
		for _, e := range merged(out) {
			k.add(w, reach.Endpoint{}, e.External, e.addresses)
		}
		for _, e := range merged(in) {
			k.add(reach.Endpoint{}, w, e.External, e.addresses)
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

// placeOf is a workload as a place. Nobody is what is outside the cluster.
func placeOf(e reach.Endpoint) Place {
	if e == (reach.Endpoint{}) {
		return Place{}
	}
	return Place{namespaceOf(e), strings.TrimPrefix(e.String(), e.Namespace()+"/")}
}

// namespaceOf is empty only for what is outside the cluster. A namespace without a
// name is none that an API server stores, but a file may have it.
func namespaceOf(e reach.Endpoint) string {
	if namespace := e.Namespace(); namespace != "" || e == (reach.Endpoint{}) {
		return namespace
	}
	return "(no name)"
}

// namespacesOf groups workloads, which may come in any order. Those without a flow
// count: that nothing reaches them is what a reader wants to see.
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

// A collector adds flows up by namespaces, and keeps them one by one as long as they
// are few. Ports of a sum are a union: they say that some workload can reach some
// other on each of them, not which.
type collector struct {
	arrows []Arrow
	many   bool
	sums   map[sumKey]*Arrow
	// Most flows are added to the same sum as the one before.
	last    *Arrow
	lastKey sumKey
}

type sumKey struct {
	from, to  string
	verdict   reach.Verdict
	addresses string
}

// add adds the ports that are open between two endpoints.
func (k *collector) add(from, to reach.Endpoint, open reach.External, addresses string) {
	a := Arrow{Ports: open.Ports, Verdict: open.Verdict, Addresses: addresses, Flows: 1}
	if k.many = k.many || len(k.arrows) == MostArrows; k.many {
		k.arrows = nil
	} else {
		a.From, a.To = placeOf(from), placeOf(to)
		k.arrows = append(k.arrows, a)
	}
	key := sumKey{namespaceOf(from), namespaceOf(to), open.Verdict, addresses}
	if k.last == nil || key != k.lastKey {
		k.last, k.lastKey = k.sums[key], key
	}
	if k.last == nil {
		a.From, a.To = Place{Namespace: key.from}, Place{Namespace: key.to}
		k.last = &a
		k.sums[key] = k.last
		return
	}
	k.last.Flows++
	if !k.last.Ports.All() && !k.last.Ports.Equal(a.Ports) { // most are equal
		k.last.Ports = k.last.Ports.Union(a.Ports)
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
