// SPDX-License-Identifier: Apache-2.0

package dataclone

// IDs of the rules about what has no data of its own, and about personal data.
// docs/dataclone-views.md says for each what is wrong and what to do.
const (
	// ReferencesProd: a definition would name production in staging.
	ReferencesProd = "dataclone/references-prod"
	// UnmappedDataset: a definition names a dataset of which nobody said what takes its
	// place.
	UnmappedDataset = "dataclone/unmapped-dataset"
	// MissingDependency: a definition names what the plan does not make.
	MissingDependency = "dataclone/missing-dependency"
	// DefinitionCycle: definitions that name each other in a circle.
	DefinitionCycle = "dataclone/definition-cycle"
	// ViewDepth: views that read views, more deeply than BigQuery follows.
	ViewDepth = "dataclone/view-depth"
	// LegacySQL: a view of legacy SQL, which is not rewritten.
	LegacySQL = "dataclone/legacy-sql"
	// AliasAmbiguous: a name that may be that of a dataset or of something else.
	AliasAmbiguous = "dataclone/alias-ambiguous"
	// DynamicSQL: a definition runs SQL that it puts together when it runs.
	DynamicSQL = "dataclone/dynamic-sql"
	// ExternalData: a definition reads or writes outside of BigQuery.
	ExternalData = "dataclone/external-data"
	// SQLNotUnderstood: a text in which references cannot be found for certain.
	SQLNotUnderstood = "dataclone/sql-not-understood"
	// ProjectMetadata: a definition reads INFORMATION_SCHEMA of a project or a region.
	ProjectMetadata = "dataclone/project-metadata"
	// MaterializedViewBase: a materialized view over what BigQuery materializes none of.
	MaterializedViewBase = "dataclone/materialized-view-base"
	// RoutineConnection: a routine that calls a service, and is left out.
	RoutineConnection = "dataclone/routine-connection"
	// RoutineLibrary: a routine that loads code from files of production.
	RoutineLibrary = "dataclone/routine-library"
	// ExternalTableSkipped: an external table, which is left out.
	ExternalTableSkipped = "dataclone/external-table"
	// ForeignKeyProd: a foreign key that names what the plan does not make.
	ForeignKeyProd = "dataclone/foreign-key-prod"
	// RLSPredicateProd: a row access policy whose filter reads other tables.
	RLSPredicateProd = "dataclone/rls-predicate-prod"
	// AuthorizedViewLeak: production lets something of a destination read it.
	AuthorizedViewLeak = "dataclone/authorized-view-leak"
	// AuthorizationNotCopied: an authorized view, whose clone is not authorized.
	AuthorizationNotCopied = "dataclone/authorization-not-copied"
	// DestinationPublic: a destination that more people read than should.
	DestinationPublic = "dataclone/destination-public"
	// PIIColumns: columns with personal data, and no word on what is to happen to them.
	PIIColumns = "dataclone/pii-columns"
	// PIIUntagged: personal data that is kept, and that no policy tag protects.
	PIIUntagged = "dataclone/pii-untagged"
	// TimeTravelLeak: what is overwritten in a clone stays readable in its past.
	TimeTravelLeak = "dataclone/time-travel-leak"
	// MaskType: a column that cannot be masked as the request says.
	MaskType = "dataclone/mask-type"
	// MaskTagged: a hash that needs the right to read what it hides.
	MaskTagged = "dataclone/mask-tagged"
	// MaskedPartition: a masking view that nobody could query.
	MaskedPartition = "dataclone/masked-partition"
	// MaskedWildcard: a wildcard over tables of which some are masking views.
	MaskedWildcard = "dataclone/masked-wildcard"
	// PrivateDataset: the dataset for what is masked is none that is private.
	PrivateDataset = "dataclone/private-dataset"
	// PrivateReaders: readers of a destination that can read the private dataset too.
	PrivateReaders = "dataclone/private-readers"
	// TooManyAuthorized: more authorized views than the list of a dataset holds.
	TooManyAuthorized = "dataclone/too-many-authorized"
)
