// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/netpol/reach"
)

// A Boundary says what a picture shows in red: the flows from the namespaces of one
// side to those of the other, such as from staging to production. The zero Boundary
// takes every namespace for a compartment of its own, so that each flow between two
// namespaces is red. What an address outside the cluster takes part in is never red.
type Boundary struct {
	From []string // namespaces
	Away []string // namespaces that From is to be held away from
}

// A BoundaryError tells all that keeps a [Boundary] from holding anything apart.
type BoundaryError struct{ Problems []string }

// Error joins the problems.
func (e *BoundaryError) Error() string { return "boundary: " + strings.Join(e.Problems, "; ") }

// named reports whether the boundary names its sides.
func (b Boundary) named() bool { return len(b.From)+len(b.Away) > 0 }

// Crossing returns the flows of a cluster from the one side to the other. It fails with
// a [BoundaryError] as [NewPicture] does, and if the boundary names no sides.
func (b Boundary) Crossing(c *reach.Cluster) (iter.Seq[reach.Flow], error) {
	if !b.named() {
		return nil, &BoundaryError{[]string{"From and Away name no namespace"}}
	}
	var names []string
	for _, n := range namespacesOf(c.Workloads()) {
		names = append(names, n.Name)
	}
	b, err := b.checked(names)
	if err != nil {
		return nil, err
	}
	return c.Between(b.From, b.Away), nil
}

// crosses reports whether flows from one namespace to another are red. No namespace
// is what is outside the cluster.
func (b Boundary) crosses(from, to string) bool {
	if b.named() {
		return slices.Contains(b.From, from) && slices.Contains(b.Away, to)
	}
	return from != to && from != "" && to != ""
}

// sideOf tells the side of a namespace in a word, if it has one.
func (b Boundary) sideOf(namespace string) string {
	switch {
	case slices.Contains(b.From, namespace):
		return "from"
	case slices.Contains(b.Away, namespace):
		return "away"
	default:
		return ""
	}
}

// checked returns the boundary with its sides in order, each name once. A side that
// is empty, or that names what is not there, would make a picture without red that
// shows nothing.
func (b Boundary) checked(namespaces []string) (Boundary, error) {
	out := Boundary{From: slices.Clone(b.From), Away: slices.Clone(b.Away)}
	if !out.named() {
		return out, nil
	}
	var problems []string
	for _, side := range []struct {
		name  string
		names *[]string
	}{{"From", &out.From}, {"Away", &out.Away}} {
		slices.Sort(*side.names)
		*side.names = slices.Compact(*side.names)
		if len(*side.names) == 0 {
			problems = append(problems, side.name+" names no namespace")
		}
		for _, name := range *side.names {
			if !slices.Contains(namespaces, name) {
				problems = append(problems, fmt.Sprintf("%s: there is no pod or workload in namespace %q", side.name, name))
			}
		}
	}
	for _, name := range out.From {
		if slices.Contains(out.Away, name) {
			problems = append(problems, fmt.Sprintf("namespace %q is on both sides", name))
		}
	}
	if len(problems) > 0 {
		return Boundary{}, &BoundaryError{problems}
	}
	return out, nil
}
