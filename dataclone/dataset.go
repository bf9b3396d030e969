// SPDX-License-Identifier: Apache-2.0

package dataclone

import (
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
)

// PlanDataset makes the plan that clones datasets: what the request selects of the
// tables of each mapping's From, into its To, and views and routines after them. The
// plan's Findings say what is wrong, and Skipped what is left out.
//
// The catalog has to have the datasets of both sides, whole.
func PlanDataset(c Catalog, r Request, datasets ...Mapping) *Plan {
	d := &draft{
		knowledge: newKnowledge(c),
		request:   r,
		mappings:  slices.SortedFunc(slices.Values(datasets), Mapping.compare),
	}
	d.tables()
	d.personalData()
	d.definitions()
	return d.plan()
}

// plan makes the plan of a draft whose steps are there.
func (d *draft) plan() *Plan {
	d.foreignKeys()
	d.rowPolicies()
	d.access()
	mappings := slices.SortedFunc(slices.Values(append(d.private, d.mappings...)), Mapping.compare)
	p := planSteps(d.knowledge, d.request, slices.Compact(mappings), d.steps)
	p.Skipped = d.skipped
	p.Findings = append(d.findings, p.Findings...).Sorted()
	return p
}

// A draft is a plan in the making.
type draft struct {
	knowledge
	request  Request
	mappings []Mapping
	// private are the mappings to the dataset of what is masked.
	private  []Mapping
	steps    []Step
	skipped  []Skipped
	findings bulkhead.Findings
}
