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
	return planSteps(&draft{knowledge: newKnowledge(c), request: r, steps: steps})
}

// planSteps makes a plan of a draft. A step that would write what must not be written
// is not in it, and a finding says so.
func planSteps(d *draft) *Plan {
	r := d.request
	p := &Plan{
		Format:      format,
		Environment: r.Environment,
		Planned:     plain(d.now),
		AsOf:        r.asOf(d.now),
		Expires:     plain(d.now.Add(r.TTL)),
		Consistent:  true,
		Datasets:    d.allMappings(),
		Protect:     Protection{Patterns: slices.Clone(r.Protect.Patterns), SameProject: r.Protect.SameProject},
		ExtraLabels: maps.Clone(r.Labels),
	}
	j := newJudge(d, p)
	j.request()
	j.protection()
	p.Steps = j.destinations(j.allowed(d.steps))
	p.place(d.knowledge)
	for i := range p.Steps {
		p.fill(d.knowledge, &p.Steps[i])
	}
	slices.SortStableFunc(p.Steps, func(a, b Step) int { return cmp.Compare(a.Stage, b.Stage) })
	for i := range p.Steps {
		p.Steps[i].ID = fmt.Sprintf("%05d", i+1)
	}
	j.judge()
	p.Skipped = d.skipped
	p.Findings = j.all()
	return p
}

// firstStage is that of the first steps which are not for datasets.
const firstStage = 1

// fill adds to a step what the catalog says of its source.
func (p *Plan) fill(k knowledge, s *Step) {
	if s.Kind == CreateDataset {
		s.Stage = 0
		return
	}
	s.Stage = max(s.Stage, firstStage)
	t := k.table(s.Source)
	if t == nil {
		return
	}
	s.SourceETag, s.Shape = t.ETag, t.Shape()
	if !s.copies() {
		return
	}
	p.Bytes += max(t.Bytes, 0)
	if s.Latest && t.Type != SnapshotTable {
		p.Consistent = false
	}
}

// copies reports whether the step makes a table of the rows of another.
func (s Step) copies() bool {
	switch s.Kind {
	case CloneTable, SnapshotOf, RestoreSnapshot, UndeleteTable:
		return true
	default:
		return false
	}
}

// readsPast reports whether the step reads its source at the plan's time.
func (s Step) readsPast() bool {
	return s.copies() && s.Kind != RestoreSnapshot && !s.Latest
}

// allMappings are those of the request and those of steps that copy elsewhere, in order.
func (d *draft) allMappings() []Mapping {
	all := make(map[Mapping]bool, len(d.mappings))
	for _, m := range d.mappings {
		all[m] = true
	}
	for _, s := range d.steps {
		if s.copies() || len(d.mappings) == 0 && s.Source != (TableRef{}) {
			all[Mapping{From: s.Source.In(), To: s.Destination.In()}] = true
		}
	}
	return slices.SortedFunc(maps.Keys(all), Mapping.compare)
}

// place sets where the plan runs, and makes the datasets that are not there, before
// all else.
func (p *Plan) place(k knowledge) {
	locations := make(map[DatasetRef]string) // of what holds clones: where their sources are
	for _, m := range p.Datasets {
		if from := k.datasets[m.From]; from != nil {
			locations[m.To] = cmp.Or(locations[m.To], from.Location)
			p.Location = cmp.Or(p.Location, from.Location)
		}
	}
	targets, made := make(map[DatasetRef]bool), make(map[DatasetRef]bool)
	for i, s := range p.Steps {
		targets[s.Target()] = true
		if s.Kind == CreateDataset {
			made[s.Dataset] = true
			p.Steps[i].Location = cmp.Or(s.Location, locations[s.Dataset], p.Location)
		}
	}
	var first []Step
	for _, target := range slices.SortedFunc(maps.Keys(targets), DatasetRef.Compare) {
		p.Project = cmp.Or(p.Project, target.Project)
		if known := k.datasets[target]; known != nil && known.Absent && !made[target] {
			first = append(first, Step{Kind: CreateDataset, Dataset: target, Location: cmp.Or(locations[target], p.Location)})
		}
	}
	p.Steps = append(first, p.Steps...)
}

func (m Mapping) compare(n Mapping) int { return cmp.Or(m.From.Compare(n.From), m.To.Compare(n.To)) }
