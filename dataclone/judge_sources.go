// SPDX-License-Identifier: Apache-2.0

package dataclone

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// missingSource judges a step whose source the catalog does not have.
func (j *judge) missingSource(s *Step) {
	d := j.datasets[s.Source.In()]
	switch {
	case d == nil:
		j.fail(EvidenceMissing, s.Source.In().object(), "", "read it into the catalog", "is not in the catalog, so nothing is known about what the plan reads")
	case s.Kind == UndeleteTable && !d.Absent:
		j.unsupportedDataset(s, d)
		j.warn(PartitioningLost, s.Destination.object(), "timePartitioning", "partition it again if that matters",
			"is made of a deleted table: its partitioning and its tags do not come back, and it is a whole copy")
	default:
		j.fail(SourceMissing, s.Source.object(), "", "name a table that is there", "is not there")
	}
}

// source judges whether BigQuery can do with the source what the step wants
// ("Introduction to table clones", "Introduction to table snapshots", Limitations).
func (j *judge) source(s *Step, t *Table) {
	unsupported := func(field, fix, why string) { j.fail(UnsupportedSource, t.Ref.object(), field, fix, "%s", why) }
	j.unsupportedDataset(s, j.datasets[t.Ref.In()])
	switch {
	case s.Kind == UndeleteTable:
		j.fail(InvalidRequest, t.Ref.object(), "", "clone it", "is there: it was not deleted, or made again since")
	case t.Type != StandardTable && t.Type != SnapshotTable:
		unsupported("type", "leave it out", fmt.Sprintf("is of type %q, which has no data to clone", abridged(string(t.Type))))
	case s.Kind == CloneTable && t.Type == SnapshotTable:
		unsupported("type", "use Restore", "is a snapshot, which has its time already: it is restored")
	case s.Kind == RestoreSnapshot && t.Type == StandardTable:
		unsupported("type", "use Clone", "is no snapshot, so it is cloned")
	case s.Kind == SnapshotOf && t.Type == SnapshotTable && !s.Latest:
		j.fail(SnapshotOfSnapshotAsOf, t.Ref.object(), "type", "set Latest: a snapshot is the same at any time",
			"is a snapshot, which cannot be read at another time")
	}
	switch {
	case t.Managed != "" && t.Managed != "NATIVE":
		unsupported("managedTableType", "exclude it", fmt.Sprintf("is a managed table of type %q, such as one of Iceberg, whose data are not BigQuery's own", abridged(t.Managed)))
	case t.Replicated:
		unsupported("replicas", "clone the primary", "is a replica of a table of another region")
	case t.Type == StandardTable && t.Options == nil:
		j.missing(t, "options", "the options were not read, so whether fine-grained DML keeps them from being cloned is not known")
	case t.Options != nil && t.Options.FineGrainedMutations:
		unsupported("options.enable_fine_grained_mutations", "exclude it", "has fine-grained DML, and such a table cannot be cloned once rows were changed")
	}
	j.age(s, t)
	j.tags(t)
}

// unsupportedDataset judges where the source is. The findings of all its tables are one.
func (j *judge) unsupportedDataset(s *Step, d *Dataset) {
	switch {
	case d == nil:
	case d.Kind != StandardDataset:
		j.fail(UnsupportedSource, d.Ref.object(), "type", "clone the dataset that it stands for", "is a dataset of kind %s, whose tables cannot be cloned", abridged(string(d.Kind)))
	case strings.HasPrefix(d.Ref.Dataset, "_") && s.readsPast():
		j.fail(UnsupportedSource, d.Ref.object(), "datasetReference.datasetId", "clone an ordinary dataset", "is a hidden dataset, whose tables cannot be read at a past time")
	}
}

// age judges whether the source was there at the plan's time.
func (j *judge) age(s *Step, t *Table) {
	switch {
	case s.Latest && t.Type != SnapshotTable:
		j.warn(Inconsistent, t.Ref.object(), "latest", "read at a time at which all tables were there",
			"is read when the plan runs, where the others are read at %s", stamp(j.plan.AsOf))
	case t.Created.IsZero():
		j.missing(t, "creationTime", "the time of creation is not known, so whether they were there at the plan's time is not either")
	case t.Created.After(j.plan.AsOf):
		j.fail(CreatedAfterAsOf, t.Ref.object(), "creationTime", "read at a later time, or let the selection skip new tables",
			"was made at %s, after the plan's time, %s", stamp(t.Created), stamp(j.plan.AsOf))
	}
}

// tags finds resource tags that say a table is production's: a clone carries them.
func (j *judge) tags(t *Table) {
	for _, key := range slices.Sorted(maps.Keys(t.Tags)) {
		short := strings.ToLower(key[strings.LastIndexByte(key, '/')+1:])
		if (short == "environment" || short == "env") && strings.HasPrefix(strings.ToLower(t.Tags[key]), "prod") {
			j.warn(TagEnvironment, t.Ref.object(), fmt.Sprintf("resourceTags[%s]", abridged(key)), "give the clone another tag after the run",
				"its clone carries the tag too, and what is bound to it: %s", abridged(t.Tags[key]))
		}
	}
}
