// SPDX-License-Identifier: Apache-2.0

package dataclone

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"
)

// margin is how far before BigQuery's clock a plan reads, unless it is told a time:
// what is in the future is refused, and clocks of BigQuery's servers differ.
const margin = time.Minute

// PlanSteps makes a plan of steps that a caller composed, and judges it: the plan's
// Findings say what is wrong. All steps read one time. A destination dataset that is
// not there is made first.
//
// Of the request, Select and Definitions do not count. The catalog has to have the
// datasets of all sources and destinations: what it does not have is a finding.
func PlanSteps(c Catalog, r Request, steps ...Step) *Plan {
	mappings := map[Mapping]bool{}
	for _, s := range steps {
		if s.Source != (TableRef{}) && s.Source.In() != s.Destination.In() {
			mappings[Mapping{From: s.Source.In(), To: s.Destination.In()}] = true
		}
	}
	d := &draft{
		knowledge: newKnowledge(c),
		request:   r,
		mappings:  slices.SortedFunc(maps.Keys(mappings), Mapping.compare),
		steps:     slices.Clone(steps),
	}
	d.personalData()
	return d.plan()
}

func planSteps(k knowledge, r Request, mappings []Mapping, steps []Step) *Plan {
	p := &Plan{
		Format:      format,
		Environment: r.Environment,
		Planned:     k.now.UTC().Truncate(time.Millisecond),
		AsOf:        cmp.Or(r.AsOf, k.now.Add(-margin)).UTC().Truncate(time.Millisecond),
		Consistent:  true,
		Datasets:    mappings,
		Protect:     r.Protect,
		ExtraLabels: maps.Clone(r.Labels),
	}
	p.Expires = p.Planned.Add(r.TTL).Truncate(time.Millisecond)
	targets := map[DatasetRef]bool{}
	for _, s := range steps {
		if s.Kind != CreateDataset {
			s.Stage = max(s.Stage, firstStage)
		}
		if t := k.table(s.Source); t != nil && s.Kind != CreateRoutine {
			s.SourceETag, s.Shape = t.ETag, t.Shape()
			if s.copies() {
				p.Bytes += t.Bytes
			}
		}
		targets[s.Target()] = true
		p.Steps = append(p.Steps, s)
	}
	p.place(k, targets)
	slices.SortStableFunc(p.Steps, func(a, b Step) int { return cmp.Compare(a.Stage, b.Stage) })
	for i := range p.Steps {
		p.Steps[i].ID = fmt.Sprintf("%05d", i+1)
	}
	p.judge(k, r)
	return p
}

// firstStage is that of the first steps which are not for datasets.
const firstStage = 1

// place sets where the plan runs, and makes the datasets that are not there.
func (p *Plan) place(k knowledge, targets map[DatasetRef]bool) {
	var first []Step
	for _, d := range slices.SortedFunc(maps.Keys(targets), DatasetRef.Compare) {
		p.Project = cmp.Or(p.Project, d.Project)
		known := k.datasets[d]
		if known == nil || !known.Absent {
			continue
		}
		made := slices.ContainsFunc(p.Steps, func(s Step) bool { return s.Kind == CreateDataset && s.Dataset == d })
		if !made {
			first = append(first, Step{Kind: CreateDataset, Dataset: d, Location: p.locationFor(k, d)})
		}
	}
	p.Steps = append(first, p.Steps...)
	for _, m := range p.Datasets {
		if from := k.datasets[m.From]; from != nil {
			p.Location = cmp.Or(p.Location, from.Location)
		}
	}
}

// locationFor is where a dataset has to be that holds clones: where their sources are.
func (p *Plan) locationFor(k knowledge, d DatasetRef) string {
	for _, m := range p.Datasets {
		if from := k.datasets[m.From]; m.To == d && from != nil {
			return from.Location
		}
	}
	return ""
}

func (m Mapping) compare(n Mapping) int { return cmp.Or(m.From.Compare(n.From), m.To.Compare(n.To)) }
