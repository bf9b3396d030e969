// SPDX-License-Identifier: Apache-2.0

package dataclone

import "encoding/json"

// A Kind says what a step does.
type Kind string

// Kinds of steps, in the order in which a plan has them.
const (
	// CreateDataset makes a dataset if it is not there.
	CreateDataset Kind = "create-dataset"
	// CloneTable makes a table that shares the data of its source, at the plan's time.
	CloneTable Kind = "clone"
	// SnapshotOf makes a snapshot of its source, at the plan's time.
	SnapshotOf Kind = "snapshot"
	// RestoreSnapshot makes a table of a snapshot, which has its time already.
	RestoreSnapshot Kind = "restore"
	// UndeleteTable makes a table of one that was deleted after the plan's time.
	UndeleteTable Kind = "undelete"
	// CreateExternal makes an external table over other files.
	CreateExternal Kind = "create-external-table"
	// SetForeignKeys replaces foreign keys that name tables of production.
	SetForeignKeys Kind = "set-foreign-keys"
	// CreateRoutine makes a routine with its references rewritten.
	CreateRoutine Kind = "create-routine"
	// CreateView makes a view with its references rewritten, or one that masks.
	CreateView Kind = "create-view"
	// CreateMaterializedView makes a materialized view with its references rewritten.
	CreateMaterializedView Kind = "create-materialized-view"
	// AuthorizeView lets the readers of a view read what it reads.
	AuthorizeView Kind = "authorize-view"
)

// A Step is one thing that a plan makes. Which fields count depends on its Kind.
// [Clone], [Snapshot] and [Restore] make the steps that a caller composes; the others
// come from [PlanDataset].
type Step struct {
	// ID is unique in the plan and part of the names of jobs. PlanSteps sets it.
	ID   string `json:"id"`
	Kind Kind   `json:"kind"`
	// Stage orders steps: those of a stage wait for all of the stages before, and for
	// none of their own.
	Stage int `json:"stage"`
	// Dataset is what CreateDataset makes, and what AuthorizeView opens to a view.
	Dataset DatasetRef `json:"dataset,omitzero"`
	// Location is that of the dataset that CreateDataset makes.
	Location string `json:"location,omitempty"`
	// Private says that the dataset is made without the readers that BigQuery gives a
	// dataset by default.
	Private bool `json:"private,omitempty"`
	// Source is what is cloned or made again. Zero where there is none.
	Source TableRef `json:"source,omitzero"`
	// SourceETag is the version of the source's metadata that was planned with.
	SourceETag string `json:"sourceETag,omitempty"`
	// Shape is the hash of the source's columns, partitioning, clustering and keys.
	Shape string `json:"shape,omitempty"`
	// Latest says that the source is read when the step runs, and not at the plan's
	// time.
	Latest bool `json:"latest,omitempty"`
	// Destination is what is made or changed.
	Destination TableRef `json:"destination,omitzero"`
	// View is what CreateView and CreateMaterializedView make, rewritten.
	View *View `json:"view,omitempty"`
	// Resource is the REST resource of a routine or of an external table, rewritten.
	Resource json.RawMessage `json:"resource,omitempty"`
	// ForeignKeys are those that the table has in the end.
	ForeignKeys []ForeignKey `json:"foreignKeys,omitempty"`
}

// Clone returns the step that clones a table: a table that shares the source's data,
// which is written by nobody when the clone is.
func Clone(source, destination TableRef) Step {
	return Step{Kind: CloneTable, Source: source, Destination: destination}
}

// Snapshot returns the step that makes a snapshot of a table, which nobody can write.
func Snapshot(source, destination TableRef) Step {
	return Step{Kind: SnapshotOf, Source: source, Destination: destination}
}

// Restore returns the step that makes a table of a snapshot, as of the snapshot's time.
func Restore(snapshot, destination TableRef) Step {
	return Step{Kind: RestoreSnapshot, Source: snapshot, Destination: destination}
}

// Target is the dataset that the step writes.
func (s Step) Target() DatasetRef {
	if s.Dataset != (DatasetRef{}) {
		return s.Dataset
	}
	return s.Destination.In()
}
