// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"fmt"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// An Isolation says whether the pods of a namespace are isolated in one direction: a
// NetworkPolicy selects them for it, so that only what some rule allows is open to
// them (Kubernetes documentation, "Network Policies", "The two sorts of pod
// isolation"). What policies of the Admin and Baseline tiers deny is not isolation:
// they close what they name, and [Cluster.Exposed] sees that.
type Isolation struct {
	// Verdict is Sealed if every pod is isolated, those that are yet to be made too,
	// whatever their labels. It is Breached if some pod is not, or a new one with the
	// NewPods labels would not be, and Undetermined if the input does not tell.
	Verdict bulkhead.Verdict
	// Open are the workloads with pods that are not isolated.
	Open []Endpoint
	// Unsure are those of which the input does not tell.
	Unsure []Endpoint
	// NewPods is nil where new pods are isolated, or where the input does not tell;
	// else labels, perhaps none, with which one would not be.
	NewPods map[string]string
}

// String gives the verdict and who makes it so:
// "Breached: staging/web is not isolated, a new pod without labels would not be isolated".
func (i Isolation) String() string {
	var parts []string
	for _, e := range i.Open {
		parts = append(parts, e.String()+" is not isolated")
	}
	for _, e := range i.Unsure {
		parts = append(parts, e.String()+" may not be isolated")
	}
	if i.NewPods != nil {
		parts = append(parts, fmt.Sprintf("a new pod %s would not be isolated", labelWords(i.NewPods)))
	}
	if parts == nil {
		return i.Verdict.String()
	}
	return fmt.Sprintf("%s: %s", i.Verdict, strings.Join(parts, ", "))
}

// Isolated returns whether the pods of a namespace are isolated for egress and for
// ingress. A namespace that is not in the input isolates nobody. That the next pod is
// isolated too is what a policy with an empty podSelector gives, such as
// netpol.DefaultDeny. It takes as long as [New].
func (c *Cluster) Isolated(namespace string) (egressOf, ingressOf Isolation) {
	s := c.expecting(namespace)
	return s.isolation(namespace, egress), s.isolation(namespace, ingress)
}

// expecting returns a state of now in which pods are expected in a namespace.
func (c *Cluster) expecting(namespace string) *state {
	return newBuilder(c.snapshot(), c.options.Profile.dataplane(), namespace).state
}

func (c *Cluster) snapshot() []item {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sorted()
}

func (s *state) isolation(namespace string, d direction) Isolation {
	ns, found := s.nsIndex[namespace]
	if !found { // nothing has an empty name
		return Isolation{Verdict: bulkhead.Breached, NewPods: map[string]string{}}
	}
	var out Isolation
	for _, u := range s.units {
		if u.ns != ns {
			continue
		}
		switch s.isolates(u.kinds, d) {
		case never:
			out.Open = append(out.Open, Pod(u.name))
		case maybe:
			out.Unsure = append(out.Unsure, Pod(u.name))
		case surely:
		}
	}
	fresh := s.newPodIsolated(ns, d, &out)
	switch {
	case len(out.Open) > 0 || fresh == never:
		out.Verdict = bulkhead.Breached
	case len(out.Unsure) == 0 && fresh == surely:
		out.Verdict = bulkhead.Sealed
	}
	return out
}

// isolates says whether all of some pods are isolated.
func (s *state) isolates(members []int32, d direction) match {
	out := surely
	for _, e := range members {
		side := s.side(s.endpoints[e].class, d)
		isolated := side.isolated
		if len(side.foreign) > 0 {
			isolated = isolated.or(maybe) // a policy of another kind may do it too
		}
		out = out.and(isolated)
	}
	return out
}

// newPodIsolated says it of a pod that is yet to be made, and notes labels with which
// it is not.
func (s *state) newPodIsolated(ns int32, d direction, out *Isolation) match {
	side := s.side(s.expectedIn(ns), d)
	if side.isolated == surely {
		return surely
	}
	_, subjects := s.isolating(ns, d)
	// Policies of other kinds may isolate more pods, and undo no isolation.
	doubt := s.plane.standalone != surely || slices.ContainsFunc(s.policies[ns], func(p *policy) bool {
		return p.rivalled || p.refused && s.plane.refused != surely
	})
	labels, done := escape(subjects)
	switch {
	case labels != nil && len(side.foreign) == 0:
		out.NewPods = labels
		return never
	case labels == nil && done && !doubt:
		return surely
	default:
		return maybe
	}
}

// expectedIn returns the class of the pods that are yet to be made in a namespace.
func (s *state) expectedIn(ns int32) int32 {
	i := slices.IndexFunc(s.expected, func(c int32) bool { return s.classes[c].ns == ns })
	return s.expected[i]
}
