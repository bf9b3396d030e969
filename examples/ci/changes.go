// SPDX-License-Identifier: Apache-2.0

package main

import (
	"net/netip"
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol/reach"
)

// changes is the output of diff.
type changes struct {
	Added   []flow   `json:"added"`
	Removed []flow   `json:"removed"`
	Changed []change `json:"changed"`

	External  []externalChange  `json:"external"`
	Exposed   []change          `json:"exposed"`
	Isolation []isolationChange `json:"isolation"`
}

// An isolationChange is a namespace whose pods are isolated otherwise than before.
type isolationChange struct {
	Namespace string    `json:"namespace"`
	Direction string    `json:"direction"` // Egress or Ingress
	Before    isolation `json:"before"`
	After     isolation `json:"after"`
}

// An isolation says whether the pods of a namespace are isolated, and which are not.
type isolation struct {
	Verdict bulkhead.Verdict  `json:"verdict"`
	Open    []string          `json:"open,omitempty"`   // workloads
	Unsure  []string          `json:"unsure,omitempty"` // workloads
	NewPods map[string]string `json:"newPods,omitzero"` // labels with which a new pod is not
}

func newIsolation(i reach.Isolation) isolation {
	return isolation{i.Verdict, names(i.Open), names(i.Unsure), i.NewPods}
}

func names(list []reach.Endpoint) []string {
	var out []string
	for _, e := range list {
		out = append(out, e.String())
	}
	return out
}

// An externalChange is a workload that can exchange something else with addresses
// outside than before.
type externalChange struct {
	Workload  string     `json:"workload"`
	Direction string     `json:"direction"` // Egress or Ingress
	Before    []external `json:"before"`
	After     []external `json:"after"`
}

// An external is ports that are open to addresses, or from them.
type external struct {
	Addresses []netip.Prefix `json:"addresses"`
	Ports     string         `json:"ports"`
	Verdict   reach.Verdict  `json:"verdict"`
}

func externals(list []reach.External) []external {
	out := make([]external, len(list))
	for i, e := range list {
		out[i] = external{e.Prefixes, e.Ports.String(), e.Verdict}
	}
	return out
}

// A change is a pair of workloads whose open ports differ.
type change struct {
	From   string `json:"from"`
	To     string `json:"to"`
	Before []flow `json:"before"`
	After  []flow `json:"after"`
}

func newChanges(c reach.Changes, namespaces []reach.NamespaceChange) changes {
	out := changes{
		Added: []flow{}, Removed: []flow{}, Changed: []change{}, External: []externalChange{}, Exposed: []change{}, Isolation: []isolationChange{},
	}
	for _, e := range c.External {
		out.External = append(out.External, externalChange{e.Workload.String(), string(e.Direction), externals(e.Before), externals(e.After)})
	}
	for _, f := range c.Added {
		out.Added = append(out.Added, newFlow(f))
	}
	for _, f := range c.Removed {
		out.Removed = append(out.Removed, newFlow(f))
	}
	for _, one := range c.Changed {
		line := change{From: one.From.String(), To: one.To.String()}
		for _, f := range one.Before.Flows(one.From, one.To) {
			line.Before = append(line.Before, newFlow(f))
		}
		for _, f := range one.After.Flows(one.From, one.To) {
			line.After = append(line.After, newFlow(f))
		}
		out.Changed = append(out.Changed, line)
	}
	for _, n := range namespaces {
		for _, e := range n.Exposed {
			out.Exposed = append(out.Exposed, change{e.From, e.To, newExposures(e.Before), newExposures(e.After)})
		}
		for _, i := range n.Isolation {
			out.Isolation = append(out.Isolation, isolationChange{n.Namespace, string(i.Direction), newIsolation(i.Before), newIsolation(i.After)})
		}
	}
	return out
}

// newExposures makes flows of exposures. Their ends say the labels of new pods.
func newExposures(list []reach.Exposure) []flow {
	out := make([]flow, len(list))
	for i, e := range list {
		out[i] = flow{e.From.String(), e.To.String(), e.Ports.String(), e.Verdict}
	}
	return out
}

// newlyUnknown counts what may be open, and was not before.
func newlyUnknown(c reach.Changes) (found tally) {
	for _, f := range c.Added {
		if f.Verdict == reach.Unknown {
			found.unknown++
		}
	}
	for _, one := range c.Changed {
		if !one.After.Unknown.Minus(one.Before.Allowed.Union(one.Before.Unknown)).None() {
			found.unknown++
		}
	}
	for _, e := range c.External {
		if !slices.ContainsFunc(e.Before, isUnknown) && slices.ContainsFunc(e.After, isUnknown) {
			found.unknown++
		}
	}
	return found
}

func isUnknown(e reach.External) bool { return e.Verdict == reach.Unknown }
