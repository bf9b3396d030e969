// SPDX-License-Identifier: Apache-2.0

package dataclone

// IDs of the rules by which plans are judged. They are stable. docs/dataclone.md says
// for each what is wrong and what to do. A plan with a finding of severity Error does
// not run.
const (
	// DestinationProtected: a destination is production's, or could be.
	DestinationProtected = "dataclone/destination-protected"
	// DestinationIsSource: the plan would write into a dataset that it reads.
	DestinationIsSource = "dataclone/destination-is-source"
	// DestinationExists: something of another origin has the name of a destination.
	DestinationExists = "dataclone/destination-exists"
	// DestinationTwice: two steps make one destination.
	DestinationTwice = "dataclone/destination-twice"
	// NotOwned: a destination is there and carries a mark, of another environment, or
	// on a clone of another table.
	NotOwned = "dataclone/not-owned"
	// Stale: a destination is there, of an earlier plan for this environment.
	Stale = "dataclone/stale"
	// RegionMismatch: a dataset is in another location than the rest of the plan.
	RegionMismatch = "dataclone/region-mismatch"
	// OrgMismatch: source and destination are in different organizations.
	OrgMismatch = "dataclone/org-mismatch"
	// FutureAsOf: the plan's time is after BigQuery's clock.
	FutureAsOf = "dataclone/future-as-of"
	// OutsideWindow: the plan's time is before the first that a dataset can be read at.
	OutsideWindow = "dataclone/outside-window"
	// WindowExpiresSoon: the plan's time leaves the window while the plan could run.
	WindowExpiresSoon = "dataclone/window-expires-soon"
	// WindowNotMultipleOf24: a dataset's window is one that BigQuery does not have.
	WindowNotMultipleOf24 = "dataclone/window-not-multiple-of-24"
	// CreatedAfterAsOf: a table is younger than the plan's time.
	CreatedAfterAsOf = "dataclone/created-after-as-of"
	// Inconsistent: a table is read at another time than the others.
	Inconsistent = "dataclone/inconsistent"
	// SourceMissing: a source is not there.
	SourceMissing = "dataclone/source-missing"
	// UnsupportedSource: BigQuery does not clone the source.
	UnsupportedSource = "dataclone/unsupported-source"
	// SnapshotOfSnapshotAsOf: a snapshot has no past from which to take another.
	SnapshotOfSnapshotAsOf = "dataclone/snapshot-of-snapshot-as-of"
	// SnapshotImmutable: a step changes a snapshot.
	SnapshotImmutable = "dataclone/snapshot-immutable"
	// ChainTooDeep: a clone of a clone, more often than BigQuery allows.
	ChainTooDeep = "dataclone/chain-too-deep"
	// TooManyClones: a table has as many clones and snapshots as BigQuery allows, or nearly.
	TooManyClones = "dataclone/too-many-clones"
	// ExpirationPast: the clones would expire before they are made.
	ExpirationPast = "dataclone/expiration-past"
	// ExpirationTooFar: the clones would live longer than the request allows.
	ExpirationTooFar = "dataclone/expiration-too-far"
	// NoExpiration: the clones would live for ever.
	NoExpiration = "dataclone/no-expiration"
	// DatasetDefaultExpiration: the dataset decides when the clones expire.
	DatasetDefaultExpiration = "dataclone/dataset-default-expiration"
	// PartitionExpirationOverride: the dataset drops partitions that the source keeps.
	PartitionExpirationOverride = "dataclone/partition-expiration-override"
	// PartitioningLost: a table that was deleted comes back without partitions.
	PartitioningLost = "dataclone/partitioning-lost"
	// StreamingBufferExcluded: rows of the source are in no clone yet.
	StreamingBufferExcluded = "dataclone/streaming-buffer-excluded"
	// CDCTable: the source takes changes that BigQuery may have to merge when it is read.
	CDCTable = "dataclone/cdc-table"
	// RLSTimeTravel: a table with row access policies is read at a past time.
	RLSTimeTravel = "dataclone/rls-time-travel"
	// TagEnvironment: the clone carries a resource tag that says it is production's.
	TagEnvironment = "dataclone/tag-environment"
	// QuotaBudget: the plan needs more of a quota than there is in a day.
	QuotaBudget = "dataclone/quota-budget"
	// Names: BigQuery would not take a name or a label.
	Names = "dataclone/names"
	// NothingSelected: there is nothing to do.
	NothingSelected = "dataclone/nothing-selected"
	// UnmatchedPattern: a pattern of the selection names no table.
	UnmatchedPattern = "dataclone/unmatched-pattern"
	// InvalidRequest: the request contradicts itself, or the catalog.
	InvalidRequest = "dataclone/invalid-request"
	// CatalogInconsistent: the catalog says two things about one name.
	CatalogInconsistent = "dataclone/catalog-inconsistent"
	// EvidenceMissing: the catalog does not say what a rule has to know.
	EvidenceMissing = "dataclone/evidence-missing"
)
