// SPDX-License-Identifier: Apache-2.0

package dataclone

import "github.com/watertight-go/watertight/bulkhead"

// PlanDataset makes the plan that clones datasets: what the request selects of the
// tables of each mapping's From, into its To, and views and routines after them. The
// plan's Findings say what is wrong, and Skipped what is left out.
//
// The catalog has to have the datasets of both sides, whole: those that
// [Request.Resolve] names.
func PlanDataset(c Catalog, r Request, datasets ...Mapping) *Plan {
	d := &draft{
		knowledge: newKnowledge(c),
		request:   r,
		mappings:  r.Resolve(c.Now, datasets...),
	}
	d.tables()
	d.personalData()
	d.definitions()
	return planSteps(d)
}

// A draft is a plan in the making.
type draft struct {
	knowledge
	request  Request
	mappings []Mapping
	steps    []Step
	skipped  []Skipped
	findings bulkhead.Findings
}
