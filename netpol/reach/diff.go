// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"maps"
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
)

// Changes are what differs between two clusters: the flows, those between pods of one
// workload included, and what workloads can exchange with addresses outside. Workloads
// are matched by kind, namespace and name.
type Changes struct {
	Added, Removed []Flow   // of pairs without a flow before, or without one after
	Changed        []Change // of the others
	External       []ExternalChange
}

// None reports whether there is no change.
func (c Changes) None() bool {
	return len(c.Added)+len(c.Removed)+len(c.Changed)+len(c.External) == 0
}

// A Change is a pair whose open ports differ.
type Change struct {
	From, To      Endpoint
	Before, After Openness
}

// An Openness is the ports that are open between two workloads, and those that may be.
type Openness struct{ Allowed, Unknown Ports }

func (o Openness) equal(p Openness) bool {
	return o.Allowed.Equal(p.Allowed) && o.Unknown.Equal(p.Unknown)
}

// Flows returns the flows of a pair: one of each kind that is not empty.
func (o Openness) Flows(from, to Endpoint) []Flow {
	var out []Flow
	if !o.Allowed.None() {
		out = append(out, Flow{from, to, o.Allowed, Allowed})
	}
	if !o.Unknown.None() {
		out = append(out, Flow{from, to, o.Unknown, Unknown})
	}
	return out
}

// Diff compares two clusters, in the order of namespaces and names.
func Diff(before, after *Cluster) Changes {
	old, young := newTable(before.now.Load()), newTable(after.now.Load())
	var out Changes
	for _, ref := range mergedRefs(old, young) {
		out.External = append(out.External, externalChanges(old, young, ref)...)
	}
	for _, from := range mergedRefs(old, young) {
		rows := [2]map[bulkhead.Ref]Openness{old.row(from), young.row(from)}
		var targets []bulkhead.Ref
		for i, row := range rows {
			for to, open := range row {
				if other, found := rows[1-i][to]; !found || i == 0 && !open.equal(other) {
					targets = append(targets, to)
				}
			}
		}
		slices.SortFunc(targets, bulkhead.Ref.Compare)
		for _, to := range targets {
			was, wasThere := rows[0][to]
			is, isThere := rows[1][to]
			switch {
			case !wasThere:
				out.Added = append(out.Added, is.Flows(young.name(from), young.name(to))...)
			case !isThere:
				out.Removed = append(out.Removed, was.Flows(old.name(from), old.name(to))...)
			default:
				out.Changed = append(out.Changed, Change{young.name(from), young.name(to), was, is})
			}
		}
	}
	return out
}

// A table gives the flows of a state by the names of workloads.
type table struct {
	*walk
	units map[bulkhead.Ref]int32
}

func newTable(s *state) *table {
	t := &table{walk: newWalk(s, newRows(s)), units: make(map[bulkhead.Ref]int32, len(s.units))}
	for i, u := range s.units {
		t.units[u.ref] = int32(i)
	}
	return t
}

func mergedRefs(a, b *table) []bulkhead.Ref {
	all := maps.Clone(a.units)
	maps.Copy(all, b.units)
	return slices.SortedFunc(maps.Keys(all), bulkhead.Ref.Compare)
}

func (t *table) name(ref bulkhead.Ref) Endpoint { return Pod(t.walk.units[t.units[ref]].name) }

// row returns what a workload can reach.
func (t *table) row(from bulkhead.Ref) map[bulkhead.Ref]Openness {
	u, found := t.units[from]
	if !found {
		return nil
	}
	out := make(map[bulkhead.Ref]Openness)
	for v, ports := range t.open(u, t.everyUnit) {
		out[t.walk.units[v].ref] = t.openness(ports)
	}
	if ports := t.within(u); ports.may != noPorts {
		out[from] = t.openness(ports)
	}
	return out
}

func (t *table) openness(ports portRange) Openness {
	return Openness{t.ports(ports.must), t.ports(t.minus(ports.may, ports.must))}
}
