// SPDX-License-Identifier: Apache-2.0

package dataclone

import "strings"

// places judges that all datasets are in one location, and that each clone stays in
// the organization of its source ("Introduction to table clones", Limitations).
func (j *judge) places() {
	seen := make(map[DatasetRef]bool)
	for _, m := range j.plan.Datasets {
		for _, d := range []DatasetRef{m.From, m.To} {
			if known := j.datasets[d]; known != nil && !known.Absent && !seen[d] {
				seen[d] = true
				j.inPlace(known)
			}
		}
		j.organizationOf(m)
	}
}

// inPlace judges the location of a dataset. "US" and "us" are one place; "us-east1"
// is another.
func (j *judge) inPlace(d *Dataset) {
	switch {
	case d.Location == "":
		j.fail(EvidenceMissing, d.Ref.object(), "location", "read it into the catalog", "nothing says where the dataset is")
	case !strings.EqualFold(d.Location, j.plan.Location):
		j.fail(RegionMismatch, d.Ref.object(), "location", "use datasets of one location, and a plan for each",
			"is in %s, where the plan is in %s, and what is cloned elsewhere is copied whole", location(d), j.plan.Location)
	}
}

func (j *judge) organizationOf(m Mapping) {
	if m.From.Project == m.To.Project {
		return
	}
	from, to := j.organizations[m.From.Project], j.organizations[m.To.Project]
	switch {
	case from != "" && to != "" && from != to:
		j.fail(OrgMismatch, m.To.object(), "datasetReference.projectId", "clone within the organization",
			"is in the organization %s, and %s is in %s", abridged(to), m.From, abridged(from))
	case from == "":
		j.unknownOrganization(m.From)
	case to == "":
		j.unknownOrganization(m.To)
	}
}

func (j *judge) unknownOrganization(d DatasetRef) {
	j.warn(EvidenceMissing, d.object(), "datasetReference.projectId", "read it into the catalog",
		"nothing says which organization the project is in, and BigQuery clones only within one")
}
