// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"fmt"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// An Exposure is connections that a pod which is yet to be made can open or get. It
// is on the network of pods, on any node, with any address and any named ports.
type Exposure struct {
	From, To End
	Ports    Ports
	// Verdict is Allowed if the connections are open between ends with the labels
	// that the ends show. It is Unknown if they may be with some labels, some address
	// or some node of the new pod, or if the input does not tell.
	Verdict Verdict
}

// String gives "staging/* (labelled app=web) to prod/db: TCP 5432", with "(unknown)"
// after it where the ports only may be open.
func (e Exposure) String() string {
	text := fmt.Sprintf("%s to %s: %s", e.From, e.To, e.Ports)
	if e.Verdict == Unknown {
		text += " (unknown)"
	}
	return text
}

// An End is one end of an [Exposure]: a workload, or a new pod.
type End struct {
	// Name is that of a workload as [Pod] takes it, "staging/*" for a new pod in the
	// namespace staging, or "*/*" for one in a namespace that is yet to be made.
	Name string
	// Labels are labels with which the new pod is one of these ends, and nil if any
	// will do. Empty and not nil, they are those of a pod without labels.
	Labels map[string]string
	// NamespaceLabels are the same for the new namespace.
	NamespaceLabels map[string]string
}

// String gives the name and, of a new pod for which they matter, the labels.
func (e End) String() string {
	var labels []string
	if e.NamespaceLabels != nil {
		labels = append(labels, "namespace "+labelWords(e.NamespaceLabels))
	}
	if e.Labels != nil {
		labels = append(labels, labelWords(e.Labels))
	}
	if labels == nil {
		return e.Name
	}
	return fmt.Sprintf("%s (%s)", e.Name, strings.Join(labels, ", "))
}

// isNew reports whether the end is new pods.
func (e End) isNew() bool { return strings.HasSuffix(e.Name, "/*") }

// anyLabels reports whether labels do not matter for the end to be one.
func (e End) anyLabels() bool { return e.Labels == nil && e.NamespaceLabels == nil }

// Exposed returns what a new pod in a namespace could reach and be reached by,
// whatever its labels: among the workloads of the cluster, and among other new pods,
// in the namespace or in a new one. It also returns what a pod in a new namespace
// could exchange with the workloads of the namespace. What is not in it no new pod
// can do, except on the network of its node, where most dataplanes leave pods alone.
// For addresses outside the cluster see [Cluster.External].
//
// It works on a cluster of its own, and takes as long as [New] twice.
func (c *Cluster) Exposed(namespace string) []Exposure {
	if namespace == "" {
		return nil
	}
	items, plane := c.snapshot(), c.options.Profile.dataplane()
	x := &exposer{any: newEvaluator(newBuilder(items, plane, namespace).state), at: make(map[bulkhead.Ref]*unit)}
	home := x.any.nsIndex[namespace]
	cast := x.any.cast(home)
	x.some = newEvaluator(newBuilder(slices.Concat(items, cast.items()), plane, "").state)
	for i := range x.some.units {
		x.at[x.some.units[i].ref] = &x.some.units[i]
	}
	return x.all(home, cast)
}

// An exposer works out exposures: what may be open for pods of any labels, and for
// which labels it surely is.
type exposer struct {
	any  *evaluator             // over a cluster with pods of any labels
	some *evaluator             // over one with pods of the labels that are tried
	at   map[bulkhead.Ref]*unit // in some
	out  []Exposure
}

// A corner is what is known of one end: its pods in the cluster with pods of any
// labels and, for each set of labels that is tried, in the other.
type corner struct {
	name  string
	any   []party
	tried []tried
}

type tried struct {
	end  End
	pods []party
}

func (x *exposer) all(home int32, cast cast) []Exposure {
	fresh := int32(len(x.any.namespaces) - 1)
	local := x.newcomer(x.any.namespaces[home].name+"/*", home, cast.home)
	stranger := x.newcomer("*/*", fresh, cast.fresh)
	for u := range x.any.units {
		unit := x.standing(&x.any.units[u])
		x.both(local, unit)
		if x.any.units[u].ns == home {
			x.both(stranger, unit)
		}
	}
	x.between(local, local)
	x.both(local, stranger)
	slices.SortStableFunc(x.out, func(a, b Exposure) int {
		if c := strings.Compare(a.From.Name, b.From.Name); c != 0 {
			return c
		}
		return strings.Compare(a.To.Name, b.To.Name)
	})
	return x.out
}

func (x *exposer) newcomer(name string, ns int32, cast []player) corner {
	out := corner{name: name, any: []party{{peer: peer{class: x.any.expectedIn(ns)}, endpoint: -1, node: -1}}}
	for _, p := range cast {
		end := End{Name: name, Labels: p.labels, NamespaceLabels: p.namespaceLabels}
		out.tried = append(out.tried, tried{end, x.some.partiesOf(x.at[bulkhead.RefTo(p.pod)])})
	}
	return out
}

func (x *exposer) standing(u *unit) corner {
	return corner{name: u.name, any: x.any.partiesOf(u), tried: []tried{{End{Name: u.name}, x.some.partiesOf(x.at[u.ref])}}}
}

// partiesOf returns the pods of a unit that something tells apart.
func (s *state) partiesOf(u *unit) []party {
	out := make([]party, len(u.kinds))
	for i, e := range u.kinds {
		out[i] = s.partyOf(e)
	}
	return out
}

func (x *exposer) both(a, b corner) {
	x.between(a, b)
	x.between(b, a)
}

// between adds what is open from one end to another: with any labels, with labels
// that are tried, and what is left, which may be open.
func (x *exposer) between(from, to corner) {
	open := x.any.open(from.any, to.any)
	x.add(End{Name: from.name}, End{Name: to.name}, x.any.ports(open.must), Allowed)
	left := x.some.intern(x.any.sets[x.any.minus(open.may, open.must)])
	for _, f := range from.tried {
		for _, t := range to.tried {
			if left == noPorts {
				return
			}
			shown := x.some.intersect(left, x.some.open(f.pods, t.pods).must)
			x.add(f.end, t.end, x.some.ports(shown), Allowed)
			left = x.some.minus(left, shown)
		}
	}
	x.add(End{Name: from.name}, End{Name: to.name}, x.some.ports(left), Unknown)
}

// open returns the ports that are open from some of one side's pods to some of
// another's.
func (e *evaluator) open(from, to []party) portRange {
	out := portRange{noPorts, noPorts}
	for _, f := range from {
		for _, t := range to {
			out = e.any(out, e.pair(f, t))
		}
	}
	return out
}

func (x *exposer) add(from, to End, ports Ports, verdict Verdict) {
	if !ports.None() {
		x.out = append(x.out, Exposure{from, to, ports, verdict})
	}
}
