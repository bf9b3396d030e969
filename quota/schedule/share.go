// SPDX-License-Identifier: Apache-2.0

package schedule

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/internal/priority"
)

// Sharing judges [Apart] for every workload of production: can one of its pods run on
// the node of a pod of staging? That they may is no fault where priorities and quotas
// hold; it is where a node is to be the wall.
//
// What counts is the name of the node, the node selector, the required node affinity,
// the RuntimeClass, and taints with tolerations (Kubernetes v1.37,
// pkg/scheduler/framework/plugins/nodeaffinity and tainttoleration). Where selectors
// ask for different values of one label, no node will ever do for both. Otherwise the
// nodes among the objects decide, as they are labelled and tainted now. Whether there
// is room does not count, nor do taints of passing conditions. A taint that another
// controller takes away at the start of a node, if it is there, leaves the answer open.
func (c *Cluster) Sharing() []Judgement {
	guests := c.guests()
	var out []Judgement
	answers := make(map[string]Judgement)
	for _, p := range c.production {
		if p.priority.State == priority.Refused {
			continue
		}
		place := c.placementOf(p)
		key := fmt.Sprintf("%+v", place)
		j, known := answers[key]
		if !known {
			j = c.apart(place, guests)
			answers[key] = j
		}
		j.Object, j.Field = p.ref, p.Path.String()
		out = append(out, j)
	}
	return arranged(append(out, c.without(Apart)...))
}

// A guest is one of the placements of staging, with the first workload that has it.
type guest struct {
	placement

	subject subject
	nodes   []stop
}

// A stop is a node that takes pods, with what is missing to say so for certain.
type stop struct {
	*corev1.Node

	missing string
}

func (c *Cluster) stops(p placement) []stop {
	var out []stop
	for _, node := range c.nodes {
		if allowed, missing := p.allows(node); allowed {
			out = append(out, stop{node, missing})
		}
	}
	return out
}

// meets returns a node that takes pods of both for certain, or what is missing to say
// that of one which perhaps does.
func (g guest) meets(here map[*corev1.Node]stop) (node *corev1.Node, missing []string) {
	for _, s := range g.nodes {
		other, both := here[s.Node]
		switch {
		case both && s.missing+other.missing == "":
			return s.Node, nil
		case both && missing == nil:
			missing = []string{s.missing, other.missing}
		}
	}
	return nil, missing
}

func (c *Cluster) guests() []guest {
	var out []guest
	seen := make(map[string]bool)
	for _, s := range c.staging {
		place := c.placementOf(s)
		key := fmt.Sprintf("%+v", place)
		if s.priority.State == priority.Refused || seen[key] {
			continue
		}
		seen[key] = true
		out = append(out, guest{placement: place, subject: s, nodes: c.stops(place)})
	}
	return out
}

func (c *Cluster) apart(p placement, guests []guest) Judgement {
	j := Judgement{Statement: Apart, Verdict: bulkhead.Sealed, Message: "its node selector, affinity and tolerations put it on no node of staging's pods"}
	if len(guests) == 0 {
		j.Message = "no pods of staging are known"
		return j.undetermined("the workloads of staging")
	}
	here := make(map[*corev1.Node]stop)
	for _, s := range c.stops(p) {
		here[s.Node] = s
	}
	for _, g := range guests {
		if excludes(p, g.placement) {
			continue
		}
		node, missing := g.meets(here)
		missing = append(missing, p.missing, g.missing)
		switch {
		case node != nil && p.missing+g.missing == "":
			j.Verdict, j.Missing = bulkhead.Breached, nil
			j.Message = "node " + node.Name + " takes its pods and those of " + g.subject.ref.String()
			return j
		case node == nil:
			missing = append(missing, c.elsewhere("the other nodes of the cluster")...)
			if len(c.nodes) == 0 {
				missing = append(missing, "the nodes of the cluster")
			}
		}
		if j.Verdict == bulkhead.Sealed && slices.ContainsFunc(missing, func(s string) bool { return s != "" }) {
			j.Message = "it may share a node with pods of " + g.subject.ref.String()
			j = j.undetermined(missing...)
		}
	}
	return j
}

// excludes reports whether no node can do for both, whatever nodes there are: they
// name different ones, or ask for different values of one label.
func excludes(a, b placement) bool {
	if a.node != "" && b.node != "" && a.node != b.node {
		return true
	}
	for _, one := range a.alternatives() {
		for _, other := range b.alternatives() {
			if !clash(one, other) {
				return false
			}
		}
	}
	return true
}

// alternatives returns what the placement asks of labels: the selector, together with
// each term of the affinity.
func (p placement) alternatives() [][]corev1.NodeSelectorRequirement {
	var common []corev1.NodeSelectorRequirement
	for key, value := range p.selector {
		common = append(common, corev1.NodeSelectorRequirement{Key: key, Operator: corev1.NodeSelectorOpIn, Values: []string{value}})
	}
	if p.affinity == nil {
		return [][]corev1.NodeSelectorRequirement{common}
	}
	var out [][]corev1.NodeSelectorRequirement
	for _, term := range p.affinity {
		if len(term.MatchExpressions)+len(term.MatchFields) > 0 {
			out = append(out, slices.Concat(common, term.MatchExpressions))
		}
	}
	return out
}

// clash reports whether no labels meet both: one of them names values of a label, and
// the other refuses each.
func clash(a, b []corev1.NodeSelectorRequirement) bool {
	all := slices.Concat(a, b)
	return slices.ContainsFunc(all, func(r corev1.NodeSelectorRequirement) bool {
		if r.Operator != corev1.NodeSelectorOpIn {
			return false
		}
		return !slices.ContainsFunc(r.Values, func(value string) bool {
			return !slices.ContainsFunc(all, func(other corev1.NodeSelectorRequirement) bool {
				return other.Key == r.Key && !meets(other, value, true)
			})
		})
	})
}
