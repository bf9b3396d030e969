// SPDX-License-Identifier: Apache-2.0

package dataclone

import "slices"

// protection judges which datasets must not be written: those that the plan reads,
// those that are protected, and those of which nobody knows.
func (j *judge) protection() {
	sources := make(map[string]bool, len(j.sources))
	for _, d := range j.sources {
		sources[fold(d)] = true
	}
	projects := firstOfProjects(j.sources)
	for _, d := range j.targets {
		known := j.datasets[d]
		var labels map[string]string
		if known != nil {
			labels = known.Labels
		}
		if sources[fold(d)] {
			j.refuse(d, DestinationIsSource, "datasetReference", "clone into another dataset", "the plan reads the dataset that it would write")
		}
		if why := j.plan.Protect.Protects(d, labels, projects...); why != "" {
			j.refuse(d, DestinationProtected, "datasetReference", "clone into a dataset of staging's", "must not be written: "+why)
		}
		switch {
		case known == nil:
			j.refuse(d, EvidenceMissing, "", "read it into the catalog", "is not in the catalog, so nobody knows whether it is there and whose it is")
		case known.Kind != StandardDataset:
			j.refuse(d, DestinationProtected, "type", "clone into an ordinary dataset", "must not be written: it is of kind "+string(known.Kind))
		}
	}
}

func (j *judge) refuse(d DatasetRef, rule, field, fix, message string) {
	j.refused[d] = true
	j.fail(rule, d.object(), field, fix, "%s", message)
}

// firstOfProjects keeps one dataset of each project: protection asks for no more, and
// a plan may read thousands.
func firstOfProjects(datasets []DatasetRef) []DatasetRef {
	return slices.CompactFunc(slices.Clone(datasets), func(a, b DatasetRef) bool { return a.Project == b.Project })
}

// allowed returns the steps that write nothing which is refused. Their fields are
// copied.
func (j *judge) allowed(steps []Step) []Step {
	out := make([]Step, 0, len(steps))
	for _, s := range steps {
		if !j.refused[s.Target()] && !j.refused[s.Destination.In()] {
			out = append(out, s)
		}
	}
	return out
}
